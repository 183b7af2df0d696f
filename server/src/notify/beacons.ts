import { ALARM_PRIORITIES, type AlarmPriority, type ReadingValue } from '@roomkeeper/shared/model'
import type { Logger } from 'pino'
import type { Db } from '../database/schema.ts'
import { type SwitchOutputDeps, SwitchOutputError, switchOutput } from '../devices/switch-output.ts'
import { ChannelError } from './channels/channel.ts'
import type { RelaySettings } from './channels/relay/settings.ts'

/** An alarm that is not over: its condition is there, or nobody has acknowledged it. */
export interface StandingAlarm {
  priority: string
  state: string
  roomId: number | null
}

/** States in which an alarm keeps a beacon on. Shelved, suppressed and out of service are somebody's decision that it shall not. */
const STATES: Record<RelaySettings['until'], ReadonlySet<string>> = {
  acknowledged: new Set(['UNACK', 'RTNUN']),
  cleared: new Set(['UNACK', 'ACKED']),
}
/** A switch is given up after this; the next comparison tries again. */
const SWITCH_MS = 8000

/** Whether the beacon has to be on: for any alarm of its rooms, at or above its priority, that is not acknowledged (or has not cleared). */
export function beaconWanted(
  alarms: readonly StandingAlarm[],
  { minPriority, until, roomIds }: Pick<RelaySettings, 'minPriority' | 'until' | 'roomIds'>,
): boolean {
  const rank = (priority: string): number => ALARM_PRIORITIES.indexOf(priority as AlarmPriority)
  return alarms.some(
    ({ priority, state, roomId }) =>
      STATES[until].has(state) &&
      rank(priority) >= rank(minPriority) &&
      // An alarm without a room (an agent that is offline) concerns every room.
      (roomIds.length === 0 || roomId === null || roomIds.includes(roomId)),
  )
}

export interface BeaconsDeps {
  /** Settings of every relay channel in use. */
  beacons(): Promise<readonly RelaySettings[]>
  standingAlarms(): Promise<readonly StandingAlarm[]>
  /** What the output says now; undefined when there is no such point. */
  output(deviceId: number, key: string): { value: ReadingValue; isOnline: boolean } | undefined
  /** Resolves when it has been read back. */
  switchOutput(deviceId: number, key: string, value: boolean, signal: AbortSignal): Promise<string>
  log: Logger
}

export interface BeaconState {
  deviceId: number
  key: string
  wanted: boolean
  /** As the output says now; null when it is not known. */
  isOn: boolean | null
  /** Why it is not as wanted; null when it is. For people. */
  fault: string | null
}

/**
 * Keeps beacons as the standing alarms want them, by comparison: nothing is remembered, so a restart, an agent that was away or a lost
 * command only delay. Call `reconcile` each minute, after each alarm transition, and when an agent is back.
 */
export class Beacons {
  private readonly deps: BeaconsDeps
  private readonly stopping = new AbortController()
  private running: Promise<void> | undefined
  private isAskedAgain = false
  private states: readonly BeaconState[] = []

  constructor(deps: BeaconsDeps) {
    this.deps = deps
  }

  /** As of the last comparison. */
  current(): readonly BeaconState[] {
    return this.states
  }

  /** Never rejects. A call during a comparison makes one more, so that what happened meanwhile is seen. */
  reconcile(): Promise<void> {
    if (this.stopping.signal.aborted) return Promise.resolve()
    this.isAskedAgain = true
    this.running ??= this.run().finally(() => {
      this.running = undefined
    })
    return this.running
  }

  /** Beacons stay as they are: alarms still stand while the server is restarted. */
  async stop(): Promise<void> {
    this.stopping.abort()
    await this.running
  }

  private async run(): Promise<void> {
    while (this.isAskedAgain && !this.stopping.signal.aborted) {
      this.isAskedAgain = false
      try {
        const [beacons, alarms] = await Promise.all([this.deps.beacons(), this.deps.standingAlarms()])
        const before = new Map(this.states.map((state) => [nameOf(state), state]))
        this.states = await Promise.all(wantedOutputs(beacons, alarms).map((output) => this.adjust(output)))
        for (const state of this.states) this.logChange(before.get(nameOf(state)), state)
      } catch (error) {
        this.deps.log.error({ module: 'beacons', err: error }, 'beacons could not be compared with the alarms; tried again in a minute')
      }
    }
  }

