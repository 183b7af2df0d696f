import type { ProfileSet } from '../../profiles/profile-files.ts'
import { type DeviceConnection, type DeviceDescription, type Driver, type DriverContext, DriverError, type RawReading } from '../driver.ts'
import { SnmpClient } from './client.ts'
import { detectProfiles } from './detect.ts'
import { type SnmpOptions, snmpOptions } from './options.ts'
import { findPoints, type SnmpPoint } from './points.ts'
import { loadProfiles, type Profile, type ProfileStatus } from './profile.ts'
import { readAlarms, statusOids, statusReading } from './status.ts'

/** What was found out about the device when it first answered. */
interface Plan {
  description: DeviceDescription
  points: readonly SnmpPoint[]
  statuses: readonly ProfileStatus[]
  oids: readonly string[]
}

class SnmpConnection implements DeviceConnection {
  private readonly client: SnmpClient
  private readonly profiles: ProfileSet<Profile>
  private readonly wanted: string
  private plan: Plan | undefined

  constructor(client: SnmpClient, profiles: ProfileSet<Profile>, wanted: string) {
    this.client = client
    this.profiles = profiles
    this.wanted = wanted
  }

  async describe(): Promise<DeviceDescription> {
    this.plan ??= await makePlan(this.client, this.profiles, this.wanted)
    return this.plan.description
  }

  async read(signal: AbortSignal): Promise<readonly RawReading[]> {
    const plan = this.plan ?? (await cancellable(makePlan(this.client, this.profiles, this.wanted), signal))
    this.plan ??= plan
    const values = await this.client.get(plan.oids, signal)
    // A device that answers but has none of its objects any more is starting, or is another one now.
    if (values.size === 0) throw new DriverError('unreachable', 'SNMP: the device answers, but has none of its objects any more')
    const readings = plan.points.map((point) => point.read(values))
    for (const status of plan.statuses) {
      readings.push(statusReading(status, values, await readAlarms(status, values, this.client, signal)))
    }
    return readings
  }

  async close(): Promise<void> {
    this.client.close()
  }
}

async function makePlan(client: SnmpClient, all: ProfileSet<Profile>, wanted: string): Promise<Plan> {
  const { profiles, maker, model } = await detectProfiles(all, wanted, client)
  const points: SnmpPoint[] = []
  const statuses: ProfileStatus[] = []
  const keys = new Set<string>()
  // Two profiles may know the same thing; the one that fits better comes first.
  const isNew = (key: string): boolean => !keys.has(key) && keys.add(key) !== undefined
  for (const profile of profiles) {
    if (profile.status !== undefined && isNew(profile.status.key)) statuses.push(profile.status)
    points.push(...(await findPoints(profile, client)).filter(({ description }) => isNew(description.key)))
  }
  return {
    description: {
      maker,
      model,
      points: [
        ...points.map(({ description }) => description),
        ...statuses.map(({ key, name }) => ({ key, name, kind: 'ups-status' as const, unit: '1' as const })),
      ],
    },
    points,
    statuses,
    oids: [...new Set([...points.flatMap(({ oids }) => oids), ...statuses.flatMap(statusOids)])],
  }
}

/** Stops waiting when the signal aborts; what was begun ends by its own time-outs. */
async function cancellable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(new DriverError('unreachable', 'SNMP: the read was cancelled', { cause: signal.reason }))
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}

/** UPSes, PDUs and environment monitors with a network card. */
export const snmpDriver: Driver<SnmpOptions> = {
  name: 'snmp',
  summary: {
    zh: '通过 SNMP v1/v2c/v3 读取 UPS、PDU、环境监测设备；设备类型由 profiles 目录中的文件描述，自动识别。',
    en: 'Reads UPSes, PDUs and environment monitors over SNMP v1/v2c/v3; files in profiles/ describe the devices and are chosen by themselves.',
  },
  options: snmpOptions,
  open: async (opened: SnmpOptions, context: DriverContext) =>
    new SnmpConnection(new SnmpClient(opened, context.timeoutMs), loadProfiles(context.profilesDir), opened.profile),
}
