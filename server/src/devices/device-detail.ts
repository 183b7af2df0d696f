import type { DeviceDetail, DeviceSummary, SettingsChange } from '@roomkeeper/shared/http'
import { CALIBRATION_VALID_MS } from '@roomkeeper/shared/model'
import { loadDevices, type PointRowsDeps } from '../api/point-rows.ts'
import type { Db } from '../database/schema.ts'
import { DRILL_NODE } from '../proof/drill-device.ts'
import { canonicalSettings, newestSettings, settingsOf, settingsState } from './settings-rows.ts'

/** Everything the form of a device shows; undefined when there is no such device. */
export async function loadDeviceDetail(deps: PointRowsDeps, deviceId: number): Promise<DeviceDetail | undefined> {
  const { db } = deps
  const [device] = await loadDevices(deps, { deviceId })
  const row = await db
    .selectFrom('device')
    .innerJoin('room', 'room.id', 'device.roomId')
    .selectAll('device')
    .select(['room.site', 'room.name as roomName'])
    .where('device.id', '=', deviceId)
    .executeTakeFirst()
  if (!device || !row) return undefined
  const wanted = await newestSettings(db, deviceId)
  const history = await loadHistory(db, deviceId)
  const nowMs = deps.clock.nowMs()
  return {
    device,
    room: { id: row.roomId, site: row.site, name: row.roomName },
    commissioned: row.commissionedAtMs === null ? null : { atMs: row.commissionedAtMs, by: row.commissionedBy },
    retired: retirementOf(row),
    revision: row.revision,
    changedBy: row.changedBy,
    changedAtMs: row.changedAtMs,
    settings: {
      state: settingsState(wanted && canonicalSettings(wanted.settings), row.heldSettingsJson),
      intervalMs: wanted?.settings.intervalMs ?? null,
      ownIntervalMs: row.ownIntervalMs,
      setAtMs: wanted?.atMs ?? null,
    },
    calibrations: Object.entries(wanted?.settings.calibrations ?? {}).map(([key, { offset, atMs, by }]) => ({
      pointId: device.points.find((point) => point.key === key)?.id ?? null,
      key,
      offset,
      atMs,
      by,
      reference: history.find((change) => change.pointKey === key)?.reference ?? '',
      isOutdated: nowMs - atMs > CALIBRATION_VALID_MS,
    })),
    history,
  }
}

async function loadHistory(db: Db, deviceId: number): Promise<SettingsChange[]> {
  const rows = await db.selectFrom('deviceSettings').selectAll().where('deviceId', '=', deviceId).orderBy('version', 'desc').execute()
  return rows.map((row) => {
    const settings = settingsOf(row.settingsJson)
    const calibrated = row.pointKey === null ? undefined : settings.calibrations[row.pointKey]
    return {
      version: row.version,
      change: row.change as SettingsChange['change'],
      pointKey: row.pointKey,
      value: (row.change === 'interval' ? settings.intervalMs : calibrated?.offset) ?? null,
      reference: row.reference,
      reason: row.reason,
      by: row.author,
      atMs: row.atMs,
    }
  })
}

/** Devices in a list, newest first. */
export async function loadSummaries(deps: PointRowsDeps, scope: 'new' | 'all' | 'retired'): Promise<DeviceSummary[]> {
  let query = deps.db
    .selectFrom('device')
    .innerJoin('edgeNode', 'edgeNode.id', 'device.nodeId')
    .innerJoin('room', 'room.id', 'device.roomId')
    .leftJoin('point', 'point.deviceId', 'device.id')
    .selectAll('device')
    .select(['edgeNode.site', 'edgeNode.node', 'room.name as roomName'])
    .where('edgeNode.node', '<>', DRILL_NODE)
    .select((select) => select.fn.count<number>('point.id').as('pointCount'))
    .groupBy(['device.id', 'edgeNode.id', 'room.id'])
    .orderBy('device.bornAtMs', 'desc')
    .orderBy('device.id')
  query = query.where('device.retiredAtMs', scope === 'retired' ? 'is not' : 'is', null)
  if (scope === 'new') query = query.where('device.commissionedAtMs', 'is', null)
  return (await query.execute()).map((row) => ({
    id: row.id,
    path: `${row.site}/${row.node}/${row.device}`,
    name: row.name,
    nameEn: row.nameEn,
    maker: row.maker,
    model: row.model,
    roomId: row.roomId,
    roomName: row.roomName,
    online: deps.directory.devices.get(row.id)?.online ?? false,
    bornAtMs: row.bornAtMs,
    isNew: row.commissionedAtMs === null,
    pointCount: Number(row.pointCount),
    retired: retirementOf(row),
  }))
}

function retirementOf(row: {
  retiredAtMs: number | null
  retiredBy: string | null
  retiredReason: string | null
}): DeviceSummary['retired'] {
  return row.retiredAtMs === null ? null : { atMs: row.retiredAtMs, by: row.retiredBy ?? '', reason: row.retiredReason ?? '' }
}
