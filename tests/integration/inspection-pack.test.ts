import { createHash } from 'node:crypto'
import { CLAUSE_NAMES, CLAUSES } from '@roomkeeper/shared/registers'
import readExcel from 'read-excel-file/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Db } from '../../server/src/database/schema.ts'
import type { ReportFormat } from '../../server/src/reports/document.ts'
import { chainText, checkChainText, loadChain } from '../../server/src/reports/pack/chain-heads.ts'
import { packBlocks } from '../../server/src/reports/pack/pack-blocks.ts'
import { loadPackData } from '../../server/src/reports/pack/pack-data.ts'
import { renderReport } from '../../server/src/reports/render-report.ts'
import { reportHead } from '../../server/src/reports/report-head.ts'
import { reportWords } from '../../server/src/reports/words.ts'
import { inspect } from '../kit/inspecting.ts'
import { OFFICE_PROGRAMS, pdfFonts, pdfText } from '../kit/office.ts'
import { type RecordsApp, SIGNATURE, START_MS, startRecordsApp } from '../kit/records-app.ts'
import { TIME_ZONE } from '../kit/registers-app.ts'
import { missingProgram } from '../kit/services/require-program.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** The year 2026 by the hospital's clock. */
const PERIOD = { fromMs: Date.UTC(2025, 11, 31, 16), toMs: Date.UTC(2026, 11, 31, 16) }
const missingOffice = missingProgram(OFFICE_PROGRAMS, 'libreoffice-calc poppler-utils')

/** A spring of a room: five signed inspections, two weeks missed, a draft, an open incident, an emergency that nobody approved yet and one that was. */
async function startSpring() {
  const app = await startRecordsApp(':memory:')
  const roomId = await app.addRoom('主机房')
  const pointId = await app.addPoint(await app.addDevice(roomId, 'probe1'), 'temperature', 'temperature', 'Cel')
  const keeper = await app.addPerson('keeper', ['room-keeper'])
  const director = await app.addPerson('director', ['director'])
  const client = app.as(keeper).registers
  const scheduleId = (await app.as(keeper).schedules.list()).find(({ register }) => register === 'inspection')?.id ?? 0
  const inspected: string[] = []
  for (const days of [6.5, 6.5, 6.5, 20.5, 6.5]) {
    app.clock.advance(days * DAY_MS)
    await app.schedules.run()
    app.readings.put(pointId, { timeMs: app.clock.nowMs() - HOUR_MS, value: 23.5 })
    inspected.push((await inspect(app, keeper, { scheduleId })).number)
  }
  const emergency = async (parameter: string) => {
    const fields = { room: { id: roomId }, parameter, before: '100', reason: '无法连接' }
    const { id: recordId, revision } = await client.create({ register: 'change', fields })
    const move = { register: 'change', recordId, comment: '门诊停摆', signature: { password: SIGNATURE } }
    const begun = await client.move({ ...move, move: 'emergency', revision })
    const done = { after: '200', risk: '无', doneBy: { id: keeper.accountId }, workLog: '改大连接数', actual: '200' }
    return client.move({ ...move, move: 'finish-emergency', revision: begun.revision, fields: done })
  }
  const waiting = await emergency('HIS 数据库 max_connections')
  const approved = await emergency('LIS 数据库 max_connections')
  const approval = { recordId: approved.id, revision: approved.revision, signature: { password: SIGNATURE } }
  await app.as(director).registers.move({ register: 'change', move: 'approve-afterwards', ...approval })
  await app.raise({ condition: 'high-high', priority: 'critical', sourceId: pointId, pointId, value: 41 })
  app.clock.advance(DAY_MS)
  const draft = await client.create({ register: 'inspection', scheduleId })
  // Does not make up for the meeting that the clause asks for.
  await client.create({ register: 'meeting' })
  return { app, roomId, inspected, draft: draft.number, waiting: waiting.number, approved: approved.number }
}

