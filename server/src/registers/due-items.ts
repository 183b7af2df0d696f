import type { DueItem, RegisterRecord } from '@roomkeeper/shared/http'
import { mayRead, namingFields, stateOf, waitsForPerson } from '@roomkeeper/shared/registers'
import type { Actor } from '../api/base.ts'
import type { Engine } from './engine.ts'
import { openRecords } from './list-records.ts'
import { isOverdue, roomNames, toRecord } from './rows.ts'

/** Records with a deadline that the person may read, and what schedules make due; the earliest first. */
export async function dueItems(engine: Engine, actor: Actor): Promise<DueItem[]> {
  const nowMs = engine.clock.nowMs()
  const rooms = await roomNames(engine.db)
  const items: DueItem[] = (await engine.dueSchedules?.(actor, nowMs)) ?? []
  for (const definition of engine.definitions) {
    if (!mayRead(definition, actor.roles) && namingFields(definition).length === 0) continue
    for (const record of await openRecords(engine, actor, definition)) {
      const { row } = record
      if (row.dueAtMs === null) continue
      const state = stateOf(definition, row.state)?.label
      items.push({
        register: definition.name,
        title: definition.title,
        roomId: row.roomId,
        roomName: row.roomId === null ? null : (rooms.get(row.roomId) ?? null),
        scheduleId: row.scheduleId,
        recordId: row.id,
        number: `${row.number} ${row.title}`.trim(),
        text: state === undefined ? row.state : `${state.zh} / ${state.en}`,
        dueAtMs: row.dueAtMs,
        overdue: isOverdue(row, nowMs),
        mine: waitsForPerson(definition, record, actor),
      })
    }
  }
  return items.sort((a, b) => a.dueAtMs - b.dueAtMs)
}

/** Records of a room that are not over and that the person may read, of every register. */
export async function openInRoom(engine: Engine, actor: Actor, roomId: number): Promise<RegisterRecord[]> {
  const nowMs = engine.clock.nowMs()
  const rooms = await roomNames(engine.db)
  const records: RegisterRecord[] = []
  for (const definition of engine.definitions)
    for (const record of await openRecords(engine, actor, definition, roomId))
      if (record.row.phase !== 'kept') records.push(toRecord(definition, record, actor, { nowMs, rooms }))
  return records.sort((a, b) => b.id - a.id)
}
