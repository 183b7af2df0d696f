import { isPointKind, type Limit, type PointKind, type RoomClass } from '@roomkeeper/shared/model'
import { DataType } from '@roomkeeper/shared/sparkplug'
import type { Selectable } from 'kysely'
import type { Database, Db } from '../database/schema.ts'
import { LimitSets, type LimitSubject, limitsOf } from '../limits/limit-registry.ts'
import { type LocalMinute, systemLocalMinute } from '../limits/local-minute.ts'
import { type JudgeSnapshot, PointJudge } from '../limits/point-judge.ts'
import { DRILL_LIMITS, DRILL_NODE } from '../proof/drill-device.ts'
import type { DeviceEntry, PointEntry, RoomEntry } from './entries.ts'

export interface NodeEntry {
  id: number
  site: string
  node: string
  devices: Map<string, DeviceEntry>
}

/** Points whose limits are taken up at once; then others have a turn. */
const RELOAD_SLICE = 500

/** Everything known of nodes, rooms, devices and points, read once at the start and kept up to date by births and people's changes. */
export class Directory {
  readonly rooms = new Map<number, RoomEntry>()
  readonly nodes = new Map<string, NodeEntry>()
  readonly devices = new Map<number, DeviceEntry>()
  readonly points = new Map<number, PointEntry>()
  /** What people set; read again by `reloadLimits`. */
  readonly limitSets = new LimitSets()
  private readonly db: Db
  private readonly localMinute: LocalMinute

  /** `localMinute`: the hospital's clock, for limits by day and night. */
  constructor(db: Db, localMinute: LocalMinute = systemLocalMinute) {
    this.db = db
    this.localMinute = localMinute
  }

  async load(): Promise<void> {
    await this.limitSets.load(this.db)
    await this.reloadRooms()
    for (const row of await this.db.selectFrom('edgeNode').selectAll().execute()) this.addNode(row)
    for (const row of await this.db.selectFrom('device').selectAll().execute()) this.putDevice(row)
    const snapshots = new Map((await this.db.selectFrom('judgeState').selectAll().execute()).map((row) => [row.pointId, row.stateJson]))
    for (const row of await this.db.selectFrom('point').selectAll().execute()) {
      const stateJson = snapshots.get(row.id)
      await this.putPoint(row, stateJson ? (JSON.parse(stateJson) as JudgeSnapshot) : {})
    }
  }

  /** After a room was added or changed: default limits follow its class. */
  async reloadRooms(): Promise<void> {
    for (const row of await this.db.selectFrom('room').selectAll().execute()) {
      const known = this.rooms.get(row.id)
      const room = { id: row.id, site: row.site, name: row.name, class: row.class as RoomClass }
      const hasNewClass = known !== undefined && known.class !== room.class
      if (known) Object.assign(known, room)
      else this.rooms.set(row.id, room)
      if (hasNewClass) await this.reloadLimits((point) => point.device.room.id === room.id)
    }
  }

  /** After a device was renamed, moved or retired. */
  async reloadDevice(deviceId: number): Promise<void> {
    const row = await this.db.selectFrom('device').selectAll().where('id', '=', deviceId).executeTakeFirst()
    const device = this.devices.get(deviceId)
    if (!row || !device) return
    const hasMoved = device.room.id !== row.roomId
    device.name = row.name
    device.nameEn = row.nameEn
    device.nameByPerson = row.nameByPerson === 1
    device.retired = row.retiredAtMs !== null
    device.room = this.roomOf(row.roomId)
    for (const point of device.points.values()) {
      point.live.roomId = row.roomId
      if (hasMoved) this.takeLimits(point)
    }
  }

  /** After a point was renamed. */
  async reloadPoint(pointId: number): Promise<void> {
    const row = await this.db.selectFrom('point').select(['name', 'nameEn', 'nameByPerson']).where('id', '=', pointId).executeTakeFirst()
    const point = this.points.get(pointId)
    if (row && point) Object.assign(point, { name: row.name, nameEn: row.nameEn, nameByPerson: row.nameByPerson === 1 })
  }

  /**
   * After limits were changed: the folds of these points go on with the new limits; what stands under a limit that is gone is left to the
   * caller. Reads the sets once, however many points there are. Returns the points.
   */
  async reloadLimits(isMeant: (point: PointEntry) => boolean): Promise<PointEntry[]> {
    await this.limitSets.load(this.db)
    const meant = [...this.points.values()].filter(isMeant)
    for (const [index, point] of meant.entries()) {
      if (index > 0 && index % RELOAD_SLICE === 0) await new Promise((resolve) => setImmediate(resolve))
      this.takeLimits(point)
    }
    return meant
  }

