import type { Limit } from '@roomkeeper/shared/model'
import type { AlarmChange, AlarmSignal } from '../alarms/alarm-types.ts'
import { ownSignal } from '../alarms/own-signal.ts'
import type { Directory } from '../ingest/directory.ts'
import type { DeviceEntry, PointEntry } from '../ingest/entries.ts'
import type { Ingest } from '../ingest/ingest.ts'
import { pointSignal } from '../ingest/judging.ts'
import { nodeSignal } from '../ingest/node-alarms.ts'
import type { NodeSession } from '../ingest/node-session.ts'
import { DRILL_NODE } from '../proof/drill-device.ts'
import { type LiveValues, STALE_INTERVALS, STALE_MIN_MS } from './live-values.ts'

/** An agent may restart, and a connection may change hands, without an alarm. */
export const NODE_GRACE_MS = 30_000
/** The agent itself says after three failed scans that a device is gone; an agent that comes back needs a moment for the births of its devices. */
export const DEVICE_GRACE_MS = 5000
/** A tick that comes later than this (a busy machine, a clock set forward) counts as this long. */
const MAX_STEP_MS = 5000
/** Beyond this an agent's clock is wrong enough to mislead people who compare times. */
export const CLOCK_LIMIT_MS = 60_000

/** Alarms by the kinds of an agent's faults that raise them. */
const FAULT_ALARMS: readonly (readonly ['log-filling' | 'log-unavailable', ...kinds: string[]])[] = [
  ['log-filling', 'log-filling', 'log-thinned'],
  ['log-unavailable', 'log-unavailable'],
]

export interface SilenceWatchDependencies {
  clock: { nowMs(): number }
  directory: Directory
  live: LiveValues
  ingest: { readonly sessions: ReadonlyMap<string, NodeSession>; readonly commands: Pick<Ingest['commands'], 'replayIfStalled'> }
  alarms: { submit: (change: AlarmChange) => void }
}

/** A point is silent when nothing came for this long. */
export function staleAfterMs(intervalMs: number): number {
  return Math.max(STALE_MIN_MS, STALE_INTERVALS * intervalMs)
}

/** When a device was heard last, and how long its silence may last: as long as that of its fastest point. */
interface Pulse {
  heardMs: number
  /** Infinity: nobody wants to know of its silence. */
  windowMs: number
}

/**
 * Finds what does not come: silent points, devices and agents that are gone, clocks that are wrong. A silence is never OK. What is
 * silent because something above it is silent is told once, at the top (agent, else device, else point): the alarms below are suppressed
 * by design (ISA-18.2) and raised when what is above is back and they still hold. Alarms that stand already are left as they are:
 * a sensor that vanished resolves nothing.
 */
export class SilenceWatch {
  private readonly dependencies: SilenceWatchDependencies
  private readonly offlineNodes = new Set<number>()
  private readonly offlineDevices = new Set<number>()
  private readonly wrongClocks = new Set<number>()
  private readonly toldFaults = new Set<string>()
  /** How long each device has been missed while its agent was there, ms. */
  private readonly missedMs = new Map<number, number>()
  private readonly startedAtMs: number
  private lastTickMs: number
  private timer: NodeJS.Timeout | undefined

  constructor(dependencies: SilenceWatchDependencies) {
    this.dependencies = dependencies
    this.startedAtMs = dependencies.clock.nowMs()
    this.lastTickMs = this.startedAtMs
  }

  /** `standing`: alarms that stood when the server stopped, so that they can be cleared. */
  start(standing: readonly { source: string; sourceId: number; condition: string }[]): void {
    for (const { source, sourceId, condition } of standing) {
      if (condition === 'node-offline') this.offlineNodes.add(sourceId)
      if (condition === 'clock-wrong') this.wrongClocks.add(sourceId)
      if (FAULT_ALARMS.some(([alarm]) => alarm === condition)) this.toldFaults.add(`${condition} ${sourceId}`)
      if (condition === 'device-offline') this.offlineDevices.add(sourceId)
      const point = source === 'point' && condition === 'no-data' ? this.dependencies.directory.points.get(sourceId) : undefined
      if (point) point.isSilent = true
    }
    this.timer = setInterval(() => this.tick(), 1000)
  }

  stop(): void {
    clearInterval(this.timer)
  }

  /** The device was taken out of use: whoever did that has cleared its alarms. */
  forget(device: DeviceEntry): void {
    this.offlineDevices.delete(device.id)
    this.missedMs.delete(device.id)
    for (const point of device.points.values()) point.isSilent = false
  }

