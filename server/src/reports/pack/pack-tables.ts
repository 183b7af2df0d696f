import { POINT_KINDS, ROLES, type RoomClass } from '@roomkeeper/shared/model'
import type { Words } from '@roomkeeper/shared/registers'
import { unitSymbol } from '@roomkeeper/shared/units'
import type { Db } from '../../database/schema.ts'
import { builtInLimits } from '../../limits/limit-registry.ts'
import type { Block, Cell, RichText } from '../document.ts'
import type { PriorityFigures } from '../period/alarm-spells.ts'
import { kindText } from '../record/field-text.ts'
import { numberText, type ReportWords } from '../words.ts'
import type { Environment } from './environment.ts'
import { type PackData, settingsQuery } from './pack-data.ts'

export const PRIORITIES: Record<string, Words> = {
  critical: { zh: '紧急', en: 'Critical' },
  high: { zh: '高', en: 'High' },
  medium: { zh: '中', en: 'Medium' },
  low: { zh: '低', en: 'Low' },
}
const INCIDENT_STATES: Record<string, Words> = {
  open: { zh: '处理中', en: 'Open' },
  submitted: { zh: '待审核', en: 'Waiting for review' },
  closed: { zh: '已关闭', en: 'Closed' },
}

const muted = (text: string): Block => ({ kind: 'paragraph', text: [{ text, tone: 'muted' }] })
const number = (value: number | null, digits = 1): Cell => (value === null ? '—' : { text: numberText(value, digits), number: value })
const count = (value: number): Cell => ({ text: String(value), number: value })

function share(value: number | null): Cell {
  if (value === null) return '—'
  const text = `${(value * 100).toFixed(1)} %`
  const shown: RichText = value < 0.95 ? [{ text, tone: 'bad' }] : text
  return { text: shown, number: value }
}

export function* environmentBlocks(environment: Environment, words: ReportWords): Generator<Block, void, undefined> {
  if (environment.months.length === 0)
    return yield muted(words.of({ zh: '没有温度、湿度、电压测点。', en: 'There are no points of temperature, humidity or voltage.' }))
  yield muted(
    words.of({
      zh: '每个机房、每类读数、每月的最低、平均、最高值。“在限值内”为没有任何测点越限的小时占有读数小时的比例；“有读数”为有读数的小时占全月小时的比例。',
      en: 'Of each room, kind and month. In limits: hours in which no point left its limits, of the hours with readings. Covered: hours with readings, of all hours of the month.',
    }),
  )
  yield {
    kind: 'table',
    columns: [
      { title: words.of({ zh: '机房', en: 'Room' }), width: 2.4 },
      { title: words.of({ zh: '读数', en: 'Reading' }), width: 1.5 },
      { title: words.of({ zh: '月份', en: 'Month' }), width: 1.2 },
      { title: words.of({ zh: '单位', en: 'Unit' }), width: 0.8 },
      { title: words.of({ zh: '最低', en: 'Min' }), width: 1, align: 'right' },
      { title: words.of({ zh: '平均', en: 'Mean' }), width: 1, align: 'right' },
      { title: words.of({ zh: '最高', en: 'Max' }), width: 1, align: 'right' },
      { title: words.of({ zh: '在限值内', en: 'In limits' }), width: 1.2, align: 'right' },
      { title: words.of({ zh: '有读数', en: 'Covered' }), width: 1.2, align: 'right' },
    ],
    rows: environment.months.map(({ roomName, kind, month, unit, min, mean, max, inLimits, covered }) => [
      roomName,
      kindText(kind, words),
      month,
      unitSymbol(unit),
      number(min),
      number(mean),
      number(max),
      share(inLimits),
      share(covered),
    ]),
  }
}

export function* alarmBlocks(alarms: readonly PriorityFigures[], words: ReportWords): Generator<Block, void, undefined> {
  yield { kind: 'heading', level: 3, text: words.of({ zh: '告警', en: 'Alarms' }) }
  const time = (ms: number | null): Cell => (ms === null ? '—' : words.duration(ms))
  yield {
    kind: 'table',
    columns: [
      { title: words.of({ zh: '级别', en: 'Priority' }), width: 1 },
      { title: words.of({ zh: '发生次数', en: 'Raised' }), width: 1, align: 'right' },
      { title: words.of({ zh: '已确认', en: 'Acknowledged' }), width: 1, align: 'right' },
      { title: words.of({ zh: '平均确认时间 MTTA', en: 'Mean time to acknowledge (MTTA)' }), width: 1.8 },
      { title: words.of({ zh: '平均恢复时间 MTTR', en: 'Mean time to recover (MTTR)' }), width: 1.8 },
    ],
    rows: alarms.map(({ priority, raised, acknowledged, mttaMs, mttrMs }) => [
      words.of(PRIORITIES[priority] ?? { zh: priority, en: priority }),
      count(raised),
      count(acknowledged),
      time(mttaMs),
      time(mttrMs),
    ]),
  }
}

