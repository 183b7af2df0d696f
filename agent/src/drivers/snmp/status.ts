import { DriverError, type RawReading } from '../driver.ts'
import type { SnmpClient } from './client.ts'
import type { ProfileStatus } from './profile.ts'
import type { SnmpValue } from './values.ts'

type Source = Omit<ProfileStatus['sources'][number], 'oid' | 'column'> & { oid: string }
/** A status whose objects the device has. */
export type FoundStatus = Omit<ProfileStatus, 'sources'> & { sources: readonly Source[] }

/** The status of a profile for this device; undefined when the device has none of its objects. */
export async function findStatus(status: ProfileStatus, client: Pick<SnmpClient, 'get' | 'walk'>): Promise<FoundStatus | undefined> {
  const sources: Source[] = []
  for (const { oid, column, ...source } of status.sources) {
    if (oid !== undefined) sources.push({ ...source, oid })
    else if (column !== undefined)
      for (const row of (await client.walk(column)).keys()) sources.push({ ...source, oid: `${column}.${row}` })
  }
  const values = await client.get(sources.map(({ oid }) => oid))
  return values.size === 0 ? undefined : { ...status, sources }
}

/** The objects a status is put together from, to be read with all others. */
export function statusOids(status: FoundStatus): string[] {
  return [...status.sources.map(({ oid }) => oid), ...(status.alarms ? [status.alarms.count] : [])]
}

/** The reading of a status by the first profile that knows where the power comes from, or by the first that knows anything. */
export async function readStatus(
  choices: readonly FoundStatus[],
  values: ReadonlyMap<string, SnmpValue>,
  client: SnmpClient,
  signal?: AbortSignal,
): Promise<RawReading[]> {
  let best: RawReading | undefined
  for (const status of choices) {
    const reading = statusReading(status, values, await readAlarms(status, values, client, signal))
    if (tellsPower(String(reading.value).split(' '))) return [reading]
    if (best?.bad !== undefined || best === undefined) best = reading
  }
  return best === undefined ? [] : [best]
}

function tellsPower(tokens: Iterable<string>): boolean {
  return [...tokens].some((token) => ['OL', 'OB', 'OFF'].includes(token))
}

/** The alarms that stand, by their OIDs; the table is read only when the device counts any. */
async function readAlarms(
  status: FoundStatus,
  values: ReadonlyMap<string, SnmpValue>,
  client: SnmpClient,
  signal?: AbortSignal,
): Promise<string[]> {
  const { alarms } = status
  if (alarms === undefined || !(Number(values.get(alarms.count) ?? 0) > 0)) return []
  return [...(await client.walk(alarms.descriptions, signal)).values()].map((oid) => String(oid).replace(/^\./, ''))
}

/**
 * The tokens of a status. Throws a DriverError of kind unreachable when the device itself says that it has lost what it reports on:
 * its values are then of some time ago.
 */
export function statusReading(status: FoundStatus, values: ReadonlyMap<string, SnmpValue>, alarms: readonly string[]): RawReading {
  const { key } = status
  const lost = alarms.find((oid) => status.alarms?.lost.includes(oid))
  if (lost !== undefined)
    throw new DriverError('unreachable', `SNMP: the network card has lost contact with the device behind it (alarm ${lost})`)
  const tokens = new Set<string>()
  const add = (text: string | undefined): void => {
    for (const token of (text ?? '').split(' ')) tokens.add(token)
  }
  for (const { oid, tokens: map, flags, lost } of status.sources) {
    const value = String(values.get(oid))
    if (lost.includes(value)) {
      throw new DriverError('unreachable', `SNMP: the network card has lost contact with the device behind it (${oid} = ${value})`)
    }
    add(map[value])
    for (const [flag, token] of Object.entries(flags)) if (value[Number(flag) - 1] === '1') add(token)
  }
  for (const oid of alarms) {
    add(status.alarms?.any)
    add(status.alarms?.tokens[oid])
    if (!tellsPower(tokens)) add(status.alarms?.otherwise[oid])
  }
  tokens.delete('')
  const value = [...tokens].join(' ')
  return value === '' ? { key, value, bad: 'sensor-error' } : { key, value }
}
