import { CLAUSES } from '@roomkeeper/shared/registers'
import type { Db } from '../../database/schema.ts'
import type { ReadingStore } from '../../readings/reading-store.ts'
import { type ClauseService, clauseServices, type ProductPart } from '../../registers/clause-evidence.ts'
import type { Block, ReportFormat } from '../document.ts'
import { ledgerTable } from '../record/ledger-blocks.ts'
import { type ReportWords, reportWords } from '../words.ts'
import { chainText } from './chain-heads.ts'
import { CLAUSE_GROUPS } from './clause-groups.ts'
import { type Environment, type EnvironmentPoint, loadEnvironment } from './environment.ts'
import { GAP_KINDS, type Gap, gapsOf, homeClause } from './gaps.ts'
import { loadPackData, type PackData, type PackQuery } from './pack-data.ts'
import * as tables from './pack-tables.ts'
import { periodText } from './period.ts'

export interface PackPaper extends PackQuery {
  db: Db
  store: Pick<ReadingStore, 'history'>
  points: Iterable<EnvironmentPoint>
  words: ReportWords
  format: ReportFormat
}

interface Section extends PackPaper {
  data: PackData
  environment: Environment
  /** Parts that an earlier clause has shown already: where. */
  shown: Map<string, string>
}

/** Every clause with its evidence; what is missing comes first. */
export async function* packBlocks(paper: PackPaper): AsyncGenerator<Block, void, undefined> {
  const { db, words, period, nowMs, timeZone, roomId } = paper
  yield { kind: 'progress', share: 0.02, text: words.of({ zh: '读取记录', en: 'Reading records' }) }
  const data = await loadPackData(db, paper)
  const points = [...paper.points].filter(({ device }) => roomId === null || device.room.id === roomId)
  const loading = progressed<Environment>((report) =>
    loadEnvironment(paper.store, points, period, { nowMs, timeZone, onShare: (share) => report(0.05 + share * 0.45) }),
  )
  const reading = words.of({ zh: '统计环境读数', en: 'Summing up readings' })
  for (let step = await loading.next(); ; step = await loading.next()) {
    if (step.done) {
      const section: Section = { ...paper, data, environment: step.value, shown: new Map() }
      return yield* packSections(section)
    }
    yield { kind: 'progress', share: step.value, text: reading }
  }
}

async function* packSections(section: Section): AsyncGenerator<Block, void, undefined> {
  const { data, environment, words, timeZone } = section
  const gaps = gapsOf(data, environment, (language) => reportWords(language, timeZone))
  const services = clauseServices(data.definitions)
  yield { kind: 'sheet', name: words.of({ zh: '封面', en: 'Cover' }) }
  yield coverBlock(section, gaps)
  yield { kind: 'contents', title: words.of({ zh: '目录', en: 'Contents' }), entries: services.length + CLAUSE_GROUPS.length + 2 }
  yield { kind: 'page' }
  yield { kind: 'sheet', name: words.of({ zh: '缺口', en: 'Gaps' }) }
  yield* gapBlocks(gaps, words)
  let done = 0
  for (const { letter, title } of CLAUSE_GROUPS) {
    yield { kind: 'page' }
    yield { kind: 'sheet', name: `${letter} ${words.of(title)}` }
    yield { kind: 'heading', level: 1, text: `${letter}  ${words.of(title)}`, entry: true }
    for (const service of services.filter(({ clause }) => clause.startsWith(letter))) {
      yield* clauseBlocks(section, service, gaps)
      yield { kind: 'progress', share: 0.5 + (++done / services.length) * 0.4, text: service.clause }
    }
  }
  yield { kind: 'page' }
  yield { kind: 'sheet', name: words.of({ zh: '审计链', en: 'Audit chain' }) }
  yield* chainBlocks(section)
  yield { kind: 'progress', share: 0.92, text: words.of({ zh: '排版', en: 'Laying out' }) }
}

