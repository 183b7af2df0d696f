import { createHash } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Database, Db } from '../../database/schema.ts'
import { queueNotice } from '../../notify/outbox.ts'
import { cut } from '../../notify/render/alarm-notice.ts'
import { NO_FACTS } from '../../notify/summaries.ts'
import type { ReadingStore } from '../../readings/reading-store.ts'
import type { ReportFormat } from '../document.ts'
import { loadPeriod, type PeriodData, type PeriodPoint } from '../period/load-period.ts'
import { blocksOf, periodTitle } from '../period/period-blocks.ts'
import { periodOf } from '../period/period-of.ts'
import { renderReport } from '../render-report.ts'
import { languageOf, reportHead } from '../report-head.ts'
import { reportWords } from '../words.ts'
import { reportMailText } from './report-mail.ts'
import { resolveRecipients } from './report-recipients.ts'
import { reportKindOf } from './report-rows.ts'

export type RunRow = Selectable<Database['reportRun']>

export interface MakeDeps {
  db: Db
  clock: { nowMs(): number }
  timeZone: string
  directory: { points: ReadonlyMap<number, PeriodPoint> }
  readings: Pick<ReadingStore, 'history' | 'textChanges'>
}

export interface MadeReport {
  title: string
  text: string
  files: { format: ReportFormat; name: string; bytes: Uint8Array }[]
}

/** The readings store did not answer; the same report may be whole later. */
export class ReadingsAwayError extends Error {
  override readonly name = 'ReadingsAwayError'
}

/** Makes the files of a run, one after the other, each by a thread. Throws what the database, the store (unless `evenIncomplete`) or the thread throws. */
export async function makeReport(deps: MakeDeps, run: RunRow, evenIncomplete: boolean): Promise<MadeReport> {
  const { db, clock, timeZone, readings: store, directory } = deps
  const nowMs = clock.nowMs()
  const kind = reportKindOf(run.kind)
  const words = reportWords(languageOf(run.language), timeZone)
  const span = periodOf(kind, run.period, timeZone)
  const data: PeriodData = await loadPeriod({ db, store, points: directory.points.values(), span, roomId: run.roomId, nowMs, timeZone })
  if (data.problem !== undefined && !evenIncomplete) throw new ReadingsAwayError(data.problem)
  const title = periodTitle(kind, run.period, run.roomId === null ? null : (data.rooms[0]?.name ?? run.roomName ?? ''), words)
  const by = run.startedBy ?? words.of({ zh: '定期报告', en: 'a schedule' })
  const head = await reportHead(db, { title, words, by, nowMs, layout: 'portrait' })
  const files: MadeReport['files'] = []
  for (const format of JSON.parse(run.formatsJson) as ReportFormat[]) {
    const chunks: Uint8Array[] = []
    for await (const chunk of renderReport({ format, head, blocks: blocksOf(data, words) })) chunks.push(chunk)
    files.push({ format, name: `${title.replace(/[/\\:*?"<>|\r\n]/g, '_')}.${format}`, bytes: Buffer.concat(chunks) })
  }
  const listed = files.map(({ name, bytes }) => ({ name, size: bytes.length }))
  return { title, text: reportMailText(data, { title, files: listed, startedBy: run.startedBy, words }), files }
}

/** Keeps the files and gives them to the outbox, in one transaction: after a kill there is all of it or nothing. Returns whether anything was queued. */
export async function queueReport(db: Db, run: RunRow, made: MadeReport, nowMs: number): Promise<boolean> {
  return db.transaction().execute(async (transaction) => {
    const done = await transaction
      .updateTable('reportRun')
      .set({ state: 'made', madeAtMs: nowMs, reasonJson: null })
      .where('id', '=', run.id)
      .where('state', '=', 'waiting')
      .returning('id')
      .executeTakeFirst()
    if (!done) return false
    const fileIds: number[] = []
    for (const { format, name, bytes } of made.files) {
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      const { id } = await transaction
        .insertInto('reportFile')
        .values({ runId: run.id, format, name, size: bytes.length, sha256, data: bytes })
        .returning('id')
        .executeTakeFirstOrThrow()
      fileIds.push(id)
    }
    const recipients = await resolveRecipients(transaction, {
      accountIds: JSON.parse(run.accountIdsJson) as number[],
      addresses: JSON.parse(run.addressesJson) as string[],
    })
    for (const { channelId, accountId, name, address, problem } of recipients) {
      const to = { channelId: channelId ?? 0, accountId, name, address, language: languageOf(run.language) }
      const outboxId =
        channelId === null
          ? null
          : await queueNotice(
              transaction,
              {
                key: `report/${run.id}/${address}`,
                to,
                title: cut(made.title),
                text: made.text,
                kind: 'report',
                priority: 'low',
                alarmId: null,
                transitionId: null,
                incidentId: null,
                tier: 0,
                detail: { path: `/reports?run=${run.id}`, atMs: nowMs, facts: NO_FACTS, fileIds },
              },
              nowMs,
            )
      await transaction
        .insertInto('reportDelivery')
        .values({
          runId: run.id,
          ...{ accountId, name, address },
          outboxId: outboxId ?? null,
          state: outboxId == null ? 'none' : 'pending',
          answer: problem ?? '',
          attempts: 0,
          finishedAtMs: outboxId == null ? nowMs : null,
        })
        .execute()
    }
    return recipients.some(({ channelId }) => channelId !== null)
  })
}
