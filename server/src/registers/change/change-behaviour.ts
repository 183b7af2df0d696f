import type { ChangeSheet, RegisterDefinition } from '@roomkeeper/shared/registers'
import type { AlarmStore } from '../../alarms/alarm-store.ts'
import { lockChain } from '../../audit/audit.ts'
import type { Db } from '../../database/schema.ts'
import { patiently } from '../../paper/keep-sheet.ts'
import type { BehaviourContext, BehaviourRecord, BehaviourResult, RegisterBehaviour } from '../register.ts'
import { type ChangeCurvesDeps, refreshChanges } from './change-curves.ts'
import { followShelf, type ShelfRecord, wantedShelf } from './shelf.ts'

export interface ChangeDeps extends ChangeCurvesDeps {
  alarms: Pick<AlarmStore, 'reconcileSilence'>
  /** A device went out of service or came back: also where no alarm moves by it, what shows it is read again. */
  shelved(): void
}

/** A register whose records take their device out of service while they are carried out, and compare it before and after. */
export function changeBehaviour(definition: RegisterDefinition, deps: ChangeDeps): RegisterBehaviour {
  const { shelves } = definition
  const isAtWork = (state: string): boolean => shelves?.states.includes(state) === true
  const follow = async (record: BehaviourRecord, { transaction, nowMs }: BehaviourContext, sheet: ChangeSheet): Promise<ChangeSheet> => {
    const holdId = await followShelf(transaction, definition, await shelfRecord(transaction, record, sheet), nowMs)
    return holdId === undefined ? sheet : { ...sheet, holdId }
  }
  const silence = async (): Promise<void> => {
    await deps.alarms.reconcileSilence()
    deps.shelved()
  }

  return {
    check: async ({ fields }, move) => {
      if (!shelves || definition.moves.find(({ name }) => name === move)?.emergency) return []
      const [from, until] = [fields[shelves.fromField], fields[shelves.untilField]]
      if (typeof from !== 'number' || typeof until !== 'number' || until > from) return []
      return [{ key: shelves.untilField, message: { zh: '须晚于开始时间', en: 'Must be after the beginning' } }]
    },
    onSave: async (record, context) => {
      if (!isAtWork(record.state)) return undefined
      const sheet: ChangeSheet = record.sheet
      const followed = await follow(record, context, sheet)
      return { sheet: { ...followed }, ...(followed.holdId === sheet.holdId ? {} : { afterwards: silence }) }
    },
    onMove: async (record, { name, from, to }, context): Promise<BehaviourResult | undefined> => {
      const wasAtWork = isAtWork(from)
      if (!wasAtWork && !isAtWork(to)) return undefined
      const isEmergency = definition.moves.find((move) => move.name === name)?.emergency === true
      let sheet: ChangeSheet = record.sheet
      // Approved is not begun; what is begun again after it was found wrong is one piece of work.
      if (isAtWork(to) && (wasAtWork || isEmergency || sheet.startedAtMs !== undefined)) {
        const { endedAtMs: _endedAtMs, ...unended } = sheet
        sheet = { ...unended, startedAtMs: sheet.startedAtMs ?? context.nowMs }
      }
      const isEnd = wasAtWork && !isAtWork(to) && sheet.startedAtMs !== undefined
      if (isEnd) {
        const { readAtMs: _readAtMs, ...unread } = sheet
        sheet = { ...unread, endedAtMs: context.nowMs }
      }
      sheet = await follow(record, context, sheet)
      return {
        sheet: { ...sheet },
        afterwards: async () => {
          await silence()
          if (isEnd) await patiently(refreshChanges(deps, definition, record.id))
        },
      }
    },
  }
}

/** Takes devices out of service whose time has come. Cheap when there is none; called every second. Returns whether any was. */
export async function beginShelves(db: Db, definitions: readonly RegisterDefinition[], nowMs: number): Promise<boolean> {
  let hasBegun = false
  for (const definition of definitions) {
    if (!definition.shelves) continue
    for (const id of await dueIn(db, definition, nowMs))
      hasBegun = (await db.transaction().execute((transaction) => beginOne(transaction, definition, id, nowMs))) || hasBegun
  }
  return hasBegun
}

async function beginOne(transaction: Db, definition: RegisterDefinition, id: number, nowMs: number): Promise<boolean> {
  await lockChain(transaction)
  const row = await transaction.selectFrom('registerRecord').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) return false
  const holdId = await followShelf(transaction, definition, fromRow(row), nowMs)
  if (holdId === undefined) return false
  const sheetJson = JSON.stringify({ ...(JSON.parse(row.sheetJson) as ChangeSheet), holdId })
  await transaction.updateTable('registerRecord').set({ sheetJson }).where('id', '=', id).execute()
  return true
}

/** Records that should hold their device out of service and do not. */
async function dueIn(db: Db, definition: RegisterDefinition, nowMs: number): Promise<number[]> {
  const rows = await db
    .selectFrom('registerRecord')
    .selectAll()
    .where('register', '=', definition.name)
    .where('phase', '=', 'open')
    .where('state', 'in', [...(definition.shelves?.states ?? [])])
    .orderBy('id')
    .execute()
  const wanting = rows.map(fromRow).filter((record) => wantedShelf(definition, record, nowMs) !== null)
  if (wanting.length === 0) return []
  const holds = wanting.flatMap(({ sheet }) => sheet.holdId ?? [])
  const known = holds.length === 0 ? [] : await db.selectFrom('alarmHold').select('id').where('id', 'in', holds).execute()
  const ids = new Set(known.map(({ id }) => id))
  return wanting.filter(({ sheet }) => sheet.holdId === undefined || !ids.has(sheet.holdId)).map(({ id }) => id)
}

async function shelfRecord(db: Db, record: BehaviourRecord, sheet: ChangeSheet): Promise<ShelfRecord> {
  const row = await db.selectFrom('registerRecord').select('emergency').where('id', '=', record.id).executeTakeFirst()
  return { ...record, emergency: row?.emergency === 1, sheet }
}

type Row = Omit<ShelfRecord, 'emergency' | 'fields' | 'sheet'> & { emergency: number; fieldsJson: string; sheetJson: string }

function fromRow({ emergency, fieldsJson, sheetJson, ...row }: Row): ShelfRecord {
  return {
    ...row,
    emergency: emergency === 1,
    fields: JSON.parse(fieldsJson) as ShelfRecord['fields'],
    sheet: JSON.parse(sheetJson) as ChangeSheet,
  }
}
