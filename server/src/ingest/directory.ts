import { isPointKind, type PointKind, type RoomClass } from '@roomkeeper/shared/model'
import { DataType } from '@roomkeeper/shared/sparkplug'
import type { Selectable } from 'kysely'
import type { Database, Db } from '../database/schema.ts'
import { limitsInForce } from '../limits/limit-registry.ts'
import { type JudgeSnapshot, PointJudge } from '../limits/point-judge.ts'
import type { DeviceEntry, PointEntry, RoomEntry } from './entries.ts'

export interface NodeEntry {
  id: number
  site: string
  node: string
  devices: Map<string, DeviceEntry>
}

/** Everything known of nodes, rooms, devices and points, read once at the start and kept up to date by births and people's changes. */
export class Directory {
  readonly rooms = new Map<number, RoomEntry>()
  readonly nodes = new Map<string, NodeEntry>()
  readonly devices = new Map<number, DeviceEntry>()
  readonly points = new Map<number, PointEntry>()
  private readonly db: Db

  constructor(db: Db) {
    this.db = db
  }

  async load(): Promise<void> {
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
      if (hasNewClass) for (const point of this.points.values()) if (point.device.room.id === room.id) await this.reloadLimits(point.id)
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
      if (hasMoved) await this.reloadLimits(point.id)
    }
  }

  /** After a point was renamed. */
  async reloadPoint(pointId: number): Promise<void> {
    const row = await this.db.selectFrom('point').select(['name', 'nameEn', 'nameByPerson']).where('id', '=', pointId).executeTakeFirst()
    const point = this.points.get(pointId)
    if (row && point) Object.assign(point, { name: row.name, nameEn: row.nameEn, nameByPerson: row.nameByPerson === 1 })
  }

  /** After limits were changed: the fold goes on with the new limits; what stands under a limit that is gone is left to the caller. */
  async reloadLimits(pointId: number): Promise<void> {
    const point = this.points.get(pointId)
    if (!point) return
    const inForce = await limitsInForce(this.db, { ...point, roomClass: point.device.room.class })
    point.limits = inForce.map(({ limit }) => limit)
    point.judge = new PointJudge(point.limits, point.judge.snapshot())
    if (point.history) point.history = new PointJudge(point.limits, point.history.snapshot(), 'historical')
    point.judge.isDirty = true
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
      if (hasNewLimits) await this.reloadLimits(known.id)
      return known
    }
    const inForce = await limitsInForce(this.db, { ...row, kind, roomClass: device.room.class })
    const limits = inForce.map(({ limit }) => limit)
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
      judge: new PointJudge(limits, snapshot),
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
