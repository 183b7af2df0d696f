import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Actor } from '../../server/src/api/base.ts'
import { describeEachDatabase } from '../kit/each-database.ts'
import { type RecordsApp, START_MS, startRecordsApp } from '../kit/records-app.ts'
import { DRAWING } from '../kit/registers-app.ts'

const HOUR_MS = 3_600_000

describeEachDatabase('history marks', (newDatabase) => {
  let app: RecordsApp
  let keeper: Actor
  let head: Actor
  let roomId: number
  let pointId: number
  let otherPointId: number

  const marks = (fromMs: number, toMs: number, pointIds = String(pointId)) => app.as(keeper).history.marks({ pointIds, fromMs, toMs })
  const kindsIn = async (fromMs: number, toMs: number) => (await marks(fromMs, toMs)).marks.map(({ kind }) => kind)
  const move = async (actor: Actor, record: { id: number; register: string; revision: number }, name: string, comment = '') =>
    app.registers.move(actor, {
      ...{ register: record.register, recordId: record.id, move: name, revision: record.revision, comment },
      signature: { drawing: DRAWING },
    })
  const ref = { id: 0, name: '' }

  // One story, told once: at 1 h it gets warm (an incident), at 2 h a drill, from 3 h to 5 h a visit, from 4 h on an emergency change.
  beforeAll(async () => {
    app = await startRecordsApp(await newDatabase())
    roomId = await app.addRoom('主机房')
    pointId = await app.addPoint(await app.addDevice(roomId, 'probe1'), 'temperature', 'temperature', 'Cel')
    otherPointId = await app.addPoint(await app.addDevice(await app.addRoom('配电间'), 'probe2'), 'temperature', 'temperature', 'Cel')
    keeper = await app.addPerson('keeper', ['room-keeper'])
    head = await app.addPerson('head', ['department-head'])
    const warm = { pointId, condition: 'high', priority: 'high', value: 28.4, limit: 27 } as const
    app.clock.set(START_MS + HOUR_MS)
    await app.raise(warm)
    app.clock.set(START_MS + 1.5 * HOUR_MS)
    const { value, limit, ...cleared } = warm
    app.alarms.submit({
      kind: 'clear',
      signal: {
        ...{ ...cleared, source: 'point', sourceId: pointId, roomId, deviceId: null, value, limit },
        ...{ atMs: app.clock.nowMs(), late: false },
      },
    })
    await app.alarms.flush()
    app.clock.set(START_MS + 2 * HOUR_MS)
    await app.raise({ ...warm, condition: 'low', drill: true })
    await app.raise({ ...warm, sourceId: otherPointId, pointId: otherPointId, roomId, deviceId: null, condition: 'low-low', drill: true })

    app.clock.set(START_MS + 3 * HOUR_MS)
    const room = { ...ref, id: roomId }
    const applied = await app.registers.create(keeper, {
      register: 'visit',
      fields: {
        ...{ room, visitors: [{ name: '张工', organisation: '某公司' }], purpose: 'repair', purposeText: '更换风扇' },
        ...{ plannedFrom: app.clock.nowMs(), plannedUntil: app.clock.nowMs() + 4 * HOUR_MS },
      },
    })
    const approved = await move(head, await move(keeper, applied, 'apply'), 'approve')
    const inside = await move(keeper, approved, 'check-in')
    app.clock.set(START_MS + 4 * HOUR_MS)
    const draft = await app.registers.create(keeper, {
      register: 'change',
      fields: { room, parameter: '秘密参数', before: '1', after: '2', reason: '数据库无法连接' },
    })
    await move(keeper, draft, 'emergency', '数据库无法连接')
    // Written down, but nothing has been done yet.
    await app.registers.create(keeper, { register: 'change', fields: { room, parameter: 'x', before: '1', after: '2', reason: 'y' } })
    app.clock.set(START_MS + 5 * HOUR_MS)
    await move(keeper, inside, 'check-out')
  })
  afterAll(() => app?.stop())

  it('are alarms, incidents, visits and changes of the room, the newest first, without drills', async () => {
    const answer = await marks(START_MS, START_MS + 6 * HOUR_MS)
    expect(answer.more).toBe(false)
    expect(
      answer.marks.map(({ kind, fromMs, toMs }) => [kind, (fromMs - START_MS) / HOUR_MS, toMs && (toMs - START_MS) / HOUR_MS]),
    ).toEqual([
      ['change', 4, null],
      ['visit', 3, 5],
      ['alarm', 1, 1.5],
      ['incident', 1, 1.5],
    ])
    expect(answer.marks.map(({ title }) => title)).toEqual([
      { zh: '参数变更 CHG-2026-0001', en: 'Change CHG-2026-0001' },
      { zh: '机房来访 VIS-2026-0001', en: 'Visit VIS-2026-0001' },
      { zh: '主机房 · probe1 · 温度 · 过高', en: '主机房 · probe1 · Temperature · high' },
      { zh: '事件 #1', en: 'Incident #1' },
    ])
    expect(answer.marks[1]).toMatchObject({ register: 'visit', recordId: 1, priority: null, roomId })
    expect(answer.marks[2]).toMatchObject({ priority: 'high', roomId })
  })

  it('say of a record nothing but its number and register', async () => {
    const text = JSON.stringify(await marks(START_MS, START_MS + 6 * HOUR_MS))
    for (const secret of ['秘密参数', '张工', '更换风扇']) expect(text).not.toContain(secret)
  })

  it('are those that overlap the range', async () => {
    expect(await kindsIn(START_MS, START_MS + HOUR_MS)).toEqual([])
    expect(await kindsIn(START_MS + 1.2 * HOUR_MS, START_MS + 1.3 * HOUR_MS)).toEqual(['alarm', 'incident'])
    expect(await kindsIn(START_MS + 3.2 * HOUR_MS, START_MS + 3.3 * HOUR_MS)).toEqual(['visit'])
    expect(await kindsIn(START_MS + 5.5 * HOUR_MS, START_MS + 6 * HOUR_MS)).toEqual(['change'])
  })

  it('are of the rooms of the points only; an unknown point and a range backwards are refused', async () => {
    expect((await marks(START_MS, START_MS + 6 * HOUR_MS, String(otherPointId))).marks).toEqual([])
    await expect(marks(START_MS, START_MS + 1, '999')).rejects.toMatchObject({ code: 'INVALID', data: { field: 'pointIds' } })
    await expect(marks(START_MS, START_MS - 1)).rejects.toMatchObject({ code: 'INVALID', data: { field: 'toMs' } })
  })

  it('are at most 500, and then say that there are more', async () => {
    const row = await app.db.selectFrom('alarm').selectAll().where('drill', '=', 0).executeTakeFirstOrThrow()
    const { id: _, ...alarm } = row
    const atMs = START_MS + 100 * HOUR_MS
    const copies = (count: number) =>
      Array.from({ length: count }, (_one, n) => ({
        ...alarm,
        sourceId: 1000 + n,
        incidentId: null,
        raisedAtMs: atMs + n,
        clearedAtMs: atMs + n + 1,
      }))
    // Together with the change that lasts still: 500, and then one more. In parts: SQLite takes 32,766 values in one statement.
    for (let n = 0; n < 500; n += 250)
      await app.db
        .insertInto('alarm')
        .values(copies(500).slice(n, Math.min(n + 250, 499)))
        .execute()
    const full = await marks(atMs, atMs + HOUR_MS)
    expect([full.marks.length, full.more]).toEqual([500, false])
    await app.db
      .insertInto('alarm')
      .values({ ...alarm, sourceId: 9999, raisedAtMs: atMs + 1000, clearedAtMs: atMs + 2000 })
      .execute()
    const cut = await marks(atMs, atMs + HOUR_MS)
    expect([cut.marks.length, cut.more]).toEqual([500, true])
    expect(cut.marks[0]?.fromMs).toBe(atMs + 1000)
    expect(cut.marks.some(({ kind }) => kind === 'change')).toBe(false)
  })
})
