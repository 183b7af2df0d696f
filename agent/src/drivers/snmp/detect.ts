import type { ProfileSet } from '../../profiles/profile-files.ts'
import { DriverError } from '../driver.ts'
import type { SnmpClient } from './client.ts'
import type { Profile } from './profile.ts'
import { isBelow } from './values.ts'

const SYS_DESCR = '1.3.6.1.2.1.1.1.0'
const SYS_OBJECT_ID = '1.3.6.1.2.1.1.2.0'

/** What the device says it is, for people. */
interface Detected {
  profiles: Profile[]
  maker?: string
  model?: string
}

/**
 * The profiles that fit the device: by its sysObjectID first, then by what it answers. `wanted` is a profile's name or `auto`.
 * Throws a configuration DriverError when none fits.
 */
export async function detectProfiles({ profiles: all, wrong }: ProfileSet<Profile>, wanted: string, client: SnmpClient): Promise<Detected> {
  const mistake = wrong.get(wanted)
  if (mistake !== undefined) throw new DriverError('configuration', `profile: ${mistake}`)
  const candidates = wanted === 'auto' ? all : all.filter(({ name }) => name === wanted)
  const known = all.map(({ name }) => name).join(', ')
  if (candidates.length === 0) throw new DriverError('configuration', `profile: there is no profile "${wanted}"; there are: auto, ${known}`)

  const values = await client.get([SYS_DESCR, SYS_OBJECT_ID])
  const sysObjectId = String(values.get(SYS_OBJECT_ID) ?? '')
  const isUnder = (oids: readonly string[]): boolean => oids.some((oid) => sysObjectId === oid || isBelow(sysObjectId, oid))
  const ask = async (oids: readonly (string | undefined)[]): Promise<void> => {
    const missing = new Set(oids.filter((oid) => oid !== undefined && !values.has(oid)) as string[])
    for (const [oid, value] of missing.size === 0 ? [] : await client.get([...missing])) values.set(oid, value)
  }
  const byObjectId = candidates.filter(({ detect }) => isUnder(detect.sysObjectIds))
  const others = candidates.filter((profile) => !byObjectId.includes(profile) && fitsWithin(profile, isUnder))
  await ask(others.flatMap(({ detect }) => detect.probes))
  // A network card that has just started answers, but has nothing to tell yet.
  if (values.size === 0) throw new DriverError('unreachable', 'SNMP: the device answers, but has not even a sysObjectID')
  const byAnswer: Profile[] = []
  for (const profile of others) {
    const probed = profile.detect.probes.some((oid) => values.has(oid))
    if (probed || (await hasRows(profile.detect.tables, client))) byAnswer.push(profile)
  }
  const fitting = [...byObjectId, ...byAnswer]
  if (wanted === 'auto' && !fitting.some((profile) => knowsMaker(profile, sysObjectId)))
    fitting.push(
      ...(await byOwnObjects(
        candidates.filter((profile) => !fitting.includes(profile)),
        sysObjectId,
        client,
      )),
    )
  const replaced = new Set(fitting.flatMap(({ insteadOf }) => insteadOf))
  const profiles = fitting.filter(({ name }) => !replaced.has(name))
  if (profiles.length === 0) {
    const what = `sysObjectID ${sysObjectId || 'none'}, "${values.get(SYS_DESCR) ?? ''}"`
    throw new DriverError(
      'configuration',
      `profile: ${wanted === 'auto' ? 'no profile fits' : `"${wanted}" does not fit`} this device (${what}); there are: ${known}`,
    )
  }
  await ask(profiles.flatMap((profile) => [profile.identity?.maker, profile.identity?.model]))
  const identity = (which: 'maker' | 'model'): string | undefined => {
    const texts = profiles.map((profile) => values.get(profile.identity?.[which] ?? ''))
    return texts.find((text) => text !== undefined && text !== '')?.toString()
  }
  return {
    profiles,
    maker: identity('maker') ?? profiles.find(({ vendor }) => vendor !== undefined)?.vendor,
    model: identity('model') ?? sysDescr(values.get(SYS_DESCR)),
  }
}

const ENTERPRISES = '1.3.6.1.4.1'
const STANDARD_MIBS = '1.3.6.1.2.1'

/** The maker's own branch of the tree; undefined for a sysObjectID that is not below one. */
function makersBranch(sysObjectId: string): string | undefined {
  return isBelow(sysObjectId, ENTERPRISES) ? sysObjectId.split('.').slice(0, 7).join('.') : undefined
}

/** The objects of a profile below one of the branches: those of single values, and the columns of its tables. */
function objectsBelow({ points, tables }: Profile, branches: readonly string[]): { scalars: string[]; columns: string[] } {
  const below = (oids: readonly string[]): string[] => oids.filter((oid) => branches.some((branch) => isBelow(oid, branch)))
  return { scalars: below(points.map(({ oid }) => oid)), columns: below(tables.map(({ column }) => column)) }
}

function knowsMaker(profile: Profile, sysObjectId: string): boolean {
  const branch = makersBranch(sysObjectId)
  const { scalars, columns } = objectsBelow(profile, branch === undefined ? [] : [branch])
  return scalars.length + columns.length > 0
}

/**
 * Not every card has the object by which its profile is recognised. Where nothing of the maker's was found, each profile that reads objects
 * of this maker, or of a standard MIB, is tried by any of them. Only then, as it takes many requests.
 */
async function byOwnObjects(candidates: readonly Profile[], sysObjectId: string, client: SnmpClient): Promise<Profile[]> {
  const branches = [makersBranch(sysObjectId) ?? [], STANDARD_MIBS].flat()
  const found: Profile[] = []
  for (const profile of candidates) {
    const { scalars, columns } = objectsBelow(profile, branches)
    if ((scalars.length > 0 && (await client.get(scalars)).size > 0) || (await hasRows(columns, client))) found.push(profile)
  }
  return found
}

/** Most tables belong to one maker: no other device is asked for them. */
function fitsWithin({ detect }: Profile, isUnder: (oids: readonly string[]) => boolean): boolean {
  return detect.within.length === 0 || isUnder(detect.within)
}

/** Devices whose profile has no model still say in a line or more what they are. */
function sysDescr(text: unknown): string | undefined {
  return text === undefined ? undefined : String(text).split('\n')[0]?.slice(0, 80) || undefined
}

async function hasRows(tables: readonly string[], client: SnmpClient): Promise<boolean> {
  for (const table of tables) {
    if ((await client.walk(table)).size > 0) return true
  }
  return false
}
