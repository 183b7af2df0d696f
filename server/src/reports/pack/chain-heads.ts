import { verifyAudit } from '../../audit/audit.ts'
import type { Db } from '../../database/schema.ts'
import { isoWeekOf, type Period, periodText } from './period.ts'

export interface ChainHead {
  seq: number
  hash: string
  atMs: number
}

export interface PeriodChain {
  /** The last entry of each ISO week of the period that has one, in order. */
  weeks: (ChainHead & { week: string; entries: number })[]
  /** The last entry of the period; undefined: it has none. */
  head: ChainHead | undefined
}

const PAGE = 2000

/** The audit trail's last entry of each week: printed, they prove later that nothing before them was changed. */
export async function loadChain(db: Db, { fromMs, toMs }: Period, timeZone: string): Promise<PeriodChain> {
  const weeks = new Map<string, ChainHead & { week: string; entries: number }>()
  let head: ChainHead | undefined
  for (let seq = 0; ; ) {
    const rows = await db
      .selectFrom('audit')
      .select(['seq', 'hash', 'atMs'])
      .where('seq', '>', seq)
      .where('atMs', '>=', fromMs)
      .where('atMs', '<', toMs)
      .orderBy('seq')
      .limit(PAGE)
      .execute()
    for (const row of rows) {
      const week = isoWeekOf(row.atMs, timeZone)
      weeks.set(week, { ...row, week, entries: (weeks.get(week)?.entries ?? 0) + 1 })
      head = row
      seq = row.seq
    }
    if (rows.length < PAGE) break
  }
  return { weeks: [...weeks.values()].sort((one, other) => one.seq - other.seq), head }
}

/** What the QR code of a pack says: `ROOMKEEPER-CHAIN v1 seq hash period`. */
export function chainText({ seq, hash }: ChainHead, period: Period, timeZone: string): string {
  return `ROOMKEEPER-CHAIN v1 ${seq} ${hash} ${periodText(period, timeZone)}`
}

export type ChainAnswer =
  /** `brokenAtSeq`: something after it was changed; null: the whole trail fits. */
  | { kind: 'contained'; seq: number; rows: number; brokenAtSeq: number | null }
  | { kind: 'unreadable' }
  | { kind: 'missing'; seq: number; rows: number }
  | { kind: 'different'; seq: number; found: string }
  | { kind: 'broken'; brokenAtSeq: number }

/** Whether the present audit trail still contains the entry that was printed, and fits up to it: then nothing up to it was changed since. */
export async function checkChainText(db: Db, text: string): Promise<ChainAnswer> {
  const match = /^ROOMKEEPER-CHAIN v1 (\d{1,15}) ([0-9a-f]{64})(?: |$)/.exec(text.trim())
  if (!match) return { kind: 'unreadable' }
  const seq = Number(match[1])
  const printed = String(match[2])
  const row = await db.selectFrom('audit').select('hash').where('seq', '=', seq).executeTakeFirst()
  const verified = await verifyAudit(db)
  const { brokenAtSeq } = verified
  if (brokenAtSeq !== null && brokenAtSeq <= seq) return { kind: 'broken', brokenAtSeq }
  if (!row) return { kind: 'missing', seq, rows: verified.rows }
  if (row.hash !== printed) return { kind: 'different', seq, found: row.hash }
  return { kind: 'contained', seq, rows: verified.rows, brokenAtSeq }
}
