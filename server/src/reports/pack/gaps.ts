import { CLAUSES, type Clause, type RegisterDefinition, type Words } from '@roomkeeper/shared/registers'
import { clauseServices } from '../../registers/clause-evidence.ts'
import { kindText } from '../record/field-text.ts'
import type { ReportWords } from '../words.ts'
import type { Environment } from './environment.ts'
import type { PackData, RecordLine } from './pack-data.ts'

/** What an inspector would find missing; named first, so that nobody has to search for it. */
export interface Gap {
  kind: 'no-record' | 'missed' | 'incident-open' | 'no-readings' | 'emergency' | 'unsigned' | 'overdue' | 'no-schedule' | 'chain'
  clause: Clause | null
  text: Words
}

export const GAP_KINDS: Record<Gap['kind'], Words> = {
  chain: { zh: '审计链不完整', en: 'The audit chain is broken' },
  'no-record': { zh: '条款没有任何记录', en: 'Clauses without any record' },
  'no-schedule': { zh: '没有排期', en: 'Without a schedule' },
  missed: { zh: '到期未做', en: 'Missed due times' },
  overdue: { zh: '逾期未办', en: 'Overdue records' },
  'incident-open': { zh: '事件未关闭', en: 'Incidents not closed' },
  emergency: { zh: '紧急处理未补批', en: 'Emergency changes not approved yet' },
  unsigned: { zh: '草稿未签名', en: 'Unsigned drafts' },
  'no-readings': { zh: '没有读数的时段', en: 'Stretches without readings' },
}
const ORDER = Object.keys(GAP_KINDS) as Gap['kind'][]

/** Longest stretches named for one room and kind; the rest is counted. */
const STRETCHES_NAMED = 10

/** Without `environment`: all but the stretches without readings. */
export function gapsOf(data: PackData, environment: Environment | undefined, wordsOf: (language: 'zh' | 'en') => ReportWords): Gap[] {
  const gaps: Gap[] = []
  const add = (kind: Gap['kind'], clause: Clause | null, text: (words: ReportWords) => string): void => {
    gaps.push({ kind, clause, text: { zh: text(wordsOf('zh')), en: text(wordsOf('en')) } })
  }
  const definitionOf = (name: string): RegisterDefinition | undefined => data.definitions.find((one) => one.name === name)
  const clauseOf = (name: string): Clause | null => {
    const definition = definitionOf(name)
    return definition ? homeClause(definition) : null
  }
  const title = (name: string, words: ReportWords): string => {
    const definition = definitionOf(name)
    return definition ? words.of(definition.title) : name
  }
  const line = (record: RecordLine, words: ReportWords): string =>
    [...new Set([title(record.register, words), record.number, record.roomName, record.title, record.createdBy])]
      .filter((part) => part !== '')
      .join(' · ')

  const brokenAt = data.chainBrokenAtSeq
  if (brokenAt !== null)
    add('chain', 'S4', ({ of }) => of({ zh: `第 ${brokenAt} 条与前一条不符`, en: `Entry ${brokenAt} does not fit the one before it` }))
  for (const clause of clausesWithoutRecord(data, environment)) add('no-record', clause, ({ of }) => of(CLAUSES[clause]))
  for (const { register, roomName } of withoutSchedule(data))
    add('no-schedule', clauseOf(register), (words) => [title(register, words), roomName].filter((part) => part !== '').join(' · '))
  for (const schedule of data.schedules)
    for (const { dueAtMs, doneAtMs } of schedule.missed)
      add('missed', clauseOf(schedule.register), (words) => {
        const what = [title(schedule.register, words), schedule.title, schedule.roomName].filter((part) => part !== '')
        const late =
          doneAtMs === null
            ? words.of({ zh: '一直未做', en: 'never done' })
            : words.of({ zh: `${words.time(doneAtMs)} 补做`, en: `done late, ${words.time(doneAtMs)}` })
        return `${[...new Set(what)].join(' · ')} · ${words.of({ zh: '应于', en: 'due' })} ${words.time(dueAtMs)} · ${late}`
      })
  for (const record of data.overdue)
    add('overdue', clauseOf(record.register), (words) => {
      const since = record.dueAtMs === null ? '' : `${words.of({ zh: '应于', en: 'due' })} ${words.time(record.dueAtMs)}`
      return `${line(record, words)} · ${since}`
    })
  for (const { id, state, openedAtMs, roomName, deviceName } of data.incidents.incidents)
    if (state !== 'closed')
      add('incident-open', 'E2', (words) => {
        const where = [roomName, deviceName].filter((part) => part !== '').join(' · ')
        const what = state === 'submitted' ? words.of({ zh: '待审核', en: 'waiting for review' }) : words.of({ zh: '处理中', en: 'open' })
        return `${words.of({ zh: '事件', en: 'Incident' })} #${id} · ${where} · ${words.time(openedAtMs)} · ${what}`
      })
  for (const record of data.emergencies) add('emergency', 'A4', (words) => `${line(record, words)} · ${words.time(record.whenMs)}`)
  for (const record of data.drafts)
    add('unsigned', clauseOf(record.register), (words) => `${line(record, words)} · ${words.time(record.whenMs)}`)
  addReadingGaps(environment, add)
  return gaps.sort((one, other) => ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind))
}

