import { DriverError, type RawReading } from '../driver.ts'
import type { SnmpClient } from './client.ts'
import type { ProfileStatus } from './profile.ts'
import type { SnmpValue } from './values.ts'

/** The objects a status is put together from, to be read with all others. */
export function statusOids(status: ProfileStatus): string[] {
  return [...status.sources.map(({ oid }) => oid), ...(status.alarms ? [status.alarms.count] : [])]
}

/** The alarms that stand, by their OIDs; the table is read only when the device counts any. */
export async function readAlarms(
  status: ProfileStatus,
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
export function statusReading(status: ProfileStatus, values: ReadonlyMap<string, SnmpValue>, alarms: readonly string[]): RawReading {
  const { key } = status
  const lost = alarms.find((oid) => status.alarms?.lost.includes(oid))
  if (lost !== undefined)
    throw new DriverError('unreachable', `SNMP: the network card has lost contact with the device behind it (alarm ${lost})`)
  const tokens = new Set<string>()
  for (const { oid, tokens: map, lost } of status.sources) {
    if (lost.includes(String(values.get(oid)))) {
      throw new DriverError(
        'unreachable',
        `SNMP: the network card has lost contact with the device behind it (${oid} = ${values.get(oid)})`,
      )
    }
    for (const token of (map[String(values.get(oid))] ?? '').split(' ')) tokens.add(token)
  }
  for (const oid of alarms) {
    tokens.add(status.alarms?.any ?? '')
    tokens.add(status.alarms?.tokens[oid] ?? '')
  }
  tokens.delete('')
  const value = [...tokens].join(' ')
  return value === '' ? { key, value, bad: 'sensor-error' } : { key, value }
}