function coverBlock({ data, words, period, timeZone, nowMs }: Section, gaps: readonly Gap[]): Block {
  const of = words.of
  const records = data.registers.reduce((sum, { total }) => sum + total, 0)
  const none = gaps.length === 0
  return {
    kind: 'cover',
    title: of({ zh: '机房管理检查资料包', en: 'Machine room inspection pack' }),
    subtitle: periodText(period, timeZone).replace('/', of({ zh: ' 至 ', en: ' to ' })),
    facts: [
      [of({ zh: '机房', en: 'Rooms' }), data.roomName ?? (data.rooms.map(({ name }) => name).join(of({ zh: '、', en: ', ' })) || '—')],
      [of({ zh: '登记记录', en: 'Records' }), of({ zh: `${records} 条`, en: String(records) })],
      [
        of({ zh: '异常事件', en: 'Incidents' }),
        of({ zh: `${data.incidents.incidents.length} 起`, en: String(data.incidents.incidents.length) }),
      ],
      [
        of({ zh: '缺口', en: 'Gaps' }),
        [
          {
            text: none
              ? of({ zh: '没有', en: 'none' })
              : of({ zh: `${gaps.length} 处，见“缺口”一页`, en: `${gaps.length}, see the page “Gaps”` }),
            bold: true,
            tone: none ? 'good' : 'bad',
          },
        ],
      ],
      [
        of({ zh: '审计链', en: 'Audit chain' }),
        data.chainBrokenAtSeq === null
          ? [{ text: of({ zh: '完整，逐条重新计算无误', en: 'whole; every entry was computed anew' }), tone: 'good' }]
          : [
              {
                text: of({ zh: `第 ${data.chainBrokenAtSeq} 条起不符`, en: `broken at entry ${data.chainBrokenAtSeq}` }),
                tone: 'bad',
                bold: true,
              },
            ],
      ],
      [of({ zh: '生成时间', en: 'Made' }), words.time(nowMs)],
    ],
  }
}

function* gapBlocks(gaps: readonly Gap[], words: ReportWords): Generator<Block, void, undefined> {
  const none = gaps.length === 0
  yield { kind: 'heading', level: 1, text: words.of({ zh: '缺口', en: 'Gaps' }), entry: true, tone: none ? 'good' : 'bad' }
  if (none)
    return yield {
      kind: 'paragraph',
      text: [
        {
          text: words.of({
            zh: '没有发现缺口：每一条款都有记录，到期的都已完成。',
            en: 'None was found: each clause has its records, and what was due was done.',
          }),
          tone: 'good',
        },
      ],
    }
  for (const [kind, own] of Map.groupBy(gaps, (gap) => gap.kind)) {
    yield { kind: 'heading', level: 3, text: `${words.of(GAP_KINDS[kind])} (${own.length})`, tone: 'bad' }
    yield {
      kind: 'table',
      columns: [
        { title: words.of({ zh: '条款', en: 'Clause' }), width: 1 },
        { title: words.of({ zh: '缺口', en: 'Gap' }), width: 12 },
      ],
      rows: own.map(({ clause, text }) => [clause ?? '—', [{ text: words.of(text), tone: 'bad' }]]),
    }
  }
}

async function* clauseBlocks(section: Section, service: ClauseService, gaps: readonly Gap[]): AsyncGenerator<Block, void, undefined> {
  const { data, words, db, format, nowMs, period } = section
  const { clause, registers, parts } = service
  yield { kind: 'heading', level: 2, text: `${clause}  ${words.of(CLAUSES[clause])}`, entry: true }
  const own = gaps.filter((gap) => gap.clause === clause).length
  if (own > 0)
    yield {
      kind: 'paragraph',
      text: [
        {
          text: words.of({ zh: `本条款有 ${own} 处缺口，见“缺口”一页。`, en: `${own} gaps, see the page “Gaps”.` }),
          tone: 'bad',
          bold: true,
        },
      ],
    }
  for (const definition of registers) {
    const counted = data.registers.find((one) => one.definition.name === definition.name)
    if (!counted) continue
    const { total, done, open, drafts } = counted
    const title = words.of(definition.title)
    const summary = words.of({
      zh: `${title}：${total} 条（完成 ${done}，办理中 ${open}，草稿 ${drafts}）`,
      en: `${title}: ${total} records (${done} done, ${open} open, ${drafts} drafts)`,
    })
    const home = homeClause(definition)
    if (home !== clause) {
      yield { kind: 'paragraph', text: `${summary}${words.of({ zh: `，列于 ${home}`, en: `, listed under ${home}` })}` }
      continue
    }
    yield { kind: 'heading', level: 3, text: summary }
    const schedules = data.schedules.filter(({ register }) => register === definition.name)
    if (schedules.length > 0) yield tables.scheduleTable(schedules, words)
    if (total === 0) continue
    const filter = {
      phase: 'all' as const,
      fromMs: period.fromMs,
      toMs: period.toMs,
      ...(data.roomId !== null && definition.byRoom ? { roomId: data.roomId } : {}),
    }
    const roomNames = new Map(data.rooms.map(({ id, name }) => [id, name]))
    yield* ledgerTable({ db, definition, filter, asking: null, nowMs, words, roomNames, format: format === 'xlsx' ? 'pdf' : format })
  }
  for (const part of parts) yield* partBlocks(section, part, clause)
}

