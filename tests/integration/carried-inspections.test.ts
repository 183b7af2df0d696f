import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { expect, it } from 'vitest'
import { openDatabase } from '../../server/src/database/database.ts'
import { up as first } from '../../server/src/database/migrations/001-first.ts'
import { up as pairing } from '../../server/src/database/migrations/002-pairing.ts'
import { up as deviceSettings } from '../../server/src/database/migrations/003-device-settings.ts'
import { up as outputs } from '../../server/src/database/migrations/004-outputs.ts'
import { up as nominal } from '../../server/src/database/migrations/005-nominal.ts'
import { up as notify } from '../../server/src/database/migrations/006-notify.ts'
import { up as life } from '../../server/src/database/migrations/007-life.ts'
import { up as limitSets } from '../../server/src/database/migrations/008-limit-sets.ts'
import { up as incidents } from '../../server/src/database/migrations/009-incidents.ts'
import { up as proof } from '../../server/src/database/migrations/010-proof.ts'
import type { Database } from '../../server/src/database/schema.ts'
import { createSqliteDialect } from '../../server/src/database/sqlite-dialect.ts'
import { describeEachDatabase } from '../kit/each-database.ts'
import { inspect } from '../kit/inspecting.ts'
import { START_MS, startRecordsApp } from '../kit/records-app.ts'

const BEFORE = [first, pairing, deviceSettings, outputs, nominal, notify, life, limitSets, incidents, proof]
const DAY_MS = 86_400_000
const SIGNED_MS = START_MS - 10 * DAY_MS

/** A database as the last release left it, with a room, its schedule and what was written down. */
async function writeSchema010(location: string): Promise<void> {
  const isPostgres = location.startsWith('postgres')
  const pool = isPostgres ? new pg.Pool({ connectionString: location }) : undefined
  const db = new Kysely<Database>({ dialect: pool ? new PostgresDialect({ pool }) : createSqliteDialect(location) })
  await sql`create table "schemaVersion" ("version" integer not null)`.execute(db)
  await sql`insert into "schemaVersion" values (${BEFORE.length})`.execute(db)
  for (const up of BEFORE) await up(db, isPostgres ? 'postgres' : 'sqlite')
  const createdMs = START_MS - 30 * DAY_MS
  await sql`insert into "room" ("site", "name", "class", "createdAtMs") values ('本部', '主机房', 'computer-room', ${createdMs})`.execute(
    db,
  )
  await sql`insert into "inspectionSchedule" ("roomId", "everyDays", "startsAtMs", "lastDoneAtMs") values (1, 5, ${createdMs}, ${SIGNED_MS})`.execute(
    db,
  )
  const measured = JSON.stringify({ temperature: { latest: 23, min: 20, max: 28 } })
  const write = (state: string, fields: object, atMs: number | null) => sql`
    insert into "inspection" ("scheduleId", "roomId", "state", "fieldsJson", "measuredJson", "revision", "startedBy", "startedAtMs", "submittedBy", "submittedAtMs")
    values (1, 1, ${state}, ${JSON.stringify(fields)}, ${measured}, 2, '王管理员', ${(atMs ?? START_MS) - 60_000}, ${atMs === null ? null : '李管理员'}, ${atMs})`
  const answers = { temperature: { result: 'normal', measured: 23.5 }, water: { result: 'abnormal', note: '空调下有水' } }
  await write('submitted', { answers, note: '已通知维修' }, SIGNED_MS).execute(db)
  await write('submitted', { answers: {} }, SIGNED_MS - 7 * DAY_MS).execute(db)
  await write('draft', { answers: { fire: { result: 'normal' } } }, null).execute(db)
  await db.destroy()
}

describeEachDatabase('the inspections of the former ledger', (newDatabase) => {
  it('become records with number, steps and measured values, and the next number follows theirs', async () => {
    const location = await newDatabase('bare')
    await writeSchema010(location)
    const app = await startRecordsApp(location)
    const keeper = await app.addPerson('keeper', ['room-keeper'])
    const client = app.as(keeper).registers
    const listed = await client.list({ register: 'inspection' })
    expect(listed.map(({ number, state, whenMs }) => ({ number, state, whenMs }))).toEqual([
      { number: 'INS-2026-0002', state: 'signed', whenMs: SIGNED_MS },
      { number: 'INS-2026-0001', state: 'signed', whenMs: SIGNED_MS - 7 * DAY_MS },
    ])
    const whole = await client.get({ register: 'inspection', recordId: listed[0]?.id ?? 0 })
    expect(whole.fields).toEqual({
      room: { id: 1, name: '主机房' },
      checklist: { temperature: { result: 'normal', measured: 23.5 }, water: { result: 'abnormal', note: '空调下有水' } },
      summary: '已通知维修',
    })
    expect(whole.sheet).toMatchObject({
      sinceMs: SIGNED_MS - 7 * DAY_MS,
      measured: [{ kind: 'temperature', latest: 23, min: 20, max: 28, mean: null }],
    })
    expect(whole.steps).toMatchObject([
      { kind: 'create', by: '王管理员', atMs: SIGNED_MS - 60_000, signatures: [] },
      {
        kind: 'move',
        move: 'submit',
        to: 'signed',
        by: '李管理员',
        atMs: SIGNED_MS,
        signatures: [],
        comment: expect.stringContaining('#1'),
      },
    ])
    expect(whole.moves).toEqual([])

    const [schedule] = (await app.as(keeper).schedules.list()).filter(({ register }) => register === 'inspection')
    expect(schedule).toMatchObject({ id: 1, lastDoneAtMs: SIGNED_MS, draftId: null, cadence: { everyDays: 5 } })
    const next = await inspect(app, keeper, { scheduleId: 1 })
    expect(next).toMatchObject({ number: 'INS-2026-0003', sheet: { sinceMs: SIGNED_MS } })
    const { rows } = await sql`select "id" from "inspection" where "state" = 'submitted'`.execute(app.db)
    expect(rows).toHaveLength(2)
    await app.stop()
  })

  it('need none to be there', async () => {
    const db = await openDatabase(await newDatabase('bare'))
    expect(await db.selectFrom('registerRecord').selectAll().execute()).toEqual([])
    await db.destroy()
  })
})
