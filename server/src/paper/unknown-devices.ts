import type { Logger } from 'pino'
import type { AlarmChange, AlarmSignal } from '../alarms/alarm-types.ts'
import { ownSignal } from '../alarms/own-signal.ts'
import type { Db } from '../database/schema.ts'
import { DRILL_NODE } from '../proof/drill-device.ts'

/** What is known of devices, as it is stored. */
export interface UnknownDeviceState {
  devices: readonly { id: number; roomId: number; bornAtMs: number; commissionedAtMs: number | null; retiredAtMs: number | null }[]
  /** Of their `device-unknown` alarms: the time of the last raise or clear. */
  alarms: readonly { deviceId: number; active: boolean; lastEventAtMs: number }[]
}

export interface UnknownDeviceAction {
  kind: 'raise' | 'clear'
  deviceId: number
  roomId: number
  atMs: number
}

/**
 * A device that appeared after people had begun to confirm devices, and that nobody has confirmed or retired, is unknown. Until the first
 * one is confirmed there is nothing to compare with: a first set-up raises nothing, and neither does what was born before that moment.
 */
export function decideUnknownDevices({ devices, alarms }: UnknownDeviceState, nowMs: number): UnknownDeviceAction[] {
  const confirmed = devices.flatMap(({ commissionedAtMs }) => commissionedAtMs ?? [])
  const setUpAtMs = Math.min(...confirmed)
  const alarmOf = new Map(alarms.map((alarm) => [alarm.deviceId, alarm]))
  return devices.flatMap(({ id, roomId, bornAtMs, commissionedAtMs, retiredAtMs }): UnknownDeviceAction[] => {
    const alarm = alarmOf.get(id)
    const isUnknown = commissionedAtMs === null && retiredAtMs === null && bornAtMs > setUpAtMs
    if (isUnknown && !alarm) return [{ kind: 'raise', deviceId: id, roomId, atMs: bornAtMs }]
    // It was retired and is back: another occurrence, at another time than the first.
    if (isUnknown && alarm && !alarm.active)
      return [{ kind: 'raise', deviceId: id, roomId, atMs: Math.max(nowMs, alarm.lastEventAtMs + 1) }]
    if (!isUnknown && alarm?.active) return [{ kind: 'clear', deviceId: id, roomId, atMs: Math.max(nowMs, alarm.lastEventAtMs + 1) }]
    return []
  })
}

export interface UnknownDevicesDeps {
  db: Db
  clock: { nowMs(): number }
  alarms: { submit(change: AlarmChange): void; flush(): Promise<void> }
  log: Logger
}

/** Raises and clears `device-unknown` by what is stored: at births, when people confirm or retire, and every minute. */
export class UnknownDevices {
  private readonly deps: UnknownDevicesDeps
  private looking: Promise<void> = Promise.resolve()
  private next: Promise<void> | undefined

  constructor(deps: UnknownDevicesDeps) {
    this.deps = deps
  }

  /**
   * One look after the other, so that none decides on what the one before is about to write; a hundred births at the same time are one
   * look. Never rejects.
   */
  look(): Promise<void> {
    this.next ??= this.looking.then(() => {
      this.next = undefined
      this.looking = this.lookNow().catch((error: unknown) =>
        this.deps.log.warn({ module: 'paper', err: error }, 'unknown devices could not be looked for; tried again'),
      )
      return this.looking
    })
    return this.next
  }

  private async lookNow(): Promise<void> {
    const { db, clock, alarms } = this.deps
    await alarms.flush()
    const actions = decideUnknownDevices(await loadState(db), clock.nowMs())
    for (const { kind, deviceId, roomId, atMs } of actions) alarms.submit({ kind, signal: signalOf(deviceId, roomId, atMs) })
    if (actions.length > 0) await alarms.flush()
  }
}

async function loadState(db: Db): Promise<UnknownDeviceState> {
  const devices = await db
    .selectFrom('device')
    .innerJoin('edgeNode', 'edgeNode.id', 'device.nodeId')
    .select(['device.id', 'device.roomId', 'device.bornAtMs', 'device.commissionedAtMs', 'device.retiredAtMs'])
    .where('edgeNode.node', '<>', DRILL_NODE)
    .orderBy('device.id')
    .execute()
  const rows = await db
    .selectFrom('alarm')
    .select(['sourceId as deviceId', 'active', 'lastEventAtMs'])
    .where('source', '=', 'device')
    .where('condition', '=', 'device-unknown')
    .orderBy('id')
    .execute()
  return { devices, alarms: rows.map(({ active, ...row }) => ({ ...row, active: active === 1 })) }
}

function signalOf(deviceId: number, roomId: number, atMs: number): AlarmSignal {
  return ownSignal({ source: 'device', sourceId: deviceId, condition: 'device-unknown', priority: 'medium', atMs, roomId, deviceId })
}
