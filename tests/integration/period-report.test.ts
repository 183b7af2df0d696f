import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import readExcel from 'read-excel-file/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { putLimitSet } from '../../server/src/limits/put-limit-set.ts'
import { EmbeddedStore } from '../../server/src/readings/embedded/embedded-store.ts'
import { loadPeriod } from '../../server/src/reports/period/load-period.ts'
import { curveBlocks } from '../../server/src/reports/period/period-charts.ts'
import { periodOf } from '../../server/src/reports/period/period-of.ts'
import { reportWords } from '../../server/src/reports/words.ts'
import { describeEachDatabase, type NewDatabase } from '../kit/each-database.ts'
import { inspect } from '../kit/inspecting.ts'
import { OFFICE_PROGRAMS, officeCsv, pdfText } from '../kit/office.ts'
import { plainHistory } from '../kit/plain-history.ts'
import { startRecordsApp } from '../kit/records-app.ts'
import { missingProgram } from '../kit/services/require-program.ts'

const SERVER_CLI = fileURLToPath(new URL('../../server/src/cli.ts', import.meta.url))
const MINUTE_MS = 60_000
/** March by the hospital's clock. */
const FROM_MS = Date.UTC(2026, 1, 28, 16)
const missingOffice = missingProgram(OFFICE_PROGRAMS, 'libreoffice-calc poppler-utils')

/** Ten days of readings with a hot afternoon and a day without any; an alarm acknowledged after 12 and cleared after 90 minutes; one inspection. */
async function fill(dataDir: string, location: string): Promise<number[]> {
  const app = await startRecordsApp(location)
  const store = new EmbeddedStore(
    { kind: 'embedded', path: join(dataDir, 'readings.db') },
    { nowMs: app.clock.nowMs, onMaintenanceFailure: () => undefined, history: plainHistory({ zone: 'Asia/Shanghai' }) },
  )
  try {
    await store.start()
    const roomId = await app.addRoom('主机房')
    const deviceId = await app.addDevice(roomId, 'probe1')
    const pointId = await app.addPoint(deviceId, 'temperature', 'temperature', 'Cel')
    // As often as it is read below: so long does a reading hold.
    await app.db
      .updateTable('point')
      .set({ intervalMs: 10 * MINUTE_MS })
      .where('id', '=', pointId)
      .execute()
    const upsId = await app.addPoint(await app.addDevice(roomId, 'UPS1'), 'ups.status', 'ups-status', '1')
    const [point, ups] = [app.directory.points.get(pointId), app.directory.points.get(upsId)]
    if (!point || !ups) throw new Error('the points were added')
    const values: number[] = []
    const about = { device: point.device, epoch: '00000000-0000-4000-8000-000000000000', reasons: undefined, isHistorical: false }
    const times = Array.from({ length: 10 * 144 }, (_, index) => FROM_MS + index * 10 * MINUTE_MS).filter(
      (_, index) => Math.floor(index / 144) !== 4,
    )
    for (const atMs of times)
      values.push(atMs >= FROM_MS + 42 * 60 * MINUTE_MS && atMs < FROM_MS + 45 * 60 * MINUTE_MS ? 41 : 22 + Math.sin(atMs / 5e6))
    await store.write([{ ...about, offset: 1, points: times.map(() => point), timesMs: times, values }])
    const states = ['OL', 'OB DISCHRG', 'OL CHRG']
    const upsTimes = states.map((_, index) => FROM_MS + (100 + index * 25) * MINUTE_MS)
    await store.write([{ ...about, device: ups.device, offset: 2, points: states.map(() => ups), timesMs: upsTimes, values: states }])

    const keeper = await app.addPerson('keeper', ['room-keeper'])
    const scheduleId = (await app.as(keeper).schedules.list()).find(({ register }) => register === 'inspection')?.id ?? 0
    await inspect(app, keeper, { scheduleId })
    await app.raise({ condition: 'high-high', priority: 'critical', sourceId: pointId, pointId, value: 41 })
    const { id } = await app.db.selectFrom('alarm').select('id').executeTakeFirstOrThrow()
    const raisedAtMs = app.clock.nowMs()
    const step = { alarmId: id, fromState: 'UNACK', toState: 'ACKED', person: null, note: null, valueJson: 'null' }
    for (const [event, minutes] of [
      ['acknowledge', 12],
      ['clear', 90],
    ] as const) {
      const atMs = raisedAtMs + minutes * MINUTE_MS
      await app.db
        .insertInto('alarmTransition')
        .values({ ...step, event, atMs, recordedAtMs: atMs })
        .execute()
    }
    await app.addRoom('备用间')
    return values
  } finally {
    await store.stop()
    await app.stop()
  }
}

