import type { Role } from '@roomkeeper/shared/model'
import type { RegisterDefinition } from '@roomkeeper/shared/registers'
import { verifyAudit } from '../../audit/audit.ts'
import type { Db } from '../../database/schema.ts'
import { DEFINITIONS } from '../../registers/definitions/index.ts'
import { byPriority, loadSpells, type PriorityFigures } from '../period/alarm-spells.ts'
import { loadChain, type PeriodChain } from './chain-heads.ts'
import { type IncidentFigures, loadIncidents } from './incident-figures.ts'
import type { Period } from './period.ts'

export interface PackQuery {
  period: Period
  /** null: every room. */
  roomId: number | null
  nowMs: number
  timeZone: string
  /** Tests have their own. */
  definitions?: readonly RegisterDefinition[]
}

/** Records of a register whose moment lies in the period. */
export interface RegisterCount {
  definition: RegisterDefinition
  total: number
  drafts: number
  open: number
  overdue: number
  done: number
}

export interface RecordLine {
  register: string
  number: string
  title: string
  roomName: string
  state: string
  whenMs: number
  dueAtMs: number | null
  createdBy: string
}

export interface ScheduleFigures {
  id: number
  register: string
  title: string
  roomId: number | null
  roomName: string
  /** Due times that passed in the period: kept ones and missed ones. */
  due: number
  done: number
  missed: { dueAtMs: number; doneAtMs: number | null }[]
  pausedReason: string | null
}

export interface PackData extends PackQuery {
  definitions: readonly RegisterDefinition[]
  /** null: every room. */
  roomName: string | null
  rooms: { id: number; name: string; class: string }[]
  registers: RegisterCount[]
  drafts: RecordLine[]
  overdue: RecordLine[]
  /** Took the emergency path and are not approved yet. */
  emergencies: RecordLine[]
  schedules: ScheduleFigures[]
  alarms: PriorityFigures[]
  incidents: IncidentFigures
  accounts: { username: string; name: string; roles: Role[]; disabled: boolean; lastSignInMs: number | null }[]
  /** Changes of settings in the audit trail. */
  settings: number
  network: { subnets: number; addresses: number; ports: number }
  chain: PeriodChain
  /** null: the whole trail fits. */
  chainBrokenAtSeq: number | null
}

/** Audit actions that change how the system behaves, by their first part. */
const SETTING_ACTIONS = [
  'account',
  'agent',
  'all-clear',
  'channel',
  'checklist',
  'combination',
  'contact',
  'device',
  'drill',
  'escalation',
  'holiday',
  'limits',
  'maintenance-window',
  'point',
  'proof',
  'report-schedule',
  'room',
  'schedule',
  'setting',
  'shift',
  'token',
] as const

/** Rows of the audit trail that are changes of settings, in the period. */
export function settingsQuery(db: Db, { fromMs, toMs }: Period) {
  return (
    db
      .selectFrom('audit')
      .where('atMs', '>=', fromMs)
      .where('atMs', '<', toMs)
      .where(({ eb, or }) => or(SETTING_ACTIONS.map((action) => eb('action', 'like', `${action}.%`))))
      // Signing for duty and births of devices change no setting.
      .where('action', 'not in', ['account.duty', 'device.born', 'device.returned', 'all-clear.send', 'channel.test'])
  )
}

