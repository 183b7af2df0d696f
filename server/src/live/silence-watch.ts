import type { AlarmChange, AlarmSignal } from '../alarms/alarm-types.ts'
import type { Directory } from '../ingest/directory.ts'
import type { DeviceEntry, PointEntry } from '../ingest/entries.ts'
import type { Ingest } from '../ingest/ingest.ts'
import { pointSignal } from '../ingest/judging.ts'
import { nodeSignal } from '../ingest/node-alarms.ts'
import type { NodeSession } from '../ingest/node-session.ts'
import { type LiveValues, STALE_INTERVALS, STALE_MIN_MS } from './live-values.ts'

/** An agent may restart, and a connection may change hands, without an alarm. */
export const NODE_GRACE_MS = 30_000
/** Beyond this an agent's clock is wrong enough to mislead people who compare times. */
export const CLOCK_LIMIT_MS = 60_000

export interface SilenceWatchDependencies {
  clock: { nowMs(): number }
  directory: Directory
  live: LiveValues
  ingest: Pick<Ingest, 'sessions' | 'commands'>
  alarms: { submit: (change: AlarmChange) => void }
}

/** A point is silent when nothing came for this long. */
export function staleAfterMs(intervalMs: number): number {
  return Math.max(STALE_MIN_MS, STALE_INTERVALS * intervalMs)
}

/**
 * Finds what does not come: silent points, devices and agents that are gone, clocks that are wrong. A silence is never OK. What is
 * silent because something above it is gone is told once, at the top: agent, else device, else point.
 */
export class SilenceWatch {
  private readonly dependencies: SilenceWatchDependencies
  private readonly offlineNodes = new Set<number>()
  private readonly offlineDevices = new Set<number>()
  private readonly wrongClocks = new Set<number>()
  private readonly startedAtMs: number
  private timer: NodeJS.Timeout | undefined

  constructor(dependencies: SilenceWatchDependencies) {
    this.dependencies = dependencies
    this.startedAtMs = dependencies.clock.nowMs()
  }

  /** `standing`: alarms that stood when the server stopped, so that they can be cleared. */
  start(standing: readonly { source: string; sourceId: number; condition: string }[]): void {
    for (const { source, sourceId, condition } of standing) {
      if (condition === 'node-offline') this.offlineNodes.add(sourceId)
      if (condition === 'clock-wrong') this.wrongClocks.add(sourceId)
      if (condition === 'device-offline') this.offlineDevices.add(sourceId)
      const point = source === 'point' && condition === 'no-data' ? this.dependencies.directory.points.get(sourceId) : undefined
      if (point) point.isSilent = true
    }
    this.timer = setInterval(() => this.tick(), 1000)
  }

  stop(): void {
    clearInterval(this.timer)
  }

  /** One look at everything; called every second. */
  tick(): void {
    for (const session of this.dependencies.ingest.sessions.values()) {
      if (session.entry.id === 0) continue
      this.dependencies.ingest.commands.replayIfStalled(session)
      this.watchNode(session)
      for (const device of session.entry.devices.values()) this.watchDevice(session, device)
    }
  }

  private watchNode(session: NodeSession): void {
    const { clock, alarms } = this.dependencies
    const id = session.entry.id
    const nowMs = clock.nowMs()
    const goneMs = nowMs - session.offlineSinceMs
    if (session.isOnline && this.offlineNodes.delete(id))
      alarms.submit({ kind: 'clear', signal: nodeSignal(session, 'node-offline', 'high', nowMs) })
    if (!session.isOnline && goneMs >= NODE_GRACE_MS && !this.offlineNodes.has(id)) {
      this.offlineNodes.add(id)
      alarms.submit({ kind: 'raise', signal: nodeSignal(session, 'node-offline', 'high', nowMs) })
    }
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

  private watchDevice(session: NodeSession, device: DeviceEntry): void {
    const { clock, alarms } = this.dependencies
    const nowMs = clock.nowMs()
    if (device.online) {
      if (this.offlineDevices.delete(device.id)) alarms.submit({ kind: 'clear', signal: deviceSignal(device, nowMs) })
      for (const point of device.points.values()) this.watchPoint(point, nowMs)
      return
    }
    // The agent itself says after three failed scans that a device is gone; after the agent's own return its devices get the same grace.
    const goneMs = nowMs - Math.max(device.offlineSinceMs, this.startedAtMs)
    if (!session.isOnline || this.offlineDevices.has(device.id) || goneMs < NODE_GRACE_MS / 6) return
    this.offlineDevices.add(device.id)
    alarms.submit({ kind: 'raise', signal: deviceSignal(device, nowMs) })
  }

  private watchPoint(point: PointEntry, nowMs: number): void {
    const { live, alarms } = this.dependencies
    const { receivedAtMs } = point.live
    const sinceMs = receivedAtMs > 0 ? receivedAtMs : Math.max(this.startedAtMs, point.device.bornAtMs)
    const isSilent = nowMs - sinceMs > staleAfterMs(point.intervalMs)
    if (isSilent && point.live.quality !== 'stale') {
      point.live.quality = 'stale'
      live.touch(point.live)
    }
    // Only a reading ends a silence; that the server has just started does not.
    if (isSilent === point.isSilent || (!isSilent && receivedAtMs === 0)) return
    const limit = point.limits.find(({ condition }) => condition === 'no-data')
    if (isSilent && (!limit?.enabled || nowMs - sinceMs < staleAfterMs(point.intervalMs) + limit.onDelayMs)) return
    point.isSilent = isSilent
    const signal = pointSignal(point, limit ?? { condition: 'no-data', priority: 'medium', ...NO_DELAY }, nowMs, null, false)
    alarms.submit({ kind: isSilent ? 'raise' : 'clear', signal })
  }
}

const NO_DELAY = { deadband: 0, onDelayMs: 0, offDelayMs: 0, enabled: true }

function deviceSignal(device: DeviceEntry, atMs: number): AlarmSignal {
  return {
    source: 'device',
    sourceId: device.id,
    condition: 'device-offline',
    priority: 'high',
    atMs,
    value: null,
    limit: null,
    late: false,
    roomId: device.room.id,
    deviceId: device.id,
    pointId: null,
  }
}