export function* incidentBlocks({ incidents: figures }: PackData, words: ReportWords): Generator<Block, void, undefined> {
  const { incidents, mttaMs, mttrMs } = figures
  yield { kind: 'heading', level: 3, text: words.of({ zh: '异常事件', en: 'Incidents' }) }
  if (incidents.length === 0) return yield muted(words.of({ zh: '期间内没有异常事件。', en: 'There was no incident in the period.' }))
  const time = (ms: number | null): string => (ms === null ? '—' : words.duration(ms))
  const notClosed = incidents.filter(({ state }) => state !== 'closed').length
  yield {
    kind: 'paragraph',
    text: words.of({
      zh: `共 ${incidents.length} 起，未关闭 ${notClosed} 起；平均确认时间 MTTA ${time(mttaMs)}，平均恢复时间 MTTR ${time(mttrMs)}。`,
      en: `${incidents.length} in all, ${notClosed} not closed; MTTA ${time(mttaMs)}, MTTR ${time(mttrMs)}.`,
    }),
  }
  yield {
    kind: 'table',
    columns: [
      { title: words.of({ zh: '编号', en: 'No.' }), width: 0.7 },
      { title: words.of({ zh: '发生', en: 'Opened' }), width: 1.6 },
      { title: words.of({ zh: '机房、设备', en: 'Room, device' }), width: 2 },
      { title: words.of({ zh: '确认', en: 'Acknowledged' }), width: 1.1 },
      { title: words.of({ zh: '恢复', en: 'Recovered' }), width: 1.1 },
      { title: words.of({ zh: '原因与措施', en: 'Cause and measures' }), width: 3.2 },
      { title: words.of({ zh: '填写、审核', en: 'Signed, closed by' }), width: 1.5 },
      { title: words.of({ zh: '状态', en: 'State' }), width: 1 },
    ],
    rows: incidents.map(
      ({ id, openedAtMs, roomName, deviceName, acknowledgedMs, recoveredMs, cause, measures, submittedBy, closedBy, state }) => [
        `#${id}`,
        { text: words.time(openedAtMs), atMs: openedAtMs },
        [roomName, deviceName].filter((part) => part !== '').join('\n'),
        time(acknowledgedMs),
        time(recoveredMs),
        [cause, measures].filter((part) => part !== '').join('\n') || '—',
        [submittedBy, closedBy].filter((name) => name !== null).join('\n') || '—',
        [{ text: words.of(INCIDENT_STATES[state] ?? { zh: state, en: state }), ...(state === 'closed' ? {} : { tone: 'bad' as const }) }],
      ],
    ),
  }
}

/** The limits in force by default of each room's class, with the standard they come from, and the sets that people made. */
export async function* limitBlocks(db: Db, data: PackData, words: ReportWords): AsyncGenerator<Block, void, undefined> {
  const rooms = data.rooms.filter(({ id }) => data.roomId === null || id === data.roomId)
  const kinds = ['temperature', 'humidity', 'dew-point', 'voltage'] as const
  yield {
    kind: 'table',
    columns: [
      { title: words.of({ zh: '机房', en: 'Room' }), width: 2 },
      { title: words.of({ zh: '读数', en: 'Reading' }), width: 1.3 },
      { title: words.of({ zh: '默认限值', en: 'Default limit' }), width: 1.6 },
      { title: words.of({ zh: '出处', en: 'Source' }), width: 3 },
    ],
    rows: rooms.flatMap((room) =>
      kinds.flatMap((kind) =>
        builtInLimits({ kind, roomClass: room.class as RoomClass })
          .filter(({ limit }) => limit.value !== undefined && ['low', 'high', 'low-low', 'high-high'].includes(limit.condition))
          .map(({ limit, source }): Cell[] => [
            room.name,
            words.of(POINT_KINDS[kind]),
            `${limit.condition.startsWith('low') ? '≥' : '≤'} ${limit.value ?? ''} ${unitSymbol(POINT_KINDS[kind].unit)}`,
            source,
          ]),
      ),
    ),
  }
  const sets = await db
    .selectFrom('limitSet')
    .select(['scope', 'scopeKey', 'kind', 'version', 'author', 'reason', 'atMs'])
    .where('atMs', '<', data.period.toMs)
    .orderBy('atMs')
    .execute()
  if (sets.length === 0) return yield muted(words.of({ zh: '没有人改过默认限值。', en: 'Nobody changed the default limits.' }))
  yield { kind: 'heading', level: 3, text: words.of({ zh: '人工设定的限值', en: 'Limits that people set' }) }
  yield {
    kind: 'table',
    columns: [
      { title: words.of({ zh: '时间', en: 'When' }), width: 1.5 },
      { title: words.of({ zh: '对象', en: 'For' }), width: 2 },
      { title: words.of({ zh: '版本', en: 'Version' }), width: 0.7, align: 'right' },
      { title: words.of({ zh: '设定人', en: 'By' }), width: 1.2 },
      { title: words.of({ zh: '理由', en: 'Reason' }), width: 3 },
    ],
    rows: sets.map(({ scope, scopeKey, kind, version, author, reason, atMs }) => [
      { text: words.time(atMs), atMs },
      `${scope} ${scopeKey} ${kind}`.trim(),
      count(version),
      author,
      reason,
    ]),
  }
}