/** Everything of a pack that comes from the database and is small; records, settings and readings are read when they are printed. */
export async function loadPackData(db: Db, query: PackQuery): Promise<PackData> {
  const { period, roomId, nowMs, timeZone } = query
  const definitions = query.definitions ?? DEFINITIONS
  const rooms = await db.selectFrom('room').select(['id', 'name', 'class']).orderBy('id').execute()
  const names = new Map(rooms.map(({ id, name }) => [id, name]))
  const records = recordsIn(db, query, definitions)
  const counts = await records
    .select(({ fn, eb }) => [
      'register',
      'phase',
      fn.countAll<number>().as('count'),
      fn.sum<number>(eb.case().when('dueAtMs', '<', nowMs).then(1).else(0).end()).as('late'),
    ])
    .groupBy(['register', 'phase'])
    .execute()
  const lines = (
    rows: {
      roomId: number | null
      register: string
      number: string
      title: string
      state: string
      whenMs: number
      dueAtMs: number | null
      createdBy: string
    }[],
  ): RecordLine[] => rows.map(({ roomId: id, ...row }) => ({ ...row, roomName: id === null ? '' : (names.get(id) ?? '') }))
  const columns = ['register', 'number', 'title', 'state', 'whenMs', 'dueAtMs', 'createdBy', 'roomId'] as const
  const named = records.select(columns).orderBy('whenMs')
  // What the director approved afterwards may still wait for its verification: that is no gap.
  const undecided = named
    .where('emergency', '=', 1)
    .where('phase', '!=', 'done')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('registerStep')
            .select('registerStep.id')
            .whereRef('registerStep.recordId', '=', 'registerRecord.id')
            .where('registerStep.move', 'in', directorsMoves(definitions)),
        ),
      ),
    )
  const verified = await verifyAudit(db)
  const settings = await settingsQuery(db, period)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirst()
  const accounts = await db
    .selectFrom('account')
    .select(['username', 'name', 'rolesJson', 'disabled', 'lastSignInMs'])
    .orderBy('id')
    .execute()
  return {
    period,
    roomId,
    nowMs,
    timeZone,
    definitions,
    rooms,
    roomName: roomId === null ? null : (names.get(roomId) ?? `#${roomId}`),
    registers: definitions.map((definition) => {
      const own = counts.filter(({ register }) => register === definition.name)
      const of = (...phases: string[]) => own.reduce((sum, { phase, count }) => sum + (phases.includes(phase) ? Number(count) : 0), 0)
      const overdue = own.reduce((sum, { phase, late }) => sum + (phase === 'done' ? 0 : Number(late ?? 0)), 0)
      return {
        definition,
        total: of('draft', 'open', 'kept', 'done'),
        drafts: of('draft'),
        open: of('open'),
        done: of('done', 'kept'),
        overdue,
      }
    }),
    drafts: lines(await named.where('phase', '=', 'draft').execute()),
    overdue: lines(await named.where('phase', 'in', ['open', 'kept']).where('dueAtMs', '<', nowMs).execute()),
    emergencies: lines(await undecided.execute()),
    schedules: await loadSchedules(db, query, names),
    alarms: byPriority(await loadSpells(db, { ...period, roomId, untilMs: period.toMs })),
    incidents: await loadIncidents(db, period, roomId),
    accounts: accounts.map(({ rolesJson, disabled, ...account }) => ({
      ...account,
      roles: JSON.parse(rolesJson) as Role[],
      disabled: disabled === 1,
    })),
    settings: Number(settings?.count ?? 0),
    network: {
      subnets: await countOf(db, 'ipSubnet'),
      addresses: await countOf(db, 'ipAddress'),
      ports: await countOf(db, 'switchPort'),
    },
    chain: await loadChain(db, period, timeZone),
    chainBrokenAtSeq: verified.ok ? null : verified.brokenAtSeq,
  }
}

/** Moves by which the director decides; the empty name keeps the list from being empty. */
function directorsMoves(definitions: readonly RegisterDefinition[]): string[] {
  const moves = definitions.flatMap((definition) => definition.moves.filter(({ roles }) => roles.length === 1 && roles[0] === 'director'))
  return ['', ...new Set(moves.map(({ name }) => name))]
}

/** Records that belong into the pack: of its period, and of its room where their register keeps rooms apart. */
function recordsIn(db: Db, { period, roomId }: PackQuery, definitions: readonly RegisterDefinition[]) {
  const everywhere = definitions.filter(({ byRoom }) => !byRoom).map(({ name }) => name)
  let query = db.selectFrom('registerRecord').where('whenMs', '>=', period.fromMs).where('whenMs', '<', period.toMs)
  if (roomId !== null)
    query = query.where(({ eb, or }) =>
      or([eb('roomId', '=', roomId), ...(everywhere.length > 0 ? [eb('register', 'in', everywhere)] : [])]),
    )
  return query
}

async function loadSchedules(db: Db, { period, roomId }: PackQuery, names: ReadonlyMap<number, string>): Promise<ScheduleFigures[]> {
  let query = db.selectFrom('schedule').select(['id', 'register', 'title', 'roomId', 'pausedReason'])
  if (roomId !== null) query = query.where(({ eb, or }) => or([eb('roomId', '=', roomId), eb('roomId', 'is', null)]))
  const schedules = await query.orderBy('id').execute()
  const misses = await db
    .selectFrom('scheduleMiss')
    .select(['scheduleId', 'dueAtMs', 'doneAtMs'])
    .where('dueAtMs', '>=', period.fromMs)
    .where('dueAtMs', '<', period.toMs)
    .orderBy('dueAtMs')
    .execute()
  const done = await db
    .selectFrom('registerRecord')
    .select(({ fn }) => ['scheduleId', fn.countAll<number>().as('count')])
    .where('scheduleId', 'is not', null)
    .where('phase', '!=', 'draft')
    .where('whenMs', '>=', period.fromMs)
    .where('whenMs', '<', period.toMs)
    .groupBy('scheduleId')
    .execute()
  return schedules.map((schedule) => {
    const missed = misses.filter(({ scheduleId }) => scheduleId === schedule.id)
    const count = Number(done.find(({ scheduleId }) => scheduleId === schedule.id)?.count ?? 0)
    // A missed one that was caught up later is among the done ones.
    const due = count + missed.filter(({ doneAtMs }) => doneAtMs === null).length
    const roomName = schedule.roomId === null ? '' : (names.get(schedule.roomId) ?? '')
    return { ...schedule, roomName, due, done: count, missed: missed.map(({ dueAtMs, doneAtMs }) => ({ dueAtMs, doneAtMs })) }
  })
}

async function countOf(db: Db, table: 'ipSubnet' | 'ipAddress' | 'switchPort'): Promise<number> {
  const row = await db
    .selectFrom(table)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}
