import type { RecordLink } from '@roomkeeper/shared/http'
import { isAllowed } from '@roomkeeper/shared/model'
import { mayReadRecord } from '@roomkeeper/shared/registers'
import type { Actor } from '../api/base.ts'
import type { Db } from '../database/schema.ts'
import type { Engine, Unit } from './engine.ts'
import { invalid } from './refusals.ts'
import { type RecordRow, withSteps } from './rows.ts'
import { auditRecord } from './steps.ts'

export interface NewLink {
  kind: RecordLink['kind']
  target: RecordLink['target']
  targetId: number
}

/** Links the record to what is there and, unless the server itself does it, may be read by the person; the same link again changes nothing. */
export async function addLink(
  engine: Engine,
  unit: Unit,
  actor: Actor,
  record: { id: number; register: string; number: string },
  link: NewLink,
  isServer = false,
): Promise<void> {
  const { transaction, nowMs } = unit
  const target = await describe(engine, transaction, isServer ? null : actor, link)
  if (!target || (link.target === 'record' && link.targetId === record.id))
    throw invalid('targetId', '没有可关联的这一项 / There is nothing of this id that you may link to')
  const row = { recordId: record.id, ...link, by: actor.name, atMs: nowMs }
  const added = await transaction
    .insertInto('registerLink')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!added) return
  await auditRecord(unit, actor, 'link', record, { after: { ...link, targetNumber: target.number } })
  if (link.target === 'record') unit.changed.push({ topic: 'registers', id: link.targetId })
  if (link.target === 'incident') unit.changed.push({ topic: 'incidents', id: link.targetId })
}

/** What the record is linked to, and the records that are linked to it; what the person may not read is left out. */
export async function linksOf(engine: Engine, actor: Actor, recordId: number): Promise<RecordLink[]> {
  const rows = await engine.db
    .selectFrom('registerLink')
    .selectAll()
    .where((where) =>
      where.or([where('recordId', '=', recordId), where.and([where('target', '=', 'record'), where('targetId', '=', recordId)])]),
    )
    .orderBy('id')
    .execute()
  const links: RecordLink[] = []
  for (const row of rows) {
    const kind = row.kind as RecordLink['kind']
    const isOwn = row.recordId === recordId
    const link = isOwn
      ? { kind, target: row.target as RecordLink['target'], targetId: row.targetId }
      : { kind, target: 'record' as const, targetId: row.recordId }
    const described = await describe(engine, engine.db, actor, link)
    const isKnown = links.some((one) => one.target === link.target && one.targetId === link.targetId && one.kind === kind)
    if (described && !isKnown) links.push({ ...link, ...described })
  }
  return links
}

type Described = Pick<RecordLink, 'register' | 'number' | 'title' | 'state'>

/** How the other side is called; undefined when it is not there or may not be read. Without an actor the server asks. */
async function describe(engine: Engine, db: Db, actor: Actor | null, { target, targetId }: NewLink): Promise<Described | undefined> {
  switch (target) {
    case 'record': {
      const row = await db.selectFrom('registerRecord').selectAll().where('id', '=', targetId).executeTakeFirst()
      return row && (actor === null || (await mayReadRow(engine, db, actor, row)))
        ? { register: row.register, number: row.number, title: row.title, state: row.state }
        : undefined
    }
    case 'incident': {
      if (actor && !isAllowed(actor.roles, 'incidents.read')) return undefined
      const row = await db.selectFrom('incident').select(['id', 'state']).where('id', '=', targetId).executeTakeFirst()
      return row && { register: null, number: `#${row.id}`, title: '', state: row.state }
    }
    case 'alarm': {
      if (actor && !isAllowed(actor.roles, 'alarms.read')) return undefined
      const row = await db.selectFrom('alarm').select(['id', 'state', 'condition']).where('id', '=', targetId).executeTakeFirst()
      return row && { register: null, number: `#${row.id}`, title: row.condition, state: row.state }
    }
  }
}

async function mayReadRow(engine: Engine, db: Db, actor: Actor, row: RecordRow): Promise<boolean> {
  const definition = engine.definitions.find((one) => one.name === row.register)
  const [record] = await withSteps(db, [row])
  return definition !== undefined && record !== undefined && mayReadRecord(definition, record, actor)
}
