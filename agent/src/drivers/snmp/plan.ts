import type { ProfileSet } from '../../profiles/profile-files.ts'
import type { DeviceDescription } from '../driver.ts'
import type { SnmpClient } from './client.ts'
import { detectProfiles } from './detect.ts'
import { findPoints, type SnmpPoint } from './points.ts'
import type { Profile } from './profile.ts'
import { type FoundStatus, findStatus, statusOids } from './status.ts'

/** What was found out about the device when it first answered. */
export interface Plan {
  description: DeviceDescription
  points: readonly SnmpPoint[]
  /** For each status point the profiles' ways to know it, best first. */
  statuses: readonly (readonly FoundStatus[])[]
  oids: readonly string[]
}

/** Finds out what the device is, and which points it has. Throws a configuration DriverError when no profile fits. */
export async function makePlan(client: SnmpClient, all: ProfileSet<Profile>, wanted: string): Promise<Plan> {
  const { profiles, maker, model } = await detectProfiles(all, wanted, client)
  // A profile that only completes others comes after them.
  const completing = new Set(profiles.flatMap(({ completedBy }) => completedBy))
  const ordered = [...profiles].sort((a, b) => Number(completing.has(a.name)) - Number(completing.has(b.name)))
  const points = new Map<string, SnmpPoint>()
  const statuses = new Map<string, FoundStatus[]>()
  for (const profile of ordered) {
    const status = profile.status === undefined ? undefined : await findStatus(profile.status, client)
    if (status !== undefined) statuses.set(status.key, [...(statuses.get(status.key) ?? []), status])
    const known = new Set([...points.values()].filter(({ hasReading }) => hasReading).map(({ description }) => subjectOf(description.key)))
    const taken = new Set([...points.values()].map(({ oids }) => oids[0]))
    for (const point of await findPoints(profile, client)) {
      const { key } = point.description
      // What another profile reads already under a key of its own is not a second point.
      if (taken.has(point.oids[0]) && !points.has(key)) continue
      if (completing.has(profile.name) && known.has(subjectOf(key))) continue
      // Two profiles may know the same thing; the one that fits better comes first, unless it has no reading.
      const other = points.get(key)
      if (other === undefined || (!other.hasReading && point.hasReading)) points.set(key, point)
    }
  }
  const found = [...points.values()]
  const choices = [...statuses.values()]
  return {
    description: {
      maker,
      model,
      points: [
        ...found.map(({ description }) => description),
        ...choices.flatMap(([first]) =>
          first === undefined ? [] : [{ key: first.key, name: first.name, kind: 'ups-status' as const, unit: '1' as const }],
        ),
      ],
    },
    points: found,
    statuses: choices,
    oids: [...new Set([...found.flatMap(({ oids }) => oids), ...choices.flat().flatMap(statusOids)])],
  }
}

/** What a key is about, whatever the phase: the load of the UPS is that of its output. */
function subjectOf(key: string): string {
  return key.replaceAll(/\.\d+(?=\.)/g, '').replace(/^ups\.(load|realpower|power)$/, 'output.$1')
}