  /** One look at everything; called every second. */
  tick(): void {
    const nowMs = this.dependencies.clock.nowMs()
    const stepMs = Math.min(MAX_STEP_MS, Math.max(0, nowMs - this.lastTickMs))
    this.lastTickMs = nowMs
    for (const session of this.dependencies.ingest.sessions.values()) {
      if (session.entry.id === 0 || session.entry.node === DRILL_NODE) continue
      this.dependencies.ingest.commands.replayIfStalled(session)
      const devices = [...session.entry.devices.values()].filter(({ retired }) => !retired)
      const pulses = devices.map((device) => this.pulseOf(device))
      // The agent is judged first: what is below it is told only while it is there.
      // Only of devices that should be speaking; those that are known to be gone say nothing about the agent.
      const spoken = pulses.filter((_, i) => devices[i]?.online && !this.offlineDevices.has(devices[i].id))
      this.watchNode(session, devices.length, spoken, nowMs)
      for (const [i, device] of devices.entries()) this.watchDevice(session, device, pulses[i] as Pulse, nowMs, stepMs)
    }
  }

  private pulseOf(device: DeviceEntry): Pulse {
    let heardMs = Math.max(this.startedAtMs, device.bornAtMs, device.onlineSinceMs)
    let windowMs = Number.POSITIVE_INFINITY
    for (const point of device.points.values()) {
      heardMs = Math.max(heardMs, point.live.receivedAtMs)
      const limit = noDataLimit(point)
      if (limit?.enabled) windowMs = Math.min(windowMs, staleAfterMs(point.intervalMs) + limit.onDelayMs)
    }
    return { heardMs, windowMs }
  }

  private watchNode(session: NodeSession, deviceCount: number, pulses: readonly Pulse[], nowMs: number): void {
    const { alarms } = this.dependencies
    const id = session.entry.id
    const isGone = this.isNodeGone(session, deviceCount, pulses, nowMs)
    const isBack = session.isOnline || (deviceCount === 0 && session.entry.devices.size > 0)
    if (!isGone && isBack && this.offlineNodes.delete(id))
      alarms.submit({ kind: 'clear', signal: nodeSignal(session, 'node-offline', 'high', nowMs) })
    if (isGone && !this.offlineNodes.has(id)) {
      this.offlineNodes.add(id)
      alarms.submit({ kind: 'raise', signal: nodeSignal(session, 'node-offline', 'high', nowMs) })
    }
    this.watchClock(session, nowMs)
  }

  /** Without its connection, or (a broker notices a dead one late, if at all) without a word for longer than its fastest device may be silent. */
  private isNodeGone(session: NodeSession, deviceCount: number, pulses: readonly Pulse[], nowMs: number): boolean {
    // All its devices were taken out of use by a person: it is gone for good.
    if (deviceCount === 0 && session.entry.devices.size > 0) return false
    if (!session.isOnline) return nowMs - session.offlineSinceMs >= NODE_GRACE_MS
    const windowMs = Math.min(...pulses.map((pulse) => pulse.windowMs))
    return nowMs - Math.max(session.lastSeenMs ?? 0, this.startedAtMs) > windowMs + NODE_GRACE_MS
  }

  private watchClock(session: NodeSession, nowMs: number): void {
    const { alarms } = this.dependencies
    const id = session.entry.id
    if (session.isOnline) this.watchFaults(session, nowMs)
    const offsetMs = session.clockOffsetMs
    if (!session.isOnline || offsetMs === null) return
    const isWrong = Math.abs(offsetMs) > CLOCK_LIMIT_MS
    if (isWrong && !this.wrongClocks.has(id)) {
      this.wrongClocks.add(id)
      alarms.submit({ kind: 'raise', signal: nodeSignal(session, 'clock-wrong', 'medium', nowMs, Math.round(offsetMs / 1000)) })
    }
    if (!isWrong && this.wrongClocks.delete(id))
      alarms.submit({ kind: 'clear', signal: nodeSignal(session, 'clock-wrong', 'medium', nowMs) })
  }

