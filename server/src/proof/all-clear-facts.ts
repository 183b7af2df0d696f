import type { PartState } from '@roomkeeper/shared/http'
import { type AlarmPriority, SILENT_STATES } from '@roomkeeper/shared/model'
import type { Db } from '../database/schema.ts'
import type { AllClearFacts } from './all-clear-text.ts'
import { toDrill } from './drill-facts.ts'
import { readProofSetting } from './stored-settings.ts'

/** How many there are, and how many of them are well; without what belongs to drills. */
export interface LiveCounts {
  points: number
  pointsLive: number
  agents: number
  agentsOnline: number
}

export interface AllClearFactsDeps {
  db: Db
  health(): Record<string, PartState>
  counts(): LiveCounts
}

export async function loadAllClearFacts({ db, health, counts }: AllClearFactsDeps, nowMs: number, lateMs: number): Promise<AllClearFacts> {
  const alarms = await db
    .selectFrom('alarm')
    .leftJoin('channel', (join) => join.onRef('channel.id', '=', 'alarm.sourceId').on('alarm.source', '=', 'channel'))
    .select(['alarm.source', 'alarm.state', 'alarm.priority', 'alarm.active', 'channel.label'])
    .where('alarm.state', '<>', 'NORM')
    .where('alarm.drill', '=', 0)
    .execute()
  const standing = alarms.filter(({ state }) => state === 'UNACK' || state === 'ACKED')
  const byPriority: Partial<Record<AlarmPriority, number>> = {}
  for (const { priority } of standing) byPriority[priority as AlarmPriority] = (byPriority[priority as AlarmPriority] ?? 0) + 1
  const row = await db.selectFrom('drill').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirst()
  const drill = row && (await toDrill(db, row))
  return {
    standing: byPriority,
    returned: alarms.filter(({ state }) => state === 'RTNUN').length,
    silent: alarms.filter(({ state, active }) => active === 1 && (SILENT_STATES as readonly string[]).includes(state)).length,
    ...counts(),
    failingChannels: standing.flatMap(({ source, label }) => (source === 'channel' ? [label ?? ''] : [])),
    isNobodyOnDuty: standing.some(({ source }) => source === 'roster'),
    illParts: Object.entries(health()).flatMap(([name, { ok, message }]) => (ok ? [] : [{ name, message }])),
    drill: drill ? { state: drill.state, atMs: drill.startedAtMs, acknowledgedMs: drill.acknowledgedMs, reason: drill.reason } : null,
    isDrillPlanned: (await readProofSetting(db, 'drillPlan')).enabled,
    nowMs,
    lateMs,
  }
}
