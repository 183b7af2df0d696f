import { isPointKind, type PointKind, pointKindInfo } from '@roomkeeper/shared/model'
import { DataType, DEVICE_INFO, DEVICE_SETTINGS, METRIC, type Metric, PROPERTY, TOPIC_NAME } from '@roomkeeper/shared/sparkplug'
import { appendAudit } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import type { Directory, NodeEntry } from './directory.ts'
import type { DeviceEntry } from './entries.ts'

export interface BirthDependencies {
  db: Db
  directory: Directory
  clock: { nowMs(): number }
  /** Makes a room with everything a new room gets (its inspection schedule); returns its id. */
  createRoom(transaction: Db, room: { site: string; name: string }, nowMs: number): Promise<number>
}

/** Of one device; the largest known, a three-phase UPS with its batteries, has about 300. */
const MAX_POINTS = 2000
/** Where devices go whose agent proposes no room. */
const DEFAULT_ROOM = '主机房'

/** The node's row, made at its first birth. */
export async function registerNode(dependencies: BirthDependencies, site: string, node: string): Promise<NodeEntry> {
  const known = dependencies.directory.nodes.get(`${site}/${node}`)
  if (known) return known
  const row = await dependencies.db.transaction().execute(async (transaction) => {
    const existing = await transaction
      .selectFrom('edgeNode')
      .selectAll()
      .where('site', '=', site)
      .where('node', '=', node)
      .executeTakeFirst()
    if (existing) return existing
    return transaction
      .insertInto('edgeNode')
      .values({ site, node, version: null, lastSeenMs: null, online: 0 })
      .returningAll()
      .executeTakeFirstOrThrow()
  })
  return dependencies.directory.addNode(row)
}

/** A point as its birth describes it. */
interface BornPoint {
  key: string
  kind: PointKind
  unit: string
  intervalMs: number
  low: number | null
  high: number | null
  nominal: number | null
  isWritable: number
  name: string
  nameEn: string
}

/** Takes up a device from its DBIRTH: new ones appear by themselves; names that people gave stay. One transaction; nothing when nothing changed. */
export async function registerDevice(
  dependencies: BirthDependencies,
  node: NodeEntry,
  deviceId: string,
  metrics: readonly Metric[],
): Promise<DeviceEntry> {
  const { directory, clock } = dependencies
  const info = metrics.find((metric) => metric.name === DEVICE_INFO)
  const born = {
    name: textOf(info?.value) || deviceId,
    nameEn: textOf(info?.properties?.[PROPERTY.nameEn]),
    maker: textOf(info?.properties?.[PROPERTY.maker]),
    model: textOf(info?.properties?.[PROPERTY.model]),
  }
  const points = metrics.flatMap((metric) => bornPoint(metric)).slice(0, MAX_POINTS)
  const known = node.devices.get(deviceId)
  if (known && !known.retired && isSame(known, born, points)) return known
  const nowMs = clock.nowMs()
  const rows = await dependencies.db.transaction().execute(async (transaction) => {
    const device = known
      ? await updateDevice(transaction, known, born, nowMs)
      : await insertDevice(dependencies, transaction, node, deviceId, born, textOf(info?.properties?.[PROPERTY.room]), nowMs)
    return { device, points: await putPoints(transaction, device.id, points) }
  })
  if (!directory.rooms.has(rows.device.roomId)) await directory.reloadRooms()
  const device = directory.putDevice(rows.device)
  for (const row of rows.points) await directory.putPoint(row)
  return device
}

type Named = { name: string; nameEn: string; nameByPerson: boolean | number }

/** The names to keep: those of the person who gave one, else those of the birth. */
function namesOf(known: Named | undefined, born: { name: string; nameEn: string }): { name: string; nameEn: string } {
  const { name, nameEn } = known?.nameByPerson ? known : born
  return { name, nameEn }
}

function hasSameNames(known: Named, born: { name: string; nameEn: string }): boolean {
  const { name, nameEn } = namesOf(known, born)
  return known.name === name && known.nameEn === nameEn
}

type Described = { name: string; nameEn: string; maker: string; model: string }

function isSame(known: DeviceEntry, born: Described, points: readonly BornPoint[]): boolean {
  if (known.maker !== born.maker || known.model !== born.model || !hasSameNames(known, born)) return false
  return points.every((point) => {
    const entry = known.points.get(point.key)
    return (
      entry !== undefined &&
      entry.kind === point.kind &&
      entry.unit === point.unit &&
      entry.intervalMs === point.intervalMs &&
      entry.low === point.low &&
      entry.high === point.high &&
      entry.nominal === point.nominal &&
      entry.isWritable === (point.isWritable === 1) &&
      hasSameNames(entry, point)
    )
  })
}

