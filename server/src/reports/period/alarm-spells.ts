import { ALARM_PRIORITIES, type AlarmPriority } from '@roomkeeper/shared/model'
import type { Db } from '../../database/schema.ts'
import type { Period } from '../pack/period.ts'

/** One time an alarm stood: from its raise to its clear. */
export interface Spell {
  alarmId: number
  roomId: number | null
  deviceName: string
  condition: string
  source: string
  /** Kind of the point; null: the alarm is of no point. */
  kind: string | null
  priority: AlarmPriority
  raisedAtMs: number
  acknowledgedAtMs: number | null
  clearedAtMs: number | null
}

export type TransitionRow = Pick<Spell, 'alarmId' | 'roomId' | 'deviceName' | 'condition' | 'source' | 'kind' | 'priority'> & {
  event: string
  atMs: number
}

export interface PriorityFigures {
  priority: AlarmPriority
  raised: number
  acknowledged: number
  /** Mean time to acknowledge, and until cleared, ms; null: none was. */
  mttaMs: number | null
  mttrMs: number | null
}

export interface CauseFigures {
  condition: string
  /** Kind of the point, else what the alarm is of. */
  about: string
  raised: number
  mttaMs: number | null
  mttrMs: number | null
}

const PAGE = 2000

/** Spells that began in the period, oldest first; what was acknowledged and cleared after its end counts, until the alarm came back. */
export function foldSpells(rows: Iterable<TransitionRow>, { fromMs, toMs }: Period): Spell[] {
  const spells: Spell[] = []
  const open = new Map<number, Spell>()
  for (const { event, atMs, ...about } of rows) {
    if (event === 'raise') {
      open.delete(about.alarmId)
      if (atMs < fromMs || atMs >= toMs) continue
      const spell = { ...about, raisedAtMs: atMs, acknowledgedAtMs: null, clearedAtMs: null }
      open.set(about.alarmId, spell)
      spells.push(spell)
      continue
    }
    const spell = open.get(about.alarmId)
    if (!spell) continue
    // Clocks of people and devices differ: nothing takes less than no time.
    const notBefore = Math.max(atMs, spell.raisedAtMs)
    if (event === 'acknowledge') spell.acknowledgedAtMs ??= notBefore
    else if (event === 'clear') spell.clearedAtMs ??= notBefore
  }
  return spells
}

interface SpellQuery extends Period {
  /** null: of every room. */
  roomId: number | null
  /** What came later does not count; without it, everything up to now. */
  untilMs?: number
}

/** Drills are left out. */
export async function loadSpells(db: Db, { roomId, untilMs, ...period }: SpellQuery): Promise<Spell[]> {
  const rows: TransitionRow[] = []
  for (let afterId = 0; ; ) {
    let query = db
      .selectFrom('alarmTransition')
      .innerJoin('alarm', 'alarm.id', 'alarmTransition.alarmId')
      .leftJoin('point', 'point.id', 'alarm.pointId')
      .leftJoin('device', 'device.id', 'alarm.deviceId')
      .select(['alarmTransition.id', 'alarmTransition.alarmId', 'alarmTransition.event', 'alarmTransition.atMs'])
      .select(['alarm.priority', 'alarm.condition', 'alarm.source', 'alarm.roomId', 'point.kind', 'device.name as deviceName'])
      .where('alarmTransition.id', '>', afterId)
      .where('alarmTransition.atMs', '>=', period.fromMs)
      .where('alarmTransition.event', 'in', ['raise', 'acknowledge', 'clear'])
      .where('alarm.drill', '=', 0)
      .where('alarm.id', 'in', (select) =>
        select
          .selectFrom('alarmTransition as raised')
          .select('raised.alarmId')
          .where('raised.event', '=', 'raise')
          .where('raised.atMs', '>=', period.fromMs)
          .where('raised.atMs', '<', period.toMs),
      )
    if (roomId !== null) query = query.where('alarm.roomId', '=', roomId)
    if (untilMs !== undefined) query = query.where('alarmTransition.atMs', '<', untilMs)
    const page = await query.orderBy('alarmTransition.id').limit(PAGE).execute()
    for (const { id, deviceName, priority, ...row } of page) {
      afterId = id
      rows.push({ ...row, deviceName: deviceName ?? '', priority: priority as AlarmPriority })
    }
    if (page.length < PAGE) break
  }
  return foldSpells(rows, period)
}

/** Mean time to acknowledge and to clear, of those that were; the most severe first. */
export function byPriority(spells: readonly Spell[]): PriorityFigures[] {
  return ALARM_PRIORITIES.map((priority) => {
    const own = spells.filter((spell) => spell.priority === priority)
    return {
      priority,
      raised: own.length,
      acknowledged: own.filter(({ acknowledgedAtMs }) => acknowledgedAtMs !== null).length,
      ...means(own),
    }
  }).reverse()
}

/** The most frequent first. */
export function byCause(spells: readonly Spell[]): CauseFigures[] {
  const groups = Map.groupBy(spells, ({ condition, kind, source }) => `${condition} ${kind ?? source}`)
  return [...groups.values()]
    .flatMap((own) => {
      const [first] = own
      return first ? [{ condition: first.condition, about: first.kind ?? first.source, raised: own.length, ...means(own) }] : []
    })
    .sort((one, other) => other.raised - one.raised || one.condition.localeCompare(other.condition))
}

export function means(spells: readonly Spell[]): { mttaMs: number | null; mttrMs: number | null } {
  const mean = (of: (spell: Spell) => number | null): number | null => {
    const spans = spells.flatMap((spell) => {
      const atMs = of(spell)
      return atMs === null ? [] : [atMs - spell.raisedAtMs]
    })
    return spans.length === 0 ? null : spans.reduce((sum, ms) => sum + ms, 0) / spans.length
  }
  return { mttaMs: mean((spell) => spell.acknowledgedAtMs), mttrMs: mean((spell) => spell.clearedAtMs) }
}

/** One that still stands counts until now. */
export function longest(spells: readonly Spell[], nowMs: number, count = 10): (Spell & { lastedMs: number })[] {
  return spells
    .map((spell) => ({ ...spell, lastedMs: Math.max(0, (spell.clearedAtMs ?? nowMs) - spell.raisedAtMs) }))
    .sort((one, other) => other.lastedMs - one.lastedMs)
    .slice(0, count)
}
