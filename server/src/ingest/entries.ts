import type { Limit, PointKind, RoomClass } from '@roomkeeper/shared/model'
import type { DataType } from '@roomkeeper/shared/sparkplug'
import type { PointJudge } from '../limits/point-judge.ts'
import type { LiveValue } from '../live/live-values.ts'
import type { DeviceHandle, PointHandle } from '../readings/scan.ts'

/** What the server holds of rooms, devices and points in memory: one long-lived object each, changed in place. */
export interface RoomEntry {
  id: number
  site: string
  name: string
  class: RoomClass
}

export interface DeviceEntry extends DeviceHandle {
  name: string
  nameEn: string
  nameByPerson: boolean
  maker: string
  model: string
  room: RoomEntry
  online: boolean
  /** Server clock when it went offline; 0 while online. */
  offlineSinceMs: number
  /** Server clock when it came (back) after more than a moment; a new grace for its points begins there. */
  onlineSinceMs: number
  bornAtMs: number
  /** Taken out of use by a person; nothing about it alarms until it is born again. */
  retired: boolean
  /** Of a drill: hidden, and never missed. */
  isDrill: boolean
  points: Map<string, PointEntry>
}

export interface PointEntry extends PointHandle {
  device: DeviceEntry
  name: string
  nameEn: string
  nameByPerson: boolean
  kind: PointKind
  /** As its last birth said; data leaves it out. */
  datatype: DataType
  unit: string
  intervalMs: number
  low: number | null
  high: number | null
  /** What the line is built for (120 V, 60 Hz), where the device says so. */
  nominal: number | null
  /** The server may switch it. */
  isWritable: boolean
  live: LiveValue
  limits: readonly Limit[]
  judge: PointJudge
  /** The judge that folds a replay, while one is needed. */
  history: PointJudge | undefined
  /** The no-data alarm stands. */
  isSilent: boolean
}