/** What a part of the product itself has to show; once, later clauses refer to it. */
async function* partBlocks(section: Section, part: ProductPart, clause: string): AsyncGenerator<Block, void, undefined> {
  const { data, words, db, environment, shown } = section
  const title = words.of(part.title)
  const key = part.name === 'audit' ? `audit ${clause}` : part.name
  const earlier = shown.get(key)
  if (earlier !== undefined)
    return yield { kind: 'paragraph', text: words.of({ zh: `${title}：见 ${earlier}`, en: `${title}: see ${earlier}` }) }
  shown.set(key, clause)
  switch (part.name) {
    case 'readings':
      yield { kind: 'heading', level: 3, text: title }
      return yield* tables.environmentBlocks(environment, words)
    case 'alarms':
      return yield* tables.alarmBlocks(data.alarms, words)
    case 'incidents':
      return yield* tables.incidentBlocks(data, words)
    case 'limits':
      yield { kind: 'heading', level: 3, text: title }
      return yield* tables.limitBlocks(db, data, words)
    case 'roles':
      yield { kind: 'heading', level: 3, text: title }
      return yield* tables.accountBlocks(data, words)
    case 'audit':
      if (clause === 'A5') {
        yield {
          kind: 'heading',
          level: 3,
          text: words.of({ zh: `设置变更：${data.settings} 次`, en: `Changes of settings: ${data.settings}` }),
        }
        return yield* tables.settingBlocks(db, data, words)
      }
      return yield { kind: 'paragraph', text: words.of({ zh: `${title}：见“审计链”`, en: `${title}: see “Audit chain”` }) }
    case 'network': {
      const { subnets, addresses, ports } = data.network
      return yield {
        kind: 'paragraph',
        text: words.of({
          zh: `${title}：${subnets} 个子网，${addresses} 个地址，${ports} 个交换机端口（当前）`,
          en: `${title}: ${subnets} subnets, ${addresses} addresses, ${ports} switch ports (at present)`,
        }),
      }
    }
    default:
      yield { kind: 'paragraph', text: title }
  }
}

function* chainBlocks({ data, words, period, timeZone }: Section): Generator<Block, void, undefined> {
  yield { kind: 'heading', level: 1, text: words.of({ zh: '审计链', en: 'Audit chain' }), entry: true }
  const { head, weeks } = data.chain
  if (!head)
    return yield {
      kind: 'paragraph',
      text: [{ text: words.of({ zh: '期间内没有审计记录。', en: 'The audit trail has no entry in the period.' }), tone: 'bad' }],
    }
  yield {
    kind: 'paragraph',
    text: words.of({
      zh: '每条审计记录都含有前一条的哈希。以下为每周最后一条的哈希：以后任何一条被改动，都与这张纸对不上。用 roomkeeper verify-chain "二维码文字" 核对。',
      en: 'Each entry holds the hash of the one before it. These are the last of each week: whatever is changed later will not fit this paper. Compare with: roomkeeper verify-chain "text of the code".',
    }),
  }
  yield {
    kind: 'qr',
    text: chainText(head, period, timeZone),
    caption: words.of({ zh: '本期间审计链的末端', en: 'Head of the chain in this period' }),
  }
  if (weeks.length > 0) yield tables.chainTable(data.chain, words)
}

/** Runs work that reports its progress as a generator: yields the latest share now and then, returns what the work gives. */
async function* progressed<T>(work: (report: (share: number) => void) => Promise<T>): AsyncGenerator<number, T, undefined> {
  let share = 0
  let wake: () => void = () => undefined
  const running = work((now) => {
    share = now
    wake()
  })
  const ended = running.then(
    () => true,
    () => true,
  )
  let yielded = -1
  for (;;) {
    const isEnded = await Promise.race([
      ended,
      new Promise<false>((resolve) => {
        wake = () => resolve(false)
        if (share > yielded) resolve(false)
      }),
    ])
    if (isEnded) return await running
    yielded = share
    yield share
  }
}
