import { ORPCError } from '@orpc/server'
import { mayRead, mayReadRecord, namingFields, type RegisterDefinition } from '@roomkeeper/shared/registers'
import type { Request, Response } from 'express'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { Db } from '../database/schema.ts'
import { DEFINITIONS } from '../registers/definitions/index.ts'
import { loadRecord, roomNames } from '../registers/rows.ts'
import type { ReportFormat } from '../reports/document.ts'
import { ledgerBlocks } from '../reports/record/ledger-blocks.ts'
import { loadWholeRecord } from '../reports/record/load-record.ts'
import { recordBlocks } from '../reports/record/record-blocks.ts'
import { renderReport } from '../reports/render-report.ts'
import { languageOf, reportHead } from '../reports/report-head.ts'
import { sendReport } from '../reports/send-report.ts'
import { reportWords } from '../reports/words.ts'
import type { Actor } from './base.ts'
import type { ExtraRoute } from './http-server.ts'

export interface RecordExportDeps {
  db: Db
  clock: { nowMs(): number }
  log: Logger
  timeZone: string
  /** The dashboard's address with this path; undefined while the server does not know its own. */
  pageUrl(path: string): string | undefined
  /** Tests have their own. */
  definitions?: readonly RegisterDefinition[]
}

/** Records and ledgers as PDF and Excel; each register names its own readers. */
export function recordExportRoutes(deps: RecordExportDeps): ExtraRoute[] {
  const list = '/api/registers/:register/records'
  const common = { method: 'GET', permission: 'registers.read' } as const
  return [
    {
      ...common,
      path: `${list}/:recordId/record.pdf`,
      summary: 'One record as PDF with signatures, timeline and proof (?language=zh|en)',
      handler: (request, response, actor) => sendRecord(deps, request, response, actor),
    },
    ...(['pdf', 'xlsx'] as const).map((format) => ({
      ...common,
      path: `/api/registers/:register/records.${format}`,
      summary: `The ledger of a register as ${format === 'pdf' ? 'PDF' : 'Excel'}, with the filters of the list (?language=zh|en)`,
      handler: (request: Request, response: Response, actor: Actor) => sendLedger(deps, format, request, response, actor),
    })),
  ]
}

const FORBIDDEN = { message: '没有权限 / Not permitted' }
const NOT_FOUND = { message: '没有这条记录 / No such record' }

async function sendRecord(deps: RecordExportDeps, request: Request, response: Response, actor: Actor): Promise<void> {
  const definition = readable(deps, request, actor)
  const recordId = Number(request.params.recordId)
  if (!Number.isSafeInteger(recordId) || recordId < 1) throw new ORPCError('NOT_FOUND', NOT_FOUND)
  const asked = await loadRecord(deps.db, definition.name, recordId)
  if (asked && !mayReadRecord(definition, asked, actor)) throw new ORPCError('FORBIDDEN', FORBIDDEN)
  const record = asked && (await loadWholeRecord(deps.db, definition.name, recordId))
  if (!record) throw new ORPCError('NOT_FOUND', NOT_FOUND)
  const words = reportWords(languageOf(request.query.language), deps.timeZone)
  const path = `/registers/${definition.name}/${recordId}`
  const blocks = recordBlocks({ db: deps.db, definition, record, words, url: deps.pageUrl(path) ?? path })
  const title = `${words.of(definition.title)} ${record.row.number}`
  const head = await reportHead(deps.db, { title, words, by: actor.name, nowMs: deps.clock.nowMs(), layout: 'portrait' })
  await sendReport(response, deps.log, {
    format: 'pdf',
    name: title,
    ascii: record.row.number,
    chunks: renderReport({ format: 'pdf', head, blocks }),
  })
}

const optionalText = z.string().trim().max(100).optional()
const filterSchema = z.object({
  state: optionalText,
  phase: z.enum(['open', 'done', 'overdue', 'mine', 'all']).default('all'),
  roomId: z.coerce.number().int().positive().optional(),
  q: optionalText,
  fromMs: z.coerce.number().int().optional(),
  toMs: z.coerce.number().int().optional(),
})
/** Columns of a list from which on its paper lies across. */
const ACROSS_FROM = 4

async function sendLedger(deps: RecordExportDeps, format: ReportFormat, request: Request, response: Response, actor: Actor): Promise<void> {
  const definition = readable(deps, request, actor)
  const given = Object.fromEntries(Object.entries(request.query).filter(([, value]) => value !== ''))
  const parsed = filterSchema.safeParse(given)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const field = issue?.path.join('.') ?? ''
    throw new ORPCError('INVALID', {
      status: 422,
      message: `筛选条件有误：${field} / Wrong filter: ${field}`,
      data: { field, allowed: issue?.message ?? '' },
    })
  }
  const words = reportWords(languageOf(request.query.language), deps.timeZone)
  const title = words.of(definition.title)
  const nowMs = deps.clock.nowMs()
  const listed = definition.fields.filter(({ inList }) => inList).length
  const layout = definition.print?.list ?? (listed >= ACROSS_FROM ? 'landscape' : 'portrait')
  const head = await reportHead(deps.db, { title, words, by: actor.name, nowMs, layout })
  const asking = { accountId: actor.accountId, roles: actor.roles }
  const blocks = ledgerBlocks({
    db: deps.db,
    definition,
    filter: parsed.data,
    asking,
    nowMs,
    words,
    roomNames: await roomNames(deps.db),
    format,
  })
  const day = words.date(nowMs)
  await sendReport(response, deps.log, {
    format,
    name: `${title} ${day}`,
    ascii: `${definition.name}-${day}`,
    chunks: renderReport({ format, head, blocks }),
  })
}

function readable({ definitions = DEFINITIONS }: RecordExportDeps, request: Request, actor: Actor): RegisterDefinition {
  const definition = definitions.find(({ name }) => name === request.params.register)
  if (!definition) throw new ORPCError('NOT_FOUND', { message: '没有这个登记簿 / No such register' })
  // Whoever may read none but the own records, or those that name them, gets just those.
  if (!mayRead(definition, actor.roles) && namingFields(definition).length === 0) throw new ORPCError('FORBIDDEN', FORBIDDEN)
  return definition
}
