/** A JSON object of a service. Nothing in it is sure: BMCs leave out, nullify and misspell. */
export type Resource = Readonly<Record<string, unknown>>

export function asResource(value: unknown): Resource | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Resource) : undefined
}

/** The objects of a list; empty when it is none. */
export function resourcesIn(value: unknown): Resource[] {
  return Array.isArray(value) ? value.map(asResource).filter((item) => item !== undefined) : []
}

/** Where a resource is, or a property that refers to one points to. Only paths on the same service: credentials go nowhere else. */
export function linkOf(value: unknown): string | undefined {
  const id = asResource(value)?.['@odata.id']
  return typeof id === 'string' && /^\/[^/]/.test(id) ? id : undefined
}

export function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

/** Health (DSP0268, Status): what a part says of itself, and whether there is such a part. */
export interface Status {
  /** True when Warning or Critical; undefined when nothing is said. */
  isBad?: boolean
  /** A bay without a part, or one that is switched off by an administrator: no point. */
  isAbsent: boolean
  /** The part is there, but says that it cannot be used now. */
  isUnavailable: boolean
}

export function statusOf(resource: Resource, healthNames: readonly string[] = ['Health', 'HealthRollup']): Status {
  const status = asResource(resource.Status) ?? {}
  const health = healthNames.map((name) => textIn(status[name])).find((text) => text !== undefined)
  return {
    ...(health !== undefined && { isBad: health !== 'OK' }),
    isAbsent: status.State === 'Absent' || status.State === 'Disabled',
    isUnavailable: status.State === 'UnavailableOffline',
  }
}