  private async adjust(output: WantedOutput): Promise<BeaconState> {
    const { deviceId, key, wanted } = output
    const now = this.deps.output(deviceId, key)
    const isOn = now?.isOnline && typeof now.value === 'boolean' ? now.value : null
    if (now === undefined) return { ...output, isOn, fault: '没有这个输出 · there is no such output' }
    if (!now.isOnline) return { ...output, isOn, fault: '设备不在线 · the device is offline' }
    if (isOn === wanted) return { ...output, isOn, fault: null }
    try {
      await this.deps.switchOutput(deviceId, key, wanted, AbortSignal.any([this.stopping.signal, AbortSignal.timeout(SWITCH_MS)]))
      return { ...output, isOn: wanted, fault: null }
    } catch (error) {
      return { ...output, isOn, fault: error instanceof Error ? error.message : String(error) }
    }
  }

  /** Once when it goes wrong and once when it is well again, not each minute. */
  private logChange(before: BeaconState | undefined, { deviceId, key, wanted, fault }: BeaconState): void {
    if (fault !== null && fault !== before?.fault)
      this.deps.log.warn({ module: 'beacons', device: deviceId, point: key, wanted, fault }, 'a beacon is not as it should be')
    else if (fault === null && before && before.fault !== null)
      this.deps.log.info({ module: 'beacons', device: deviceId, point: key, wanted }, 'the beacon is as it should be again')
  }
}

interface WantedOutput {
  deviceId: number
  key: string
  wanted: boolean
}
const nameOf = ({ deviceId, key }: { deviceId: number; key: string }): string => `${deviceId}/${key}`

/** One entry for each output: two channels on the same beacon turn it on together, and it goes off when neither wants it. */
function wantedOutputs(beacons: readonly RelaySettings[], alarms: readonly StandingAlarm[]): WantedOutput[] {
  const outputs = new Map<string, WantedOutput>()
  for (const beacon of beacons) {
    const { deviceId, key } = beacon
    const wanted = beaconWanted(alarms, beacon) || outputs.get(nameOf(beacon))?.wanted === true
    outputs.set(nameOf(beacon), { deviceId, key, wanted })
  }
  return [...outputs.values()]
}

export async function standingAlarmsOf(db: Db): Promise<StandingAlarm[]> {
  return db.selectFrom('alarm').select(['priority', 'state', 'roomId']).where('state', 'in', ['UNACK', 'ACKED', 'RTNUN']).execute()
}

/** The live side of `BeaconsDeps` and of `ChannelContext`, from what the server has. */
export function beaconOutputs(deps: SwitchOutputDeps): Pick<BeaconsDeps, 'output' | 'switchOutput'> {
  return {
    output(deviceId, key) {
      const device = deps.directory.devices.get(deviceId)
      const point = device?.points.get(key)
      if (device === undefined || point === undefined) return undefined
      const hasAgent = deps.ingest.sessions.get(`${device.site}/${device.node}`)?.isOnline === true
      return { value: point.live.quality === 'good' ? point.live.value : null, isOnline: hasAgent && device.online }
    },
    async switchOutput(deviceId, key, value, signal) {
      const where = `${deps.directory.devices.get(deviceId)?.name ?? deviceId}/${key}`
      const word = value ? '接通 · on' : '关断 · off'
      try {
        const order = { deviceId, key, value, actor: 'system', reason: '告警输出 / alarm output' }
        const { confirmed } = await switchOutput(deps, order, signal)
        if (confirmed) return `${where}：设备已确认${word}`
      } catch (error) {
        if (!(error instanceof SwitchOutputError)) throw error
        throw new ChannelError(kindOf(error.fault), `${where}：${error.message}`, { cause: error })
      }
      throw new ChannelError('unreachable', `${where}：命令已发出，设备没有确认${word} · the device has not confirmed`)
    },
  }
}

function kindOf(fault: SwitchOutputError['fault']): 'configuration' | 'unreachable' {
  return fault === 'unknown' || fault === 'no-output' || fault === 'wrong-type' ? 'configuration' : 'unreachable'
}