  /** What an agent says of its own log. While it is away its last word stands. */
  private watchFaults(session: NodeSession, nowMs: number): void {
    for (const [condition, ...kinds] of FAULT_ALARMS) {
      const key = `${condition} ${session.entry.id}`
      const isThere = session.faults.some(({ kind }) => kinds.includes(kind))
      if (isThere === this.toldFaults.has(key)) continue
      if (isThere) this.toldFaults.add(key)
      else this.toldFaults.delete(key)
      this.dependencies.alarms.submit({ kind: isThere ? 'raise' : 'clear', signal: nodeSignal(session, condition, 'high', nowMs) })
    }
  }

  private watchDevice(session: NodeSession, device: DeviceEntry, pulse: Pulse, nowMs: number, stepMs: number): void {
    const isNodeOffline = this.offlineNodes.has(session.entry.id)
    if (!device.online) {
      // Counted, not measured: an agent that comes and goes must not keep a dead device from being told.
      // While a birth of the agent is being written, this device's own may be among the messages that wait behind it.
      const isMissed = session.isOnline && session.waiting === undefined
      const missedMs = (this.missedMs.get(device.id) ?? 0) + (isMissed ? stepMs : 0)
      this.missedMs.set(device.id, isNodeOffline ? 0 : missedMs)
      if (isMissed && !isNodeOffline && missedMs >= DEVICE_GRACE_MS) this.raiseDevice(device, nowMs)
      return
    }
    this.missedMs.delete(device.id)
    const isSilent = nowMs - pulse.heardMs > pulse.windowMs
    if (!isSilent && this.hasSpoken(device, pulse, nowMs) && this.offlineDevices.delete(device.id))
      this.dependencies.alarms.submit({ kind: 'clear', signal: deviceSignal(device, nowMs) })
    // The agent was heard when the device should have been: else it may be the agent that is silent, which is told by itself.
    const isAgentThere = (session.lastSeenMs ?? 0) - pulse.heardMs > pulse.windowMs
    if (isSilent && isAgentThere && !isNodeOffline) this.raiseDevice(device, nowMs)
    const isSuppressed = isSilent || isNodeOffline || this.offlineDevices.has(device.id)
    for (const point of device.points.values()) this.watchPoint(point, isSuppressed, nowMs)
  }

  /** Only a reading ends a silence; that the device was born again, or that the server has just started, does not. */
  private hasSpoken(device: DeviceEntry, { windowMs }: Pulse, nowMs: number): boolean {
    if (windowMs === Number.POSITIVE_INFINITY) return true
    for (const { live } of device.points.values()) if (live.receivedAtMs > 0 && nowMs - live.receivedAtMs <= windowMs) return true
    return false
  }

  private raiseDevice(device: DeviceEntry, nowMs: number): void {
    if (this.offlineDevices.has(device.id)) return
    this.offlineDevices.add(device.id)
    this.dependencies.alarms.submit({ kind: 'raise', signal: deviceSignal(device, nowMs) })
  }

  private watchPoint(point: PointEntry, isSuppressed: boolean, nowMs: number): void {
    const { live, alarms } = this.dependencies
    const { receivedAtMs, quality } = point.live
    const windowMs = staleAfterMs(point.intervalMs)
    const heardMs = receivedAtMs > 0 ? receivedAtMs : Math.max(this.startedAtMs, point.device.bornAtMs)
    if (nowMs - heardMs > windowMs && quality !== 'stale') {
      point.live.quality = 'stale'
      live.touch(point.live)
    }
    const limit = noDataLimit(point)
    // Nobody wants to know any more; whoever said so has cleared the alarm, and it can be raised again.
    if (!limit?.enabled) {
      point.isSilent = false
      return
    }
    if (point.isSilent) {
      if (receivedAtMs === 0 || nowMs - receivedAtMs > windowMs) return
      point.isSilent = false
      alarms.submit({ kind: 'clear', signal: pointSignal(point, limit, nowMs, null, false) })
      return
    }
    const sinceMs = Math.max(heardMs, point.device.onlineSinceMs)
    if (isSuppressed || nowMs - sinceMs <= windowMs + limit.onDelayMs) return
    point.isSilent = true
    alarms.submit({ kind: 'raise', signal: pointSignal(point, limit, nowMs, null, false) })
  }
}

function noDataLimit(point: PointEntry): Limit | undefined {
  for (const limit of point.limits) if (limit.condition === 'no-data') return limit
  return undefined
}

function deviceSignal({ id, room }: DeviceEntry, atMs: number): AlarmSignal {
  const about = { source: 'device', sourceId: id, condition: 'device-offline', priority: 'high', atMs } as const
  return ownSignal({ ...about, roomId: room.id, deviceId: id })
}