/** The command in a folder of its own, with a database that is filled. */
async function prepare(newDatabase: NewDatabase) {
  const location = await newDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'roomkeeper-report-'))
  const isPostgres = location.startsWith('postgres')
  const values = await fill(dataDir, isPostgres ? location : join(dataDir, 'roomkeeper.db'))
  const env = {
    ...process.env,
    TZ: 'Asia/Shanghai',
    ROOMKEEPER_TIME_ZONE: 'Asia/Shanghai',
    ROOMKEEPER_DATA_DIR: dataDir,
    ...(isPostgres ? { ROOMKEEPER_DATABASE_URL: location } : {}),
  }
  const report = (...args: string[]): Promise<{ code: number; output: string; errors: string }> =>
    new Promise((resolve) => {
      execFile(process.execPath, [SERVER_CLI, 'report', ...args], { env }, (error, output, errors) =>
        resolve({ code: error === null ? 0 : Number(error.code), output, errors }),
      )
    })
  return { dataDir, values, report }
}

describeEachDatabase('roomkeeper report', (newDatabase) => {
  let { dataDir, values, report } = {} as Awaited<ReturnType<typeof prepare>>
  beforeAll(async () => {
    ;({ dataDir, values, report } = await prepare(newDatabase))
  })
  afterAll(() => rm(dataDir, { recursive: true, force: true }))

  it.skipIf(missingOffice)(
    'as PDF says what counting by hand says',
    async () => {
      const out = join(dataDir, 'room.pdf')
      expect(await report('monthly', '--room', '主机房', '--month', '2026-03', '--out', out)).toMatchObject({ code: 0, errors: '' })
      const said = await pdfText(await readFile(out))
      const mean = (values.reduce((sum, one) => sum + one, 0) / values.length).toFixed(1)
      const lowest = String(Number(Math.min(...values).toFixed(1)))
      // Nine days of 31 were read, three hours were too hot.
      const [inLimits, covered] = [((1 - 3 / 216) * 100).toFixed(1), ((216 / (31 * 24)) * 100).toFixed(1)]
      for (const part of [`温度℃${lowest}`, `${Number(mean)}412026-03-0218:00${inLimits}%${covered}%`, '温度越限3小时'])
        expect(said, part).toContain(part)
      for (const part of ['温度在限值内的时间98.6%——', '告警：紧急10+1', '平均确认时间MTTA12分钟——', 'UPS自称（分钟）', 'UPS10————'])
        expect(said, part).toContain(part)
      for (const part of ['紧急1112分钟1小时30分钟', '温度·严重过高1', '放电1次', '25分钟', '应检1次：按时1，迟检0，漏检0'])
        expect(said, part).toContain(part)
    },
    120_000,
  )
})