async function render(app: RecordsApp, format: ReportFormat, language: 'zh' | 'en' = 'zh'): Promise<Buffer> {
  const { db, clock, directory, readings } = app
  const words = reportWords(language, TIME_ZONE)
  const nowMs = clock.nowMs()
  const head = await reportHead(db, { title: '机房管理检查资料包', words, by: '测试', nowMs, layout: 'portrait' })
  const points = directory.points.values()
  const blocks = packBlocks({ db, store: readings, points, period: PERIOD, roomId: null, nowMs, timeZone: TIME_ZONE, words, format })
  const chunks: Uint8Array[] = []
  for await (const chunk of renderReport({ format, head, blocks })) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const plain = (text: string): string => text.replaceAll(/\s+/g, '')
const printedHead = async (db: Db): Promise<string> => {
  const { head } = await loadChain(db, PERIOD, TIME_ZONE)
  if (!head) throw new Error('the audit trail of the spring has entries')
  return chainText(head, PERIOD, TIME_ZONE)
}

describe('the inspection pack', () => {
  let spring: Awaited<ReturnType<typeof startSpring>>
  beforeAll(async () => {
    spring = await startSpring()
  })
  afterAll(() => spring?.app.stop())

  it.skipIf(missingOffice)(
    'as PDF has every clause, every record, what is missing, and the end of the chain; with its own Chinese letters',
    async () => {
      const pdf = await render(spring.app, 'pdf')
      const said = await pdfText(pdf)
      const numbers = [...spring.inspected, spring.draft, spring.waiting, spring.approved]
      const kinds = ['条款没有任何记录(14)', '到期未做(10)', '紧急处理未补批(1)', '草稿未签名(2)', '事件未关闭(1)', '没有读数的时段(6)']
      const gaps = [
        ...kinds,
        `I1机房巡检·${spring.draft}·主机房·keeper(name)`,
        'I1机房巡检·主机房·应于2026-03-2904:00·2026-04-1116:00补做',
        'E1主机房·温度·2026-03-2204:00—2026-04-1115:00',
      ]
      const incident = await spring.app.db.selectFrom('incident').select('id').executeTakeFirstOrThrow()
      const parts = [...numbers, ...gaps, `事件#${incident.id}·主机房`, plain(await printedHead(spring.app.db))]
      for (const part of parts) expect(said, part).toContain(part)
      // In the contents and above its evidence.
      for (const clause of CLAUSE_NAMES) expect(said.split(`${clause}${plain(CLAUSES[clause].zh)}`).length, clause).toBeGreaterThan(2)
      const fonts = await pdfFonts(pdf)
      expect(fonts.length).toBeGreaterThan(0)
      for (const font of fonts) expect(font).toMatch(/NotoSansSC.* yes +yes +yes /)
    },
  )

  it('as Excel has a sheet for each group of clauses, with the same records and gaps', async () => {
    const sheets = await readExcel(await render(spring.app, 'xlsx'))
    const textOf = ({ data }: (typeof sheets)[number]) => data.map((row) => row.join('\t')).join('\n')
    expect(sheets.map(({ sheet }) => sheet.slice(0, 2))).toEqual(['封面', '缺口', 'E ', 'I ', 'A ', 'T ', 'S ', '审计'])
    const texts = sheets.map(textOf)
    for (const clause of CLAUSE_NAMES) expect(texts.join('\n')).toContain(`${clause}  ${CLAUSES[clause].zh}`)
    const [, gaps, , inspections, people, , , chain] = texts
    for (const number of [...spring.inspected, spring.draft]) expect(inspections).toContain(number)
    for (const number of [spring.waiting, spring.approved]) expect(people).toContain(number)
    for (const number of [spring.waiting, spring.draft]) expect(gaps).toContain(number)
    expect(gaps).not.toContain(spring.approved)
    expect(chain).toContain(await printedHead(spring.app.db))
  })

  it('counts what was due: what was missed and caught up late is done, and still named', async () => {
    const { db, clock } = spring.app
    const query = { period: PERIOD, roomId: spring.roomId, nowMs: clock.nowMs(), timeZone: TIME_ZONE }
    const { schedules, registers } = await loadPackData(db, query)
    const inspections = schedules.find(({ register }) => register === 'inspection')
    expect(inspections).toMatchObject({ due: 5, done: 5, roomName: '主机房' })
    expect(inspections?.missed.map(({ doneAtMs }) => doneAtMs !== null)).toEqual([true, true])
    expect(registers.find(({ definition }) => definition.name === 'inspection')).toMatchObject({ total: 6, done: 5, drafts: 1 })
  })

  it('shows the last entry of each week as anybody would find it', async () => {
    const rows = await spring.app.db.selectFrom('audit').select(['seq', 'atMs', 'hash']).orderBy('seq').execute()
    // Mondays at the hospital, whose clock is eight hours ahead all year; 5 January 1970 was one.
    const weekOf = (atMs: number): number => Math.floor((atMs + 8 * HOUR_MS - 4 * DAY_MS) / (7 * DAY_MS))
    const lasts = [...Map.groupBy(rows, ({ atMs }) => weekOf(atMs)).values()].map((own) => ({ ...own.at(-1), entries: own.length }))
    const { weeks, head } = await loadChain(spring.app.db, PERIOD, TIME_ZONE)
    expect(weeks.map(({ week: _, ...last }) => last)).toEqual(lasts)
    expect(weeks.map(({ week }) => week)).toEqual(['2026-W10', '2026-W11', '2026-W12', '2026-W15', '2026-W16'])
    expect(head).toEqual(rows.at(-1))
  })
})

describe('what is printed of the audit trail', () => {
  let app: RecordsApp
  let printed: string
  beforeAll(async () => {
    app = await startRecordsApp(':memory:')
    for (const name of ['one', 'two', 'three', 'four', 'five']) await app.addPerson(name, ['technician'])
    printed = await printedHead(app.db)
  })
  afterAll(() => app?.stop())

  const rowCount = async () => (await app.db.selectFrom('audit').select('seq').execute()).length

  it('fits the database it was printed from, also after more was written', async () => {
    const seq = await rowCount()
    expect(await checkChainText(app.db, printed)).toEqual({ kind: 'contained', seq, rows: seq, brokenAtSeq: null })
    await app.addPerson('six', ['technician'])
    expect(await checkChainText(app.db, `  ${printed}\n`)).toMatchObject({ kind: 'contained', seq, rows: await rowCount() })
  })

  it('is refused when it cannot be read', async () => {
    for (const text of ['', 'ROOMKEEPER-CHAIN v1', printed.replace('v1', 'v2'), printed.replace(/[0-9a-f]{64}/, 'abc')])
      expect(await checkChainText(app.db, text)).toEqual({ kind: 'unreadable' })
  })

  it('does not fit another database', async () => {
    const other = await startRecordsApp(':memory:')
    try {
      expect(await checkChainText(other.db, printed)).toMatchObject({ kind: 'missing', rows: 0 })
      await other.addPerson('someone', ['technician'])
      expect(await checkChainText(app.db, await printedHead(other.db))).toMatchObject({ kind: 'different', seq: 1 })
    } finally {
      await other.stop()
    }
  })

  it('does not fit once an entry was changed, even by somebody who counts every hash anew', async () => {
    const original = await app.db.selectFrom('audit').selectAll().orderBy('seq').execute()
    const last = original.length
    await app.db.updateTable('audit').set({ actor: 'nobody' }).where('seq', '=', last).execute()
    expect(await checkChainText(app.db, printed)).toMatchObject({ kind: 'contained', brokenAtSeq: last })
    await app.db.updateTable('audit').set({ actor: 'nobody' }).where('seq', '=', 2).execute()
    expect(await checkChainText(app.db, printed)).toEqual({ kind: 'broken', brokenAtSeq: 2 })

    let previousHash = '0'.repeat(64)
    for (const { hash: _, ...row } of original) {
      const forged = { ...row, actor: row.seq === 2 ? 'nobody' : row.actor, previousHash }
      const values = [
        forged.seq,
        forged.atMs,
        forged.actor,
        forged.action,
        forged.entity,
        forged.beforeJson,
        forged.afterJson,
        previousHash,
      ]
      const hash = createHash('sha256').update(JSON.stringify(values)).digest('hex')
      await app.db
        .updateTable('audit')
        .set({ ...forged, hash })
        .where('seq', '=', row.seq)
        .execute()
      previousHash = hash
    }
    expect(await checkChainText(app.db, printed)).toMatchObject({ kind: 'different', seq: Number(printed.split(' ')[2]) })
  })
})

it.skipIf(missingOffice)(
  'a pack of an empty database can be made, and names what is missing',
  async () => {
    const app = await startRecordsApp(':memory:')
    try {
      app.clock.set(START_MS)
      const said = await pdfText(await render(app, 'pdf', 'en'))
      for (const clause of CLAUSE_NAMES) expect(said).toContain(`${clause}${plain(CLAUSES[clause].en)}`)
      const parts = [
        'Clauses without any record',
        'Without a schedule',
        'The audit trail has no entry in the period',
        'There are no points',
      ]
      for (const part of parts) expect(said).toContain(plain(part))
    } finally {
      await app.stop()
    }
  },
  30_000,
)
