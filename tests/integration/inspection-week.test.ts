import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InspectionSheet, SheetMeasurement } from '@roomkeeper/shared/registers'
import { pino } from 'pino'
import { expect, it, onTestFinished } from 'vitest'
import { systemLocalMinute } from '../../server/src/limits/local-minute.ts'
import { EmbeddedStore } from '../../server/src/readings/embedded/embedded-store.ts'
import { createSheetFiller } from '../../server/src/registers/inspection/fill-sheet.ts'
import { plainHistory } from '../kit/plain-history.ts'
import { seededRandom } from '../kit/random.ts'
import { scan } from '../kit/readings-contract.ts'
import { START_MS, startRecordsApp } from '../kit/records-app.ts'

const DAY_MS = 86_400_000
const INTERVAL_MS = 30_000
const SCANS = (7 * DAY_MS) / INTERVAL_MS

/** What anybody would count by hand. */
function bruteForce(series: readonly (number | null)[][], low: number, high: number): Partial<SheetMeasurement> {
  const good = series.map((values) => values.filter((value) => value !== null))
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  const rounded = (value: number, decimals: number): number => Math.round(value * 10 ** decimals) / 10 ** decimals
  const share = (values: number[]): number => values.filter((value) => value >= low && value <= high).length / values.length
  return {
    min: rounded(Math.min(...good.map((values) => values.reduce((a, b) => Math.min(a, b)))), 2),
    max: rounded(Math.max(...good.map((values) => values.reduce((a, b) => Math.max(a, b)))), 2),
    mean: rounded(mean(good.map(mean)), 2),
    inLimits: rounded(mean(good.map(share)), 4),
    points: series.length,
  }
}

it('an inspection begun after a week of readings says the same as counting every one of them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'roomkeeper-week-'))
  const app = await startRecordsApp(':memory:')
  const failing = (error: unknown): void => console.error(error)
  const store = new EmbeddedStore(
    { kind: 'embedded', path: join(folder, 'readings.db') },
    { nowMs: app.clock.nowMs, onMaintenanceFailure: failing, history: plainHistory() },
  )
  onTestFinished(async () => {
    await store.stop()
    await app.stop()
    await rm(folder, { recursive: true, force: true })
  })
  expect(await store.start()).toMatchObject({ kind: 'ready' })
  const roomId = await app.addRoom('主机房')
  const probeId = await app.addDevice(roomId, 'probe')
  const ids = [
    await app.addPoint(probeId, 'front', 'temperature', 'Cel'),
    await app.addPoint(probeId, 'back', 'temperature', 'Cel'),
    await app.addPoint(probeId, 'humidity', 'humidity', '%'),
  ]
  const points = ids.flatMap((id) => app.directory.points.get(id) ?? [])
  const [point] = points
  if (!point) throw new Error('the points are in the directory')

  // Days warm beyond 27 ℃ and back, with noise at the limit; now and then a reading that cannot be true.
  const { next: random } = seededRandom(18)
  const series: (number | null)[][] = [[], [], []]
  const scans = Array.from({ length: SCANS }, (_, index) => {
    const day = Math.sin((2 * Math.PI * index * INTERVAL_MS) / DAY_MS)
    const values = [23 + 4.5 * day + random() * 0.4, 26 + 2 * day + random() * 0.4, 50 + 15 * day + random() * 2]
    const isBad = random() < 0.01
    const [front = 0, ...rest] = values
    for (const [at, value] of values.entries()) series[at]?.push(at === 0 && isBad ? null : value)
    const of = { device: point.device, points }
    const atMs = START_MS + index * INTERVAL_MS
    return isBad ? scan(of, atMs, [85, ...rest], { reasons: ['sentinel', undefined, undefined] }) : scan(of, atMs, [front, ...rest])
  })
  for (let at = 0; at < scans.length; at += 5000) expect(await store.write(scans.slice(at, at + 5000))).toEqual({ kind: 'stored' })
  app.clock.advance(7 * DAY_MS)
  await store.maintain()

  const fill = createSheetFiller({ ...app, readings: store, localMinute: systemLocalMinute, log: pino({ level: 'silent' }) })
  const record = { register: 'inspection', number: '', state: 'in-progress', title: '', fields: {}, sheet: {}, scheduleId: null, roomId }
  const author = { id: 0, createdBy: '', createdById: null, createdAtMs: START_MS, stateSinceMs: START_MS }
  const sheet = (await fill({ ...record, ...author }, app.clock.nowMs())) as InspectionSheet
  const [front = [], back = [], humidity = []] = series
  expect(sheet).toMatchObject({ sinceMs: START_MS, missing: null })
  expect(sheet.measured.find(({ kind }) => kind === 'temperature')).toMatchObject(bruteForce([front, back], 18, 27))
  // GB 50174 has no lower limit of relative humidity: the dew point is judged instead; 8 % is ASHRAE's.
  expect(sheet.measured.find(({ kind }) => kind === 'humidity')).toMatchObject(bruteForce([humidity], 8, 60))
})
