import { ORPCError } from '@orpc/server'
import type { Request } from 'express'
import type { Logger } from 'pino'
import type { Db } from '../database/schema.ts'
import { loadAddressBook } from '../network/address-rows.ts'
import { addressBlocks, labelBlocks, portBlocks } from '../network/export-blocks.ts'
import { filterPorts, loadPorts } from '../network/port-rows.ts'
import { invalidInput } from '../photos/photo-answers.ts'
import type { ReportFormat } from '../reports/document.ts'
import { renderReport } from '../reports/render-report.ts'
import { languageOf, reportHead } from '../reports/report-head.ts'
import { sendReport } from '../reports/send-report.ts'
import { reportWords } from '../reports/words.ts'
import type { Actor } from './base.ts'
import type { ExtraRoute } from './http-server.ts'

export interface NetworkExportDeps {
  db: Db
  clock: { nowMs(): number }
  log: Logger
  timeZone: string
}

type Handler = ExtraRoute['handler']

/** IP table and switch ports as Excel, and stickers for the ports (regulation T2: every switch port numbered). */
export function networkExportRoutes(deps: NetworkExportDeps): ExtraRoute[] {
  const { db, clock } = deps
  const common = { method: 'GET', permission: 'network.read' } as const
  const portsOf = async ({ query }: Request) =>
    filterPorts(await loadPorts(db), { switchName: textOf(query.switchName), q: textOf(query.q) })

  /** Name of the file and of the document; what it is of comes after it. */
  const answer = async (
    { request, response, actor }: { request: Request; response: Parameters<Handler>[1]; actor: Actor },
    { format, title, of, ascii, blocks }: Asked,
  ): Promise<void> => {
    const words = reportWords(languageOf(request.query.language), deps.timeZone)
    const nowMs = clock.nowMs()
    const name = [words.of(title), of].filter(Boolean).join(' ')
    const layout = format === 'pdf' ? 'portrait' : 'landscape'
    const head = await reportHead(db, { title: name, words, by: actor.name, nowMs, layout })
    const day = words.date(nowMs)
    const chunks = renderReport({ format, head, blocks: blocks(words) })
    await sendReport(response, deps.log, { format, name: `${name} ${day}`, ascii: `${ascii}-${day}`, chunks })
  }

  return [
    {
      ...common,
      path: '/api/addresses.xlsx',
      summary: 'The IP table as Excel, of one subnet with ?subnetId= (?language=zh|en); its first sheet can be read in again',
      handler: async (request, response, actor) => {
        const book = await loadAddressBook(db, clock.nowMs())
        const { subnetId } = request.query
        const subnet = book.subnets.find(({ id }) => String(id) === subnetId)
        if (subnetId !== undefined && !subnet) throw invalidInput('subnetId', '没有这个网段 / no such subnet')
        await answer(
          { request, response, actor },
          {
            ...{ format: 'xlsx', title: { zh: 'IP 地址表', en: 'IP table' }, of: subnet?.cidr ?? '', ascii: 'ip-table' },
            blocks: (words) => addressBlocks(book, subnet?.id, words),
          },
        )
      },
    },
    {
      ...common,
      path: '/api/switch-ports.xlsx',
      summary: 'Switch ports as Excel, with ?switchName= and ?q= as in the list (?language=zh|en); the sheet can be read in again',
      handler: async (request, response, actor) => {
        const ports = await portsOf(request)
        const title = { zh: '交换机端口', en: 'Switch ports' }
        const of = textOf(request.query.switchName) ?? ''
        await answer(
          { request, response, actor },
          { format: 'xlsx', title, of, ascii: 'switch-ports', blocks: (words) => portBlocks(ports, words) },
        )
      },
    },
    {
      ...common,
      path: '/api/switch-ports/labels.pdf',
      summary: 'Stickers of switch ports for A4 sheets of 3 x 10, with ?switchName= and ?q= as in the list (?language=zh|en)',
      handler: async (request, response, actor) => {
        const ports = await portsOf(request)
        if (ports.length === 0) throw new ORPCError('NOT_FOUND', { message: '没有符合的端口 / No port fits' })
        const title = { zh: '交换机端口标签', en: 'Labels of switch ports' }
        const of = textOf(request.query.switchName) ?? ''
        await answer({ request, response, actor }, { format: 'pdf', title, of, ascii: 'port-labels', blocks: () => labelBlocks(ports) })
      },
    },
  ]
}

interface Asked {
  format: ReportFormat
  title: { zh: string; en: string }
  of: string
  ascii: string
  blocks(words: ReturnType<typeof reportWords>): ReturnType<typeof labelBlocks>
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
