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

  const asked = candidates.flatMap(({ detect, identity }) => [...detect.probes, identity?.maker ?? [], identity?.model ?? []].flat())
  const values = await client.get([...new Set([SYS_DESCR, SYS_OBJECT_ID, ...asked])])
  // A network card that has just started answers, but has nothing to tell yet.
  if (values.size === 0) throw new DriverError('unreachable', 'SNMP: the device answers, but has not even a sysObjectID')
  const sysObjectId = String(values.get(SYS_OBJECT_ID) ?? '')
  const byObjectId = candidates.filter(({ detect }) => detect.sysObjectIds.some((oid) => sysObjectId === oid || isBelow(sysObjectId, oid)))
  const byAnswer: Profile[] = []
  for (const profile of candidates) {
    if (byObjectId.includes(profile)) continue
    const probed = profile.detect.probes.some((oid) => values.has(oid))
    if (probed || (await hasRows(profile.detect.tables, client))) byAnswer.push(profile)
  }
  const fitting = [...byObjectId, ...byAnswer]
  const replaced = new Set(fitting.flatMap(({ insteadOf }) => insteadOf))
  const profiles = fitting.filter(({ name }) => !replaced.has(name))
  if (profiles.length === 0) {
    const what = `sysObjectID ${sysObjectId || 'none'}, "${values.get(SYS_DESCR) ?? ''}"`
    throw new DriverError(
      'configuration',
      `profile: ${wanted === 'auto' ? 'no profile fits' : `"${wanted}" does not fit`} this device (${what}); there are: ${known}`,
    )
  }
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
