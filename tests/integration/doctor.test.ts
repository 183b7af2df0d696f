import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CLAUSE_NAMES } from '@roomkeeper/shared/registers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { appendAudit } from '../../server/src/audit/audit.ts'
import { openDatabase, SCHEMA_VERSION } from '../../server/src/database/database.ts'
import type { ClauseReport } from '../../server/src/doctor/clause-report.ts'

const SERVER_CLI = fileURLToPath(new URL('../../server/src/cli.ts', import.meta.url))
const DAY_MS = 86_400_000

/** The real program; no server runs. */
function doctor(args: readonly string[], env: Record<string, string>): Promise<{ code: number; output: string; errors: string }> {
  return new Promise((resolve) => {
    const all = { ...process.env, ...env }
    execFile(process.execPath, [SERVER_CLI, 'doctor', ...args], { env: all }, (error, output, errors) =>
      resolve({ code: error === null ? 0 : Number(error.code), output, errors }),
    )
  })
}

describe('roomkeeper doctor', () => {
  let dataDir: string
  const env = () => ({ ROOMKEEPER_DATA_DIR: dataDir })
  const file = () => join(dataDir, 'roomkeeper.db')
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'roomkeeper-doctor-'))
  })
  afterEach(() => rm(dataDir, { recursive: true, force: true }))

  it('names what serves each clause, without a database and without making one', async () => {
    const { code, output } = await doctor(['--clauses'], env())
    expect(code).toBe(0)
    for (const clause of CLAUSE_NAMES) expect(output).toContain(`✓ ${clause} `)
    expect(output).toContain('机房巡检 / Inspection  /inspections')
    expect(output).toContain('机房来访 / Visit  /registers/visit')
    expect(output).toContain('没有数据库，未统计记录数')
    expect((await doctor([], env())).output).toMatch(/· 数据库 \/ database: .* 还没有/)
  })

  it('counts the records of a year and the gaps', async () => {
    const nowMs = Date.now()
    const db = await openDatabase(file())
    const schedule = { register: 'meeting', title: '例会', cadenceJson: '{}', outerDays: 31, remindHours: 24, headAfterHours: 24 }
    const { id: scheduleId } = await db
      .insertInto('schedule')
      .values({ ...schedule, avoidHolidays: 0, personIdsJson: '[]', startsAtMs: 0, revision: 1, changedBy: 'test', changedAtMs: 0 })
      .returning('id')
      .executeTakeFirstOrThrow()
    for (const [daysAgo, doneAtMs] of [
      [400, null],
      [60, nowMs],
      [30, null],
    ] as const)
      await db
        .insertInto('scheduleMiss')
        .values({ scheduleId, dueAtMs: nowMs - daysAgo * DAY_MS, doneAtMs, recordId: null })
        .execute()
    for (const [index, [state, daysAgo]] of (
      [
        ['filed', 10],
        ['filed', 400],
        ['draft', 1],
        ['discarded', 1],
      ] as const
    ).entries()) {
      const atMs = nowMs - daysAgo * DAY_MS
      const record = { register: 'meeting', number: `MTG-${index}`, state, phase: state === 'draft' ? 'draft' : 'done', title: '' }
      const made = { createdBy: 'test', createdAtMs: atMs, changedBy: 'test', changedAtMs: atMs, stateSinceMs: atMs, whenMs: atMs }
      await db
        .insertInto('registerRecord')
        .values({ ...record, ...made, fieldsJson: '{}', sheetJson: '{}', revision: 1, searchText: '' })
        .execute()
    }
    await db.destroy()
    const { code, output } = await doctor(['--clauses', '--json'], env())
    const report = JSON.parse(output) as ClauseReport
    expect(code).toBe(0)
    expect(report).toMatchObject({ ok: true, note: null })
    expect(report.clauses.map(({ clause }) => clause)).toEqual([...CLAUSE_NAMES])
    expect(report.clauses.find(({ clause }) => clause === 'I4')).toMatchObject({
      served: true,
      duty: { zh: '每月至少召开一次科室信息员会议' },
      services: [{ kind: 'register', name: 'meeting', records: 1, missed: 2, openGaps: 1 }],
    })
  })

  it('is content with a whole installation, and finds a tampered chain', async () => {
    const db = await openDatabase(file())
    for (const action of ['first', 'second'])
      await db.transaction().execute((transaction) => appendAudit(transaction, { actor: 'test', action, entity: 'test' }, 1))
    const good = await doctor([], env())
    expect(good.output).toContain(`✓ 数据库 / database: ${file()}，结构 / schema ${SCHEMA_VERSION}`)
    expect(good.output).toContain('✓ 审计链 / audit chain: 2 条完整')
    expect(good.output).toMatch(/✓ 报表字体 \/ fonts of reports: Noto Sans SC/)
    await db.updateTable('audit').set({ action: 'other' }).where('seq', '=', 2).execute()
    await db.destroy()
    const bad = await doctor([], env())
    expect(bad.output).toContain('✗ 审计链 / audit chain: 第 2 条被改动过 / row 2 was tampered with')
    expect(bad.code).toBe(1)
  })

  it('ends with 1 where the database is none, and with 2 where the configuration is wrong', async () => {
    await writeFile(file(), 'this is no database, it is a text')
    const noDatabase = await doctor([], env())
    expect(noDatabase).toMatchObject({ code: 1, output: expect.stringContaining('✗ 数据库 / database:') })
    const clauses = await doctor(['--clauses'], env())
    expect(clauses).toMatchObject({ code: 0, output: expect.stringContaining('数据库打不开，未统计记录数') })
    const wrong = await doctor([], { ...env(), ROOMKEEPER_HTTP_PORT: 'eighty' })
    expect(wrong).toMatchObject({ code: 2, errors: expect.stringContaining('ROOMKEEPER_HTTP_PORT') })
  })
})