async function updateDevice(transaction: Db, known: DeviceEntry, born: Described, nowMs: number) {
  // A person took it out of use, and here it is again: it is shown and watched as before.
  if (known.retired) await appendAudit(transaction, { actor: 'system', action: 'device.returned', entity: `device:${known.id}` }, nowMs)
  return transaction
    .updateTable('device')
    .set({ ...born, ...namesOf(known, born), retiredAtMs: null, retiredBy: null, retiredReason: null })
    .where('id', '=', known.id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** A device nobody knows appears by itself, as new (`commissionedAtMs` null) until a person confirms it. What is to follow from that begins here. */
async function insertDevice(
  dependencies: BirthDependencies,
  transaction: Db,
  node: NodeEntry,
  deviceId: string,
  born: Described,
  roomName: string,
  nowMs: number,
) {
  const roomId = await findOrCreateRoom(dependencies, transaction, node.site, roomName, nowMs)
  const device = await transaction
    .insertInto('device')
    .values({ nodeId: node.id, device: deviceId, ...born, nameByPerson: 0, roomId, online: 1, bornAtMs: nowMs })
    .returningAll()
    .executeTakeFirstOrThrow()
  const entity = `device:${device.id}`
  await appendAudit(
    transaction,
    { actor: 'system', action: 'device.born', entity, after: { path: `${node.site}/${node.node}/${deviceId}`, ...born, roomId } },
    nowMs,
  )
  return device
}

async function findOrCreateRoom(
  dependencies: BirthDependencies,
  transaction: Db,
  site: string,
  proposed: string,
  nowMs: number,
): Promise<number> {
  const ofSite = transaction.selectFrom('room').select('id').where('site', '=', site).orderBy('id').limit(1)
  const room = proposed ? await ofSite.where('name', '=', proposed).executeTakeFirst() : await ofSite.executeTakeFirst()
  return room?.id ?? dependencies.createRoom(transaction, { site, name: proposed || DEFAULT_ROOM }, nowMs)
}

async function putPoints(transaction: Db, deviceId: number, points: readonly BornPoint[]) {
  const rows = []
  for (const point of points) {
    const known = await transaction
      .selectFrom('point')
      .selectAll()
      .where('deviceId', '=', deviceId)
      .where('key', '=', point.key)
      .executeTakeFirst()
    const query = known
      ? transaction
          .updateTable('point')
          .set({ ...point, ...namesOf(known, point) })
          .where('id', '=', known.id)
          .returningAll()
      : transaction
          .insertInto('point')
          .values({ deviceId, ...point, nameByPerson: 0 })
          .returningAll()
    rows.push(await query.executeTakeFirstOrThrow())
  }
  return rows
}

const OWN_METRICS: ReadonlySet<string> = new Set([METRIC.logOffset, METRIC.logPreviousOffset, DEVICE_INFO, DEVICE_SETTINGS])

function bornPoint(metric: Metric): BornPoint[] {
  const key = metric.name
  if (key === undefined || OWN_METRICS.has(key) || !TOPIC_NAME.test(key.replaceAll('/', '_'))) return []
  const properties = metric.properties ?? {}
  const stated = textOf(properties[PROPERTY.kind])
  const kind: PointKind = isPointKind(stated) ? stated : kindOfType(metric.datatype)
  const intervalMs = numberOf(properties[PROPERTY.intervalMs]) ?? 10_000
  return [
    {
      key,
      kind,
      unit: textOf(properties[PROPERTY.unit]) || pointKindInfo(kind).unit,
      intervalMs: Math.max(1, Math.round(intervalMs)),
      low: numberOf(properties[PROPERTY.low]),
      high: numberOf(properties[PROPERTY.high]),
      nominal: numberOf(properties[PROPERTY.nominal]),
      isWritable: properties[PROPERTY.isWritable] === true ? 1 : 0,
      name: textOf(properties[PROPERTY.nameZh]) || textOf(properties[PROPERTY.nameEn]),
      nameEn: textOf(properties[PROPERTY.nameEn]),
    },
  ]
}

function kindOfType(datatype: number): PointKind {
  if (datatype === DataType.Boolean) return 'contact'
  return datatype === DataType.String || datatype === DataType.Text ? 'text' : 'number'
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim().slice(0, 100) : ''
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}
