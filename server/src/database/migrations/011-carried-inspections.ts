import { wallTimeOf } from '@roomkeeper/shared/wall-clock'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Database } from '../schema.ts'

/** A row of the former table, which stays as it is: its signed sheets are the originals. Drafts are begun anew. */
interface FormerInspection {
  id: number
  scheduleId: number
  roomId: number
  roomName: string
  sinceMs: number
  fieldsJson: string
  measuredJson: string
  revision: number
  startedBy: string
  startedAtMs: number
  submittedBy: string
  submittedAtMs: number
}

/**
 * The signed inspections of the former ledger become records of the register, in the order in which they were signed, each with the two
 * steps that are known of it. Signatures are not made up: then they were a password that was checked, and the step says so.
 */
export async function carryOverInspections(db: Kysely<Database>): Promise<void> {
  const { rows } = await sql<FormerInspection>`
    select i."id", i."scheduleId", i."roomId", r."name" as "roomName", i."fieldsJson", i."measuredJson", i."revision", i."startedBy", i."startedAtMs",
      i."submittedBy", i."submittedAtMs",
      coalesce((select max(b."submittedAtMs") from "inspection" b where b."roomId" = i."roomId" and b."submittedAtMs" < i."submittedAtMs"), s."startsAtMs") as "sinceMs"
    from "inspection" i join "room" r on r."id" = i."roomId" join "inspectionSchedule" s on s."id" = i."scheduleId"
    where i."state" = 'submitted' order by i."submittedAtMs", i."id"`.execute(db)
  const lastOf = new Map<number, number>()
  for (const row of rows) {
    const { year } = wallTimeOf(row.submittedAtMs, Intl.DateTimeFormat().resolvedOptions().timeZone)
    const last = (lastOf.get(year) ?? 0) + 1
    lastOf.set(year, last)
    await carryOver(db, row, `INS-${year}-${String(last).padStart(4, '0')}`)
  }
  for (const [year, last] of lastOf) await db.insertInto('registerSerial').values({ prefix: 'INS', year, last }).execute()
}

async function carryOver(db: Kysely<Database>, row: FormerInspection, number: string): Promise<void> {
  const { roomId, roomName, startedBy, startedAtMs, submittedBy, submittedAtMs } = row
  const { answers, note } = JSON.parse(row.fieldsJson) as { answers: object; note?: string }
  const fields = { room: { id: roomId, name: roomName }, checklist: answers, ...(note ? { summary: note } : {}) }
  const { count } = await db
    .selectFrom('alarm')
    .select((select) => select.fn.countAll().as('count'))
    .where('roomId', '=', roomId)
    .where('drill', '=', 0)
    .where('raisedAtMs', '>=', row.sinceMs)
    .where('raisedAtMs', '<', submittedAtMs)
    .executeTakeFirstOrThrow()
  const sheet = {
    sinceMs: row.sinceMs,
    asOfMs: submittedAtMs,
    scheduleId: row.scheduleId,
    items: ITEMS,
    measured: measuredOf(row.measuredJson),
    beside: {},
    openAlarms: [],
    alarmsSince: Number(count),
    upsEvents: [],
    contradictions: [],
    followUps: [],
    missing: NOT_KEPT,
  }
  const { id: recordId } = await db
    .insertInto('registerRecord')
    .values({
      register: 'inspection',
      number,
      state: 'signed',
      phase: 'done',
      title: roomName,
      roomId,
      scheduleId: row.scheduleId,
      fieldsJson: JSON.stringify(fields),
      sheetJson: JSON.stringify(sheet),
      revision: row.revision + 1,
      createdBy: startedBy,
      createdById: null,
      createdAtMs: startedAtMs,
      changedBy: submittedBy,
      changedAtMs: submittedAtMs,
      stateSinceMs: submittedAtMs,
      whenMs: submittedAtMs,
      dueAtMs: null,
      remindAtMs: null,
      remindedAtMs: null,
      headAtMs: null,
      headToldAtMs: null,
      clientKey: null,
      searchText: [number, roomName, note ?? '', ...Object.values(answers).map((answer: { note?: string }) => answer.note ?? '')]
        .join(' ')
        .toLowerCase(),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const step = { recordId, byId: null, claimedAtMs: null, emergency: 0, atRoom: 0, changesJson: '[]' }
  const first = { ...step, kind: 'create', move: null, fromState: 'in-progress', toState: 'in-progress', by: startedBy, atMs: startedAtMs }
  await db
    .insertInto('registerStep')
    .values({ ...first, comment: '' })
    .execute()
  const signed = {
    ...step,
    kind: 'move',
    move: 'submit',
    fromState: 'in-progress',
    toState: 'signed',
    by: submittedBy,
    atMs: submittedAtMs,
  }
  const comment = `由原巡检记录 #${row.id} 转入，当时以本人密码签名 / Carried over from inspection #${row.id}, signed by the own password then`
  await db
    .insertInto('registerStep')
    .values({ ...signed, comment })
    .execute()
}

const NOT_KEPT = {
  zh: '由原巡检记录转入，当时未记录均值、达标率和告警',
  en: 'Carried over from the former ledger, which kept no means, shares or alarms',
}

/** The items as they were then. */
const ITEMS = [
  { key: 'temperature', label: { zh: '温度', en: 'Temperature' }, clause: 'E1', measured: { unit: 'Cel', kind: 'temperature' } },
  { key: 'humidity', label: { zh: '湿度', en: 'Humidity' }, clause: 'E1', measured: { unit: '%', kind: 'humidity' } },
  { key: 'voltage', label: { zh: '市电电压', en: 'Mains voltage' }, clause: 'E1', measured: { unit: 'V', kind: 'voltage' } },
  { key: 'ups', label: { zh: 'UPS 运行', en: 'UPS' }, clause: 'E1' },
  { key: 'cleanliness', label: { zh: '清洁与防尘防鼠', en: 'Cleanliness, dust, rodents' }, clause: 'E5' },
  { key: 'fire', label: { zh: '消防与易燃物', en: 'Fire protection, no flammables' }, clause: 'E5' },
  { key: 'water', label: { zh: '防潮与漏水', en: 'Damp and water leaks' }, clause: 'E5' },
] as const

function measuredOf(measuredJson: string): object[] {
  const measured = JSON.parse(measuredJson) as Record<string, { latest: number | null; min: number | null; max: number | null }>
  return ITEMS.flatMap((item) => {
    const values = measured[item.key]
    if (!values || !('measured' in item)) return []
    const { kind, unit } = item.measured
    return [{ kind, label: item.label, unit, ...values, mean: null, inLimits: null, points: 0 }]
  })
}