export function* accountBlocks({ accounts }: PackData, words: ReportWords): Generator<Block, void, undefined> {
  yield {
    kind: 'table',
    columns: [
      { title: words.of({ zh: '用户名', en: 'User name' }), width: 1.4 },
      { title: words.of({ zh: '姓名', en: 'Name' }), width: 1.6 },
      { title: words.of({ zh: '角色', en: 'Roles' }), width: 4 },
      { title: words.of({ zh: '最近登录', en: 'Last sign-in' }), width: 1.6 },
      { title: words.of({ zh: '状态', en: 'State' }), width: 1 },
    ],
    rows: accounts.map(({ username, name, roles, disabled, lastSignInMs }) => [
      username,
      name,
      roles.map((role) => words.of(ROLES[role])).join(words.language === 'zh' ? '、' : ', '),
      lastSignInMs === null ? '—' : { text: words.time(lastSignInMs), atMs: lastSignInMs },
      words.of(disabled ? { zh: '已停用', en: 'disabled' } : { zh: '在用', en: 'in use' }),
    ]),
  }
}

const CHANGE_MAX = 160

/** Every change of settings in the period, from the audit trail. */
export async function* settingBlocks(db: Db, { period, settings }: PackData, words: ReportWords): AsyncGenerator<Block, void, undefined> {
  if (settings === 0) return yield muted(words.of({ zh: '期间内没有更改系统设置。', en: 'No setting was changed in the period.' }))
  const columns = [
    { title: words.of({ zh: '序号', en: 'Seq' }), width: 0.8, align: 'right' as const },
    { title: words.of({ zh: '时间', en: 'When' }), width: 1.6 },
    { title: words.of({ zh: '用户', en: 'User' }), width: 1.2 },
    { title: words.of({ zh: '操作', en: 'Action' }), width: 1.8 },
    { title: words.of({ zh: '对象', en: 'What' }), width: 1.6 },
    { title: words.of({ zh: '改前 → 改后', en: 'Before → after' }), width: 4.2 },
  ]
  const brief = (json: string): string => (json === 'null' ? '—' : json.length > CHANGE_MAX ? `${json.slice(0, CHANGE_MAX)}…` : json)
  for (let seq = 0, isFirst = true; ; isFirst = false) {
    const rows = await settingsQuery(db, period)
      .select(['seq', 'atMs', 'actor', 'action', 'entity', 'beforeJson', 'afterJson'])
      .where('seq', '>', seq)
      .orderBy('seq')
      .limit(200)
      .execute()
    if (rows.length > 0)
      yield {
        kind: 'table',
        columns,
        continues: !isFirst,
        rows: rows.map((row) => [
          count(row.seq),
          { text: words.time(row.atMs), atMs: row.atMs },
          row.actor,
          row.action,
          row.entity,
          `${brief(row.beforeJson)} → ${brief(row.afterJson)}`,
        ]),
      }
    seq = rows.at(-1)?.seq ?? seq
    if (rows.length < 200) return
  }
}

export function scheduleTable(schedules: PackData['schedules'], words: ReportWords): Block {
  return {
    kind: 'table',
    columns: [
      { title: words.of({ zh: '排期', en: 'Schedule' }), width: 3 },
      { title: words.of({ zh: '机房', en: 'Room' }), width: 2 },
      { title: words.of({ zh: '应做', en: 'Due' }), width: 0.8, align: 'right' },
      { title: words.of({ zh: '已做', en: 'Done' }), width: 0.8, align: 'right' },
      { title: words.of({ zh: '超期', en: 'Missed' }), width: 0.8, align: 'right' },
      { title: words.of({ zh: '备注', en: 'Note' }), width: 2 },
    ],
    rows: schedules.map(({ title, roomName, due, done, missed, pausedReason }) => [
      title,
      roomName || '—',
      count(due),
      count(done),
      {
        text: [{ text: String(missed.length), ...(missed.length > 0 ? { tone: 'bad' as const, bold: true } : {}) }],
        number: missed.length,
      },
      pausedReason === null ? '' : words.of({ zh: `暂停：${pausedReason}`, en: `paused: ${pausedReason}` }),
    ]),
  }
}

export function chainTable({ weeks }: PackData['chain'], words: ReportWords): Block {
  return {
    kind: 'table',
    columns: [
      { title: words.of({ zh: '周 (ISO)', en: 'ISO week' }), width: 1.2 },
      { title: words.of({ zh: '条数', en: 'Entries' }), width: 0.6, align: 'right' },
      { title: words.of({ zh: '最后一条', en: 'Last entry' }), width: 0.9, align: 'right' },
      { title: words.of({ zh: '时间', en: 'When' }), width: 1.5 },
      { title: 'SHA-256', width: 6.5 },
    ],
    rows: weeks.map(({ week, entries, seq, atMs, hash }) => [week, count(entries), count(seq), { text: words.time(atMs), atMs }, hash]),
  }
}
