import type { Alarm } from '@roomkeeper/shared/http'
import { isLoud, priorityRank } from '../../features/alarms/alarm-order.ts'

type WallAlarm = Pick<Alarm, 'id' | 'roomId' | 'state' | 'priority' | 'drill'>

/** One screenful: `null` shows all rooms. */
export type Slide = number | null

export interface Rotation {
  order: readonly Slide[]
  index: number
  /** Grows with each screenful shown; restarts the time line. */
  turn: number
  isPaused: boolean
  /** Loud alarm → rank of its priority, as last heard of. Replaced, so it never holds more than what stands. */
  loud: ReadonlyMap<number, number>
}

export type RotationStep =
  | { type: 'facts'; roomIds: readonly number[]; alarms: readonly WallAlarm[] }
  | { type: 'next' | 'previous' | 'pause' }

export const FIRST_ROTATION: Rotation = { order: [null], index: 0, turn: 0, isPaused: false, loud: new Map() }

/** All rooms, then each; while rooms have a loud alarm, these take every second screenful in turn. */
export function slideOrder(roomIds: readonly number[], urgentRoomIds: readonly number[]): Slide[] {
  const calm: Slide[] = [null, ...roomIds.filter((id) => !urgentRoomIds.includes(id))]
  if (urgentRoomIds.length === 0) return calm
  const rounds = Math.max(calm.length, urgentRoomIds.length)
  return Array.from({ length: rounds }).flatMap((_, n): Slide[] => [
    urgentRoomIds[n % urgentRoomIds.length] ?? null,
    calm[n % calm.length] ?? null,
  ])
}

/** Rooms with an alarm that must be seen now, the most severe first. */
export function urgentRooms(roomIds: readonly number[], alarms: readonly WallAlarm[]): number[] {
  const worst = (roomId: number) =>
    Math.max(-1, ...alarms.filter((alarm) => alarm.roomId === roomId && isLoud(alarm)).map(({ priority }) => priorityRank(priority)))
  return roomIds.filter((id) => worst(id) >= 0).sort((a, b) => worst(b) - worst(a))
}

export function rotate(rotation: Rotation, step: RotationStep): Rotation {
  const { order, index, turn } = rotation
  switch (step.type) {
    case 'facts':
      return withFacts(rotation, step.roomIds, step.alarms)
    case 'pause':
      return { ...rotation, isPaused: !rotation.isPaused, turn: turn + 1 }
    case 'next':
      return { ...rotation, index: (index + 1) % order.length, turn: turn + 1 }
    case 'previous':
      return { ...rotation, index: (index + order.length - 1) % order.length, turn: turn + 1 }
  }
}

function withFacts(rotation: Rotation, roomIds: readonly number[], alarms: readonly WallAlarm[]): Rotation {
  const order = slideOrder(roomIds, urgentRooms(roomIds, alarms))
  const shown = alarms.filter((alarm) => alarm.roomId !== null && roomIds.includes(alarm.roomId) && isLoud(alarm))
  const loud = new Map(shown.map(({ id, priority }) => [id, priorityRank(priority)]))
  // Alarms come most urgent first, so the first that is news decides.
  const news = shown.find(({ id, priority }) => priorityRank(priority) > (rotation.loud.get(id) ?? -1))
  if (news) {
    // A pause somebody forgot must not keep an alarm off the wall.
    return { order, index: Math.max(0, order.indexOf(news.roomId)), turn: rotation.turn + 1, isPaused: false, loud }
  }
  if (sameOrder(order, rotation.order)) return { ...rotation, loud }
  // What is on screen stays there for the rest of its time, wherever it is in the new order.
  const place = order.indexOf(rotation.order[rotation.index] ?? null)
  return place >= 0 ? { ...rotation, order, index: place, loud } : { ...rotation, order, index: 0, turn: rotation.turn + 1, loud }
}

function sameOrder(a: readonly Slide[], b: readonly Slide[]): boolean {
  return a.length === b.length && a.every((slide, n) => slide === b[n])
}