  private takeLimits(point: PointEntry): void {
    point.limits = this.limitsFor(point.device, subjectOf(point))
    point.judge = point.judge.withLimits(point.limits)
    point.history = point.history?.withLimits(point.limits)
  }

  private limitsFor(device: DeviceEntry, subject: LimitSubject): readonly Limit[] {
    return device.isDrill ? DRILL_LIMITS : limitsOf(this.limitSets, subject).map(({ limit }) => limit)
  }

  addNode(row: { id: number; site: string; node: string }): NodeEntry {
    const key = `${row.site}/${row.node}`
    const known = this.nodes.get(key)
    if (known) return known
    const node: NodeEntry = { id: row.id, site: row.site, node: row.node, devices: new Map() }
    this.nodes.set(key, node)
    return node
  }

  putDevice(row: Selectable<Database['device']>): DeviceEntry {
    const node = this.nodeById(row.nodeId)
    const known = this.devices.get(row.id)
    const room = this.roomOf(row.roomId)
    if (known) {
      const { name, nameEn, maker, model, bornAtMs } = row
      Object.assign(known, { name, nameEn, maker, model, room, bornAtMs, retired: row.retiredAtMs !== null })
      return known
    }
    const device: DeviceEntry = {
      id: row.id,
      site: node.site,
      node: node.node,
      device: row.device,
      nodeId: row.nodeId,
      name: row.name,
      nameEn: row.nameEn,
      nameByPerson: row.nameByPerson === 1,
      maker: row.maker,
      model: row.model,
      room,
      online: false,
      offlineSinceMs: 0,
      onlineSinceMs: 0,
      bornAtMs: row.bornAtMs,
      retired: row.retiredAtMs !== null,
      isDrill: node.node === DRILL_NODE,
      points: new Map(),
    }
    this.devices.set(row.id, device)
    node.devices.set(row.device, device)
    return device
  }

  async putPoint(row: Selectable<Database['point']>, snapshot: JudgeSnapshot = {}): Promise<PointEntry> {
    const device = this.devices.get(row.deviceId) as DeviceEntry
    const kind: PointKind = isPointKind(row.kind) ? row.kind : 'number'
    const described = {
      name: row.name,
      nameEn: row.nameEn,
      kind,
      unit: row.unit,
      intervalMs: row.intervalMs,
      low: row.low,
      high: row.high,
      nominal: row.nominal,
      isWritable: row.isWritable === 1,
    }
    const known = this.points.get(row.id)
    if (known) {
      const hasNewLimits = known.kind !== kind || known.nominal !== row.nominal
      Object.assign(known, described)
      if (hasNewLimits) this.takeLimits(known)
      return known
    }
    const limits = this.limitsFor(device, { ...row, kind, roomId: device.room.id, roomClass: device.room.class })
    const point: PointEntry = {
      id: row.id,
      key: row.key,
      deviceId: row.deviceId,
      device,
      ...described,
      nameByPerson: row.nameByPerson === 1,
      live: {
        pointId: row.id,
        roomId: device.room.id,
        timeMs: 0,
        receivedAtMs: 0,
        value: null,
        quality: 'stale',
        reason: null,
        isChanged: false,
      },
      limits,
      judge: new PointJudge(limits, snapshot, 'live', this.localMinute),
      history: undefined,
      datatype: DataType.Unknown,
      isSilent: false,
    }
    this.points.set(row.id, point)
    device.points.set(row.key, point)
    return point
  }

  private nodeById(id: number): NodeEntry {
    for (const node of this.nodes.values()) if (node.id === id) return node
    throw new Error(`device of an unknown node ${id}`)
  }

  private roomOf(id: number): RoomEntry {
    const room = this.rooms.get(id)
    if (!room) throw new Error(`device in an unknown room ${id}`)
    return room
  }
}

type SubjectPoint = Pick<PointEntry, 'id' | 'key' | 'kind' | 'nominal' | 'deviceId'> & { device: { room: Pick<RoomEntry, 'id' | 'class'> } }

/** What decides a point's limits. */
export function subjectOf(point: SubjectPoint): LimitSubject {
  const { room } = point.device
  const { id, key, kind, nominal, deviceId } = point
  return { id, key, kind, nominal, deviceId, roomId: room.id, roomClass: room.class }
}