describe('a report of several points', () => {
  const HOUR_MS = 60 * MINUTE_MS
  const BAND = [{ fromMs: 0, band: { low: 18, high: 27 } }]

  /** A day of two points: the first too hot from 10:00 to 10:20, the second from 10:30 to 10:50, both from 12:00 to 12:30. */
  async function load(kind: 'daily' | 'monthly', text: string) {
    const dataDir = await mkdtemp(join(tmpdir(), 'roomkeeper-points-'))
    const app = await startRecordsApp(':memory:')
    const history = { ...plainHistory({ zone: 'Asia/Shanghai', holdMs: 5 * MINUTE_MS }), bandsOf: async () => BAND }
    const store = new EmbeddedStore(
      { kind: 'embedded', path: join(dataDir, 'readings.db') },
      { nowMs: app.clock.nowMs, onMaintenanceFailure: () => undefined, history },
    )
    try {
      await store.start()
      const roomId = await app.addRoom('主机房')
      const hot = [
        [
          [10, 10 + 1 / 3],
          [12, 12.5],
        ],
        [
          [10.5, 10 + 5 / 6],
          [12, 12.5],
        ],
      ]
      for (const [offset, spells] of hot.entries()) {
        const pointId = await app.addPoint(await app.addDevice(roomId, `probe${offset}`), 'temperature', 'temperature', 'Cel')
        const point = app.directory.points.get(pointId)
        if (!point) throw new Error('the point was added')
        const timesMs = Array.from({ length: 24 * 12 }, (_, index) => FROM_MS + index * 5 * MINUTE_MS)
        const values = timesMs.map((atMs) => {
          const hour = (atMs - FROM_MS) / HOUR_MS + 1e-6
          return spells.some(([from = 0, to = 0]) => hour >= from && hour < to) ? 30 : 22
        })
        const about = { device: point.device, epoch: '00000000-0000-4000-8000-000000000000', reasons: undefined, isHistorical: false }
        await store.write([{ ...about, offset: offset + 1, points: timesMs.map(() => point), timesMs, values }])
      }
      const high = { deadband: 0, onDelayMs: 0, offDelayMs: 0, priority: 'high', enabled: true, condition: 'high' } as const
      const key = { scope: 'kind', scopeKey: '', kind: 'temperature' } as const
      const author = { username: 'a', name: 'A' }
      await putLimitSet(app.db, { key, limits: [{ ...high, value: 25 }], reason: 'r', basedOn: 0, author }, FROM_MS + 6 * HOUR_MS)
      await putLimitSet(app.db, { key, limits: [{ ...high, value: 29 }], reason: 'r', basedOn: 1, author }, FROM_MS + 40 * 24 * HOUR_MS)
      const timeZone = 'Asia/Shanghai'
      const query = { db: app.db, store, points: app.directory.points.values(), roomId: null, timeZone }
      const data = await loadPeriod({ ...query, span: periodOf(kind, text, timeZone), nowMs: FROM_MS + 50 * 24 * HOUR_MS })
      const [room] = data.rooms
      if (!room) throw new Error('the room was added')
      return { data, room, drawings: [...curveBlocks(room, data, reportWords('en', timeZone))] }
    } finally {
      await store.stop()
      await app.stop()
      await rm(dataDir, { recursive: true, force: true })
    }
  }

  it.each([
    ['daily', '2026-03-01'],
    ['monthly', '2026-03'],
  ] as const)('a %s one counts points that are out one after the other, and those out together once', async (kind, text) => {
    const { room } = await load(kind, text)
    // 40 minutes one after the other, and 30 together. In a month by quarters: 10:00 to 10:15 15, 10:15 5, 10:30 15, 10:45 5.
    expect(room.kinds[0]?.now.outMs).toBe(70 * MINUTE_MS)
    expect(room.kinds[0]?.now.limitedMs).toBe(24 * HOUR_MS)
  })

  it('draws the limits as they were, not as they are now', async () => {
    const { drawings } = await load('monthly', '2026-03')
    expect(drawings).toMatchObject([
      {
        drawing: {
          limits: [
            {
              steps: [
                { fromMs: FROM_MS, value: 18 },
                { fromMs: FROM_MS + 6 * HOUR_MS, value: null },
              ],
              label: 'low 18',
            },
            {
              steps: [
                { fromMs: FROM_MS, value: 27 },
                { fromMs: FROM_MS + 6 * HOUR_MS, value: 25 },
              ],
              label: 'high 25',
            },
          ],
        },
      },
    ])
  })
})

describe('roomkeeper report', () => {
  let { dataDir, report } = {} as Awaited<ReturnType<typeof prepare>>
  beforeAll(async () => {
    ;({ dataDir, report } = await prepare(async () => ':memory:'))
  })
  afterAll(() => rm(dataDir, { recursive: true, force: true }))

  it.skipIf(missingOffice)(
    'as Excel opens, with a sheet for each room and each chart',
    async () => {
      const out = join(dataDir, 'all.xlsx')
      expect((await report('weekly', '--week', '2026-W10', '--out', out, '--language', 'en')).code).toBe(0)
      const bytes = await readFile(out)
      const sheets = await readExcel(bytes)
      expect(sheets.map(({ sheet }) => sheet)).toEqual(['Overview', '主机房', '备用间', 'Chart alarms', 'Chart 主机房 · Temperature'])
      const hours = sheets.at(-1)?.data.slice(2) ?? []
      expect(hours).toHaveLength(6 * 24)
      const csv = (await officeCsv(new Map([['all', bytes]]))).get('all')
      expect(csv).toContain('Weekly report 2026-W10, all rooms')
      expect(csv).toMatch(/备用间: has no points/)
    },
    120_000,
  )

  it('names what is wrong and what is allowed, and leaves no file', async () => {
    const out = join(dataDir, 'wrong.pdf')
    const wrong: [string[], RegExp][] = [
      [['monthly', '--month', '2026-13', '--out', out], /--month 2026-13.*2026-03/],
      [['hourly', '--out', out], /hourly.*daily \| weekly \| monthly \| yearly/],
      [['yearly', '--year', '2026', '--room', '厨房', '--out', out], /厨房.*主机房, 备用间/],
    ]
    const answers = await Promise.all(wrong.map(([args]) => report(...args)))
    for (const [index, { code, errors }] of answers.entries()) {
      expect(code, errors).toBe(2)
      expect(errors).toMatch(wrong[index]?.[1] ?? /^$/)
    }
    expect((await report('daily', '--day', '2026-03-02', '--out', join(dataDir, 'no', 'folder.pdf'))).code).toBe(1)
    expect((await readdir(dataDir)).filter((name) => name.startsWith('wrong'))).toEqual([])
  })
})