/** Clauses that records should speak of, and none does. Where the system itself keeps a clause, and nothing abnormal happened, there need be none. */
function clausesWithoutRecord(data: PackData, environment: Environment | undefined): Clause[] {
  const isEvident: Record<string, () => boolean> = {
    readings: () => environment === undefined || environment.months.some(({ covered }) => covered > 0),
    // Where rooms are watched, no alarm and no incident says that nothing was abnormal.
    alarms: () => data.rooms.length > 0,
    incidents: () => data.rooms.length > 0,
    audit: () => data.chain.head !== undefined,
    network: () => data.network.addresses + data.network.ports > 0,
    limits: () => data.rooms.length > 0,
  }
  return clauseServices(data.definitions).flatMap(({ clause, registers, parts }) => {
    // A draft is no record yet.
    const hasRecord = registers.some(({ name }) =>
      data.registers.some(({ definition, done, open }) => definition.name === name && done + open > 0),
    )
    return hasRecord || parts.some(({ name }) => isEvident[name]?.() ?? true) ? [] : [clause]
  })
}

/** Of the clauses that a register serves the one under which its records are listed: that of inspections for what is inspected, else the first. */
export function homeClause({ clauses }: RegisterDefinition): Clause | null {
  return ((clauses.find((clause) => clause.startsWith('I')) ?? clauses[0]) as Clause | undefined) ?? null
}

function withoutSchedule(data: PackData): { register: string; roomName: string }[] {
  const rooms = data.rooms.filter(({ id }) => data.roomId === null || data.roomId === id)
  return data.definitions.flatMap(({ name, schedule }) => {
    if (!schedule) return []
    const own = data.schedules.filter(({ register }) => register === name)
    if (!schedule.perRoom) return own.length > 0 ? [] : [{ register: name, roomName: '' }]
    return rooms.filter(({ id }) => !own.some(({ roomId }) => roomId === id)).map((room) => ({ register: name, roomName: room.name }))
  })
}

function addReadingGaps(
  environment: Environment | undefined,
  add: (kind: 'no-readings', clause: 'E1', text: (words: ReportWords) => string) => void,
): void {
  if (environment?.problem !== undefined) {
    const { problem } = environment
    add('no-readings', 'E1', ({ of }) => of({ zh: `读数库未应答：${problem}`, en: `The readings store did not answer: ${problem}` }))
  }
  for (const own of Map.groupBy(environment?.gaps ?? [], ({ roomName, kind }) => `${roomName} ${kind}`).values()) {
    const longest = [...own].sort((one, other) => other.toMs - other.fromMs - (one.toMs - one.fromMs))
    const [first] = longest
    if (!first) continue
    for (const { roomName, kind, fromMs, toMs } of longest.slice(0, STRETCHES_NAMED))
      add(
        'no-readings',
        'E1',
        (words) =>
          `${roomName} · ${kindText(kind, words)} · ${words.time(fromMs)} — ${words.time(toMs)} (${words.duration(toMs - fromMs)})`,
      )
    const rest = longest.length - STRETCHES_NAMED
    if (rest > 0)
      add('no-readings', 'E1', (words) =>
        words.of({
          zh: `${first.roomName} · ${kindText(first.kind, words)} · 另有 ${rest} 段较短的`,
          en: `${first.roomName} · ${kindText(first.kind, words)} · and ${rest} shorter ones`,
        }),
      )
  }
}
