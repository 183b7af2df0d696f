import type { ProfileSet } from '../../profiles/profile-files.ts'
import { type DeviceConnection, type DeviceDescription, type DriverContext, DriverError, type RawReading } from '../driver.ts'
import { SnmpClient } from './client.ts'
import type { SnmpOptions } from './options.ts'
import { makePlan, type Plan } from './plan.ts'
import { loadProfiles, type Profile } from './profile.ts'
import { readStatus } from './status.ts'
import { subscribeToTraps, type TrapSubscription } from './traps.ts'

/** One device: what it is is found out once, then every scan asks for all its objects. */
class SnmpConnection implements DeviceConnection {
  private readonly client: SnmpClient
  private readonly profiles: ProfileSet<Profile>
  private readonly wanted: string
  private readonly traps: TrapSubscription | undefined
  private plan: Plan | undefined

  constructor(client: SnmpClient, profiles: ProfileSet<Profile>, wanted: string, traps?: TrapSubscription) {
    this.client = client
    this.traps = traps
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
    for (const choices of plan.statuses) readings.push(...(await readStatus(choices, values, this.client, signal)))
    return readings
  }

  async close(): Promise<void> {
    this.traps?.end()
    this.client.close()
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

/** Opens a device, and listens for its traps where agent.yaml says so. */
export async function openSnmp(options: SnmpOptions, context: DriverContext): Promise<DeviceConnection> {
  const profiles = loadProfiles(context.profilesDir)
  for (const [name, mistake] of profiles.wrong)
    context.log.warn({ profile: name, mistake }, 'an own device profile is wrong and is left out')
  const traps = options.trapPort === undefined ? undefined : await subscribeToTraps(options.host, options.trapPort, context)
  return new SnmpConnection(new SnmpClient(options, context.timeoutMs), profiles, options.profile, traps)
}
