import type { Port } from '@roomkeeper/shared/http'
import type { Insertable, Selectable } from 'kysely'
import type { Actor } from '../api/base.ts'
import { appendAudit } from '../audit/audit.ts'
import type { Database, Db } from '../database/schema.ts'
import { assetNumberOf } from './asset-number.ts'
import { patchingOf } from './patch-links.ts'

type PortRow = Selectable<Database['switchPort']>
export type PortFields = Omit<Insertable<Database['switchPort']>, 'id' | 'revision' | 'changedBy' | 'changedAtMs' | 'removedAtMs'>

/** Ports with what they are patched to, sorted as people count: 2 before 10. */
export async function loadPorts(db: Db): Promise<Port[]> {
  const rows = await db
    .selectFrom('switchPort')
    .leftJoin('room', 'room.id', 'switchPort.roomId')
    .leftJoin('registerRecord', 'registerRecord.id', 'switchPort.assetId')
    .selectAll('switchPort')
    .select(['room.name as roomName', 'registerRecord.number as recordNumber', 'registerRecord.fieldsJson as assetFields'])
    .where('switchPort.removedAtMs', 'is', null)
    .execute()
  const patching = patchingOf(rows)
  const order = new Intl.Collator('zh', { numeric: true })
  return rows
    .map(({ removedAtMs: _, recordNumber, assetFields, ...row }) => ({
      ...row,
      ...(patching.get(row.id) ?? { ends: [], patchProblems: [] }),
      state: row.state as Port['state'],
      assetNumber: assetNumberOf(recordNumber, assetFields),
    }))
    .sort((a, b) => order.compare(a.switchName, b.switchName) || order.compare(a.port, b.port))
}

export interface PortFilter {
  switchName?: string | undefined
  q?: string | undefined
}

export function filterPorts(ports: readonly Port[], { switchName, q }: PortFilter): Port[] {
  const sought = q?.toLowerCase()
  return ports.filter((one) => {
    if (switchName && one.switchName !== switchName) return false
    const ends = one.ends.flatMap(({ name, port }) => [name, port])
    const texts = [one.switchName, one.port, one.label, one.vlan, one.peer, one.peerPort, one.cable, one.note, ...ends]
    return !sought || texts.some((text) => text.toLowerCase().includes(sought))
  })
}

export async function livePort(transaction: Db, id: number): Promise<PortRow | undefined> {
  return transaction.selectFrom('switchPort').selectAll().where('id', '=', id).where('removedAtMs', 'is', null).executeTakeFirst()
}

/** Writes one port down, with its audit row; within a transaction that holds the chain. */
export async function savePort(
  transaction: Db,
  actor: Actor,
  before: PortRow | undefined,
  after: PortFields,
  nowMs: number,
): Promise<void> {
  const changed = { ...after, revision: (before?.revision ?? 0) + 1, changedBy: actor.name, changedAtMs: nowMs }
  if (before) await transaction.updateTable('switchPort').set(changed).where('id', '=', before.id).execute()
  else
    await transaction
      .insertInto('switchPort')
      .values({ ...changed, removedAtMs: null })
      .execute()
  const entry = before
    ? { action: 'network.port-change', entity: `switch-port:${before.id}`, before, after }
    : { action: 'network.port-add', entity: `switch:${after.switchName}`, after }
  await appendAudit(transaction, { actor: actor.username, ...entry }, nowMs)
}

/** What keeps a port from being so: the port is there already, its label is on another, or it would be patched to itself. */
export async function portProblem(
  transaction: Db,
  wanted: Pick<PortFields, 'switchName' | 'port' | 'label' | 'peer' | 'peerPort'>,
  exceptId = 0,
): Promise<{ message: string; data: { field: string; allowed: string } } | undefined> {
  const { switchName, port, label } = wanted
  if (wanted.peer === switchName && wanted.peerPort === port)
    return {
      message: `${switchName} ${port} 不能接到自己 / ${switchName} ${port} cannot be patched to itself`,
      data: { field: 'peerPort', allowed: '另一个端口 / another port' },
    }
  const other = await transaction
    .selectFrom('switchPort')
    .select(['switchName', 'port', 'label'])
    .where('removedAtMs', 'is', null)
    .where('id', '<>', exceptId)
    .where(({ and, eb, or }) => or([and([eb('switchName', '=', switchName), eb('port', '=', port)]), eb('label', '=', label)]))
    .executeTakeFirst()
  if (!other) return undefined
  const isSamePort = other.switchName === switchName && other.port === port
  return isSamePort
    ? {
        message: `${switchName} 已有端口 ${port} / ${switchName} has a port ${port} already`,
        data: { field: 'port', allowed: '未登记的端口 / another port' },
      }
    : {
        message: `标签“${label}”已用于 ${other.switchName} ${other.port} / the label “${label}” is on ${other.switchName} ${other.port}`,
        data: { field: 'label', allowed: '未使用的标签 / a label that is not used' },
      }
}
