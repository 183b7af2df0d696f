import { UPS_STATUS_TOKENS, upsTokens } from '@roomkeeper/shared/model'
import type { InspectionSheet, Words } from '@roomkeeper/shared/registers'
import type { Db } from '../../database/schema.ts'
import type { PointEntry } from '../../ingest/entries.ts'
import type { ReadingStore, StoredReading, TimeRange } from '../../readings/reading-store.ts'

type UpsEvent = InspectionSheet['upsEvents'][number]

/** Worth telling when they appear in a UPS's status: what its battery did, and what it asks for. */
const TOLD = ['OB', 'CAL', 'BYPASS', 'OVER', 'RB', 'LB', 'FSD', 'OFF'] as const
/** Text points that hold the result of the last self test (NUT `ups.test.result`, UPS-MIB upsTestResultsSummary). */
const TEST_RESULT = /test/i
/** The sheet shows what happened, it is no log. */
const MAX_EVENTS = 50
const MAX_CHANGES = 2000
const MINUTE_MS = 60_000

/** What became of a UPS's status texts: when a token came, and after which time it went. `changes` may begin with the text before the range. */
export function eventsOfStatus(device: string, changes: readonly StoredReading[], { fromMs, toMs }: TimeRange): UpsEvent[] {
  const since = new Map<string, number>()
  const events: UpsEvent[] = []
  const end = (token: string, atMs: number): void => {
    const beganMs = since.get(token)
    since.delete(token)
    if (beganMs !== undefined) events.push({ device, atMs: beganMs, text: lasting(token, atMs - beganMs) })
  }
  for (const { timeMs, value } of changes) {
    const tokens = new Set(upsTokens(value))
    for (const token of TOLD) {
      if (!tokens.has(token)) end(token, timeMs)
      else if (!since.has(token)) since.set(token, Math.max(timeMs, fromMs))
    }
  }
  for (const [token, beganMs] of since) events.push({ device, atMs: beganMs, text: lasting(token, toMs - beganMs, true) })
  return events.sort((a, b) => a.atMs - b.atMs)
}

/** What self tests said; the text before the range is no event of it. */
export function eventsOfTests(device: string, changes: readonly StoredReading[], { fromMs }: TimeRange): UpsEvent[] {
  return changes
    .filter(({ timeMs, value }) => timeMs >= fromMs && typeof value === 'string' && value !== '')
    .map(({ timeMs, value }) => ({ device, atMs: timeMs, text: { zh: `自检：${String(value)}`, en: `Self test: ${String(value)}` } }))
}

function lasting(token: string, ms: number, isGoingOn = false): Words {
  const minutes = Math.max(1, Math.round(ms / MINUTE_MS))
  const words = WORDS[token] ?? UPS_STATUS_TOKENS[token as keyof typeof UPS_STATUS_TOKENS]
  return isGoingOn
    ? { zh: `${words.zh}，已 ${minutes} 分钟，仍在继续`, en: `${words.en}, for ${minutes} min and going on` }
    : { zh: `${words.zh} ${minutes} 分钟`, en: `${words.en} for ${minutes} min` }
}

const WORDS: Readonly<Record<string, Words>> = {
  OB: { zh: '电池放电', en: 'Discharged on battery' },
  CAL: { zh: '电池校准测试', en: 'Battery calibration test' },
  RB: { zh: '要求更换电池', en: 'Asked for new batteries' },
}

/** Self tests and discharges of the UPSes of a room, by their stored status; oldest first. Throws StoreUnavailableError. */
export async function upsEvents(
  readings: Pick<ReadingStore, 'textChanges'>,
  points: readonly PointEntry[],
  range: TimeRange,
): Promise<UpsEvent[]> {
  const upses = new Set(points.filter(({ kind }) => kind === 'ups-status').map(({ deviceId }) => deviceId))
  const events = await Promise.all(
    points
      .filter(({ kind, key, deviceId }) => kind === 'ups-status' || (kind === 'text' && upses.has(deviceId) && TEST_RESULT.test(key)))
      .map(async (point) => {
        const changes = await readings.textChanges({ point, ...range, limit: MAX_CHANGES })
        const read = point.kind === 'ups-status' ? eventsOfStatus : eventsOfTests
        return read(point.device.name, changes, range)
      }),
  )
  return events
    .flat()
    .sort((a, b) => a.atMs - b.atMs)
    .slice(-MAX_EVENTS)
}

/** The same by the alarms alone, while the store is away: discharges are in it, tests that alarm nobody are not. */
export async function upsEventsByAlarms(db: Db, roomId: number, { fromMs, toMs }: TimeRange): Promise<UpsEvent[]> {
  const rows = await db
    .selectFrom('alarm')
    .innerJoin('point', 'point.id', 'alarm.pointId')
    .innerJoin('device', 'device.id', 'point.deviceId')
    .select(['device.name', 'alarm.raisedAtMs', 'alarm.clearedAtMs', 'alarm.valueJson'])
    .where('alarm.roomId', '=', roomId)
    .where('alarm.drill', '=', 0)
    .where('point.kind', '=', 'ups-status')
    .where('alarm.condition', 'like', 'state%')
    .where('alarm.raisedAtMs', '>=', fromMs)
    .where('alarm.raisedAtMs', '<', toMs)
    .orderBy('alarm.raisedAtMs')
    .execute()
  return rows
    .flatMap(({ name, raisedAtMs, clearedAtMs, valueJson }) => {
      const status = { timeMs: raisedAtMs, value: JSON.parse(valueJson) as StoredReading['value'] }
      return eventsOfStatus(name, clearedAtMs === null ? [status] : [status, { timeMs: clearedAtMs, value: '' }], { fromMs, toMs })
    })
    .slice(-MAX_EVENTS)
}
