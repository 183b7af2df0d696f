import type { DeviceDetail } from '@roomkeeper/shared/http'

export interface PointNames {
  name: string
  nameEn: string
}

/** What a person has changed in the form and not saved; what is absent follows the server. */
export interface DeviceEdits {
  name?: string
  nameEn?: string
  roomId?: number
  /** null: back to the agent's own. */
  intervalMs?: number | null
  points: Readonly<Record<number, PointNames>>
}

/** Changes that are saved apart from the form, on the revision this person has seen. */
export interface OwnChanges {
  revision: number
  onSaved: (detail: DeviceDetail) => void
}

export const NO_EDITS: DeviceEdits = { points: {} }

export function hasEdits({ points, ...rest }: DeviceEdits): boolean {
  return Object.keys(points).length > 0 || Object.values(rest).some((value) => value !== undefined)
}

/** The form's values: what the server has, with what was changed here. */
export function formValues(detail: DeviceDetail, edits: DeviceEdits) {
  return {
    name: edits.name ?? detail.device.name,
    nameEn: edits.nameEn ?? detail.device.nameEn,
    roomId: edits.roomId ?? detail.device.roomId,
    intervalMs: edits.intervalMs === undefined ? detail.settings.intervalMs : edits.intervalMs,
  }
}

export type ChangedField = 'name' | 'nameEn' | 'room' | 'interval' | 'calibration' | 'pointName'

/** A field that someone else changed between two revisions, in the words of both. */
export interface OthersChange {
  field: ChangedField
  /** Key of the point, for fields of points. */
  pointKey?: string
  before: string
  after: string
}

/** What differs between the revision the form began with and the present one: the second person sees it before saving again. */
export function othersChanges(before: DeviceDetail, after: DeviceDetail): OthersChange[] {
  const changes: OthersChange[] = []
  const note = (field: ChangedField, from: string, to: string, pointKey?: string): void => {
    if (from !== to) changes.push({ field, before: from, after: to, ...(pointKey === undefined ? {} : { pointKey }) })
  }
  note('name', before.device.name, after.device.name)
  note('nameEn', before.device.nameEn || '—', after.device.nameEn || '—')
  note('room', before.room.name, after.room.name)
  note('interval', secondsOf(before.settings.intervalMs), secondsOf(after.settings.intervalMs))
  for (const point of after.device.points) {
    const was = before.device.points.find(({ id }) => id === point.id)
    if (was) note('pointName', namesText(was), namesText(point), point.key)
  }
  const keys = new Set([...before.calibrations, ...after.calibrations].map(({ key }) => key))
  for (const key of keys) note('calibration', offsetOf(before, key), offsetOf(after, key), key)
  return changes
}

function secondsOf(intervalMs: number | null): string {
  return intervalMs === null ? '—' : `${intervalMs / 1000} s`
}

function namesText({ name, nameEn }: PointNames): string {
  return [name, nameEn].filter(Boolean).join(' · ') || '—'
}

function offsetOf({ calibrations }: DeviceDetail, key: string): string {
  const found = calibrations.find((calibration) => calibration.key === key)
  return found ? signed(found.offset) : '—'
}

/** An offset with its sign: +0.5, −0.5. */
export function signed(offset: number): string {
  return offset < 0 ? `−${Math.abs(offset)}` : `+${offset}`
}
