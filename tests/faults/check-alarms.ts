import type { LoggedScan } from '../../agent/src/log/scan-record.ts'
import { type AlarmTransition, judgeAlarms, seenExcursions, standingStretches } from '../kit/alarm-oracle.ts'
import type { ServerProcess } from '../kit/services/server-process.ts'
import { excursionOf } from './excursions.ts'

export interface AlarmsCheck {
  expected: number
  lost: number
  duplicate: number
  uncleared: number
  unfounded: number
  /** One line for each thing wrong. */
  details: string[]
}

interface AlarmRow {
  id: number
  pointId: number | null
  condition: string
}

const PAGE = 500

/** Compares the alarms of each device's alarm point with the excursions that the log shows. */
export async function checkAlarms(
  server: ServerProcess,
  records: Iterable<LoggedScan>,
  pointIds: ReadonlyMap<string, number>,
  alarmKey: string,
): Promise<AlarmsCheck> {
  const transitions = await transitionsByPoint(server)
  const check: AlarmsCheck = { expected: 0, lost: 0, duplicate: 0, uncleared: 0, unfounded: 0, details: [] }
  const byDevice = Map.groupBy(records, ({ device }) => device)
  for (const [device, pointId] of pointIds) {
    const readings = (byDevice.get(device) ?? [])
      .sort((a, b) => a.timeMs - b.timeMs)
      .flatMap(({ timeMs, readings }) =>
        readings.flatMap(({ key, value, quality }) =>
          key === alarmKey && quality === 'good' ? [{ timeMs, excursion: excursionOf(value) }] : [],
        ),
      )
    const seen = seenExcursions(readings)
    const stretches = (transitions.get(pointId) ?? []).flatMap(standingStretches).sort((a, b) => a.fromMs - b.fromMs)
    const verdict = judgeAlarms(seen, stretches, Date.now())
    check.expected += seen.length
    check.lost += verdict.lost.length
    check.duplicate += verdict.duplicate.length
    check.uncleared += verdict.uncleared.length
    check.unfounded += verdict.unfounded.length
    const wrong = Object.entries(verdict).filter(([, entries]) => entries.length > 0)
    for (const [what, entries] of wrong) check.details.push(`${device} (point ${pointId}): ${what} ${JSON.stringify(entries)}`)
    if (wrong.length > 0) check.details.push(`  seen ${JSON.stringify(seen)}`, `  told ${JSON.stringify(stretches)}`)
  }
  return check
}

/** The transitions of every alarm "high", one list for each alarm. */
async function transitionsByPoint(server: ServerProcess): Promise<Map<number, AlarmTransition[][]>> {
  const byPoint = new Map<number, AlarmTransition[][]>()
  for (let before: number | undefined; ; ) {
    const page = await server.get<AlarmRow[]>(`/api/alarms?scope=all&limit=${PAGE}${before === undefined ? '' : `&before=${before}`}`)
    for (const { id, pointId, condition } of page) {
      if (pointId === null || condition !== 'high') continue
      const { transitions } = await server.get<{ transitions: AlarmTransition[] }>(`/api/alarms/${id}`)
      byPoint.set(pointId, [...(byPoint.get(pointId) ?? []), transitions])
    }
    before = page.at(-1)?.id
    if (page.length < PAGE) return byPoint
  }
}
