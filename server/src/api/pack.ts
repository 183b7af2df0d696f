import { packKey } from '@roomkeeper/shared/http'
import { CLAUSES } from '@roomkeeper/shared/registers'
import type { Request, Response } from 'express'
import type { Logger } from 'pino'
import type { Db } from '../database/schema.ts'
import type { ReadingStore } from '../readings/reading-store.ts'
import { clauseServices } from '../registers/clause-evidence.ts'
import type { ReportFormat } from '../reports/document.ts'
import type { EnvironmentPoint } from '../reports/pack/environment.ts'
import { gapsOf } from '../reports/pack/gaps.ts'
import { packBlocks } from '../reports/pack/pack-blocks.ts'
import { loadPackData } from '../reports/pack/pack-data.ts'
import { periodProblem } from '../reports/pack/pack-period.ts'
import { type Period, periodText, wholeDays } from '../reports/pack/period.ts'
import { renderReport } from '../reports/render-report.ts'
import { languageOf, reportHead } from '../reports/report-head.ts'
import { sendReport } from '../reports/send-report.ts'
import { reportWords } from '../reports/words.ts'
import { type Actor, actorOf, api } from './base.ts'
import type { ExtraRoute } from './http-server.ts'
import { invalid, roomOf } from './report-query.ts'

export interface PackDeps {
  db: Db
  clock: { nowMs(): number }
  log: Logger
  timeZone: string
  directory: { points: ReadonlyMap<number, EnvironmentPoint> }
  readings: Pick<ReadingStore, 'history'>
}

/** Downloads under way, by who asked and the browser's key. */
type Progress = Map<string, { share: number; text: string }>

/** The inspection pack: what it holds at once as JSON, and the pack itself as PDF and Excel. */
export function createPack(deps: PackDeps) {
  const progress: Progress = new Map()
  const { pack } = api
  const handlers = {
    overview: pack.overview.handler(async ({ input }) => {
      const period = checkPeriod(input, deps.timeZone)
      const data = await loadPackData(deps.db, {
        period,
        roomId: input.roomId ?? null,
        nowMs: deps.clock.nowMs(),
        timeZone: deps.timeZone,
      })
      const gaps = gapsOf(data, undefined, (language) => reportWords(language, deps.timeZone))
      const { head } = data.chain
      return {
        ...period,
        records: data.registers.reduce((sum, { total }) => sum + total, 0),
        incidents: data.incidents.incidents.length,
        alarms: data.alarms.reduce((sum, { raised }) => sum + raised, 0),
        chainHead: head ? { seq: head.seq, hash: head.hash } : null,
        clauses: clauseServices(data.definitions).map(({ clause, registers, parts }) => ({
          clause,
          title: CLAUSES[clause],
          registers: registers.map(({ name, title }) => {
            const counted = data.registers.find(({ definition }) => definition.name === name)
            return {
              register: name,
              title,
              total: counted?.total ?? 0,
              done: counted?.done ?? 0,
              open: (counted?.open ?? 0) + (counted?.drafts ?? 0),
            }
          }),
          parts: parts.map(({ title }) => title),
          gaps: gaps.filter((gap) => gap.clause === clause).length,
        })),
        gaps,
      }
    }),
    progress: pack.progress.handler(
      ({ input, context }) => progress.get(progressKey(actorOf(context), input.key)) ?? { share: 0, text: '' },
    ),
  }
  const extraRoutes = (['pdf', 'xlsx'] as const).map(
    (format): ExtraRoute => ({
      method: 'GET',
      path: `/api/pack.${format}`,
      permission: 'pack.read',
      summary: `The inspection pack as ${format === 'pdf' ? 'PDF' : 'Excel'} (?fromMs=&toMs=&roomId=&language=zh|en&key=)`,
      handler: (request, response, actor) => sendPack(deps, progress, format, request, response, actor),
    }),
  )
  return { handlers, extraRoutes }
}

async function sendPack(
  deps: PackDeps,
  progress: Progress,
  format: ReportFormat,
  { query }: Request,
  response: Response,
  actor: Actor,
): Promise<void> {
  const { db, clock, log, timeZone, readings, directory } = deps
  const period = checkPeriod({ fromMs: Number(query.fromMs ?? Number.NaN), toMs: Number(query.toMs ?? Number.NaN) }, timeZone)
  const roomId = (await roomOf(db, query.roomId))?.id ?? null
  const words = reportWords(languageOf(query.language), timeZone)
  const nowMs = clock.nowMs()
  const title = words.of({ zh: '机房管理检查资料包', en: 'Machine room inspection pack' })
  const span = periodText(period, timeZone).replace('/', '_')
  const head = await reportHead(db, { title: `${title} ${span.replace('_', ' — ')}`, words, by: actor.name, nowMs, layout: 'portrait' })
  const given = packKey.safeParse(query.key)
  const key = given.success ? progressKey(actor, given.data) : undefined
  const blocks = packBlocks({ db, store: readings, points: directory.points.values(), period, roomId, nowMs, timeZone, words, format })
  const onProgress = (share: number, text: string): void => {
    if (key !== undefined) progress.set(key, { share, text })
  }
  try {
    await sendReport(response, log, {
      format,
      name: `${title} ${span}`,
      ascii: `inspection-pack-${span}`,
      chunks: renderReport({ format, head, blocks, onProgress }),
    })
  } finally {
    if (key !== undefined) progress.delete(key)
  }
}

function checkPeriod(asked: Period, timeZone: string): Period {
  const problem = periodProblem(asked)
  if (problem) throw invalid(problem.field, problem.allowed)
  return wholeDays(asked, timeZone)
}

function progressKey({ accountId, username }: Actor, key: string): string {
  return `${accountId ?? username} ${key}`
}
