import type { DeviceDetail } from '@roomkeeper/shared/http'
import type { DeviceSettings } from '@roomkeeper/shared/model'
import type { Change } from '@roomkeeper/shared/push'
import { type AuditEntry, appendAudit } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import { decideOffset } from '../devices/calibration.ts'
import { loadDeviceDetail, loadSummaries } from '../devices/device-detail.ts'
import { type DeviceSettingsDelivery, heldOffset } from '../devices/device-settings.ts'
import { clearRetired, type RetireDependencies } from '../devices/retire-device.ts'
import { addSettings, newestSettings, type SettingsChangeKind } from '../devices/settings-rows.ts'
import type { Directory } from '../ingest/directory.ts'
import type { UnknownDevices } from '../paper/unknown-devices.ts'
import { type Actor, actorOf, api } from './base.ts'
import { nameDevice } from './device-names.ts'
import { changedByOther } from './form-revision.ts'
import type { PointRowsDeps } from './point-rows.ts'

export interface DevicesDeps extends Omit<PointRowsDeps, 'directory'>, RetireDependencies {
  /** What ingest holds in memory; read again after a person changed it. */
  directory: Pick<Directory, 'devices' | 'points' | 'reloadDevice' | 'reloadPoint'>
  settings: Pick<DeviceSettingsDelivery, 'deliver' | 'heldSinceMs'>
  change(change: Change): void
  /** Told of when people confirm or retire devices. */
  unknownDevices?: Pick<UnknownDevices, 'look'>
}

/** A refusal that the handler turns into its answer, thrown to end the transaction. */
class Refused extends Error {
  readonly answer: { message: string; data: { field: string; allowed: string } }
  constructor(message: string, field: string, allowed: string) {
    super(message)
    this.answer = { message, data: { field, allowed } }
  }
}
class Changed extends Error {
  readonly by: string | null
  readonly atMs: number | null
  constructor(by: string | null, atMs: number | null) {
    super('changed by someone else')
    this.by = by
    this.atMs = atMs
  }
}
class Missing extends Error {}

interface Answers {
  NOT_FOUND(): Error
  CONFLICT(options: ReturnType<typeof changedByOther>): Error
  INVALID(options: Refused['answer']): Error
}

/** New devices, and what people set on devices. Every change names the revision it was made on: two people never overwrite each other unseen. */
export function createDeviceHandlers(deps: DevicesDeps) {
  const { db, clock } = deps

  /** One change by one person: revision, rows and audit in one transaction, then memory, agent and browsers. */
  const edit = async (
    request: { deviceId: number; revision: number; actor: Actor; errors: Answers },
    change: (transaction: Db, nowMs: number) => Promise<Omit<AuditEntry, 'actor' | 'entity'>>,
  ): Promise<DeviceDetail> => {
    const { deviceId, revision, actor, errors } = request
    const nowMs = clock.nowMs()
    const fromRoomId = deps.directory.devices.get(deviceId)?.room.id
    try {
      await db.transaction().execute(async (transaction) => {
        await claim(transaction, deviceId, revision, actor, nowMs)
        const entry = await change(transaction, nowMs)
        await appendAudit(transaction, { actor: actor.username, entity: `device:${deviceId}`, ...entry }, nowMs)
      })
    } catch (error) {
      if (error instanceof Missing) throw errors.NOT_FOUND()
      if (error instanceof Changed) throw errors.CONFLICT(changedByOther(error.by, error.atMs))
      if (error instanceof Refused) throw errors.INVALID(error.answer)
      throw error
    }
    await deps.unknownDevices?.look()
    await deps.directory.reloadDevice(deviceId)
    const device = deps.directory.devices.get(deviceId)
    if (device) await deps.settings.deliver(device)
    const detail = await loadDeviceDetail(deps, deviceId)
    if (!detail) throw errors.NOT_FOUND()
    for (const id of new Set([detail.room.id, fromRoomId ?? detail.room.id])) deps.change({ topic: 'rooms', id })
    return detail
  }

  const pointOf = (pointId: number, errors: Answers) => {
    const point = deps.directory.points.get(pointId)
    if (!point) throw errors.NOT_FOUND()
    return point
  }

  return {
    list: api.devices.list.handler(({ input }) => loadSummaries(deps, input.scope)),

    get: api.devices.get.handler(async ({ input, errors }) => {
      const detail = await loadDeviceDetail(deps, input.deviceId)
      if (!detail) throw errors.NOT_FOUND()
      return detail
    }),

    update: api.devices.update.handler(async ({ input, context, errors }) => {
      const actor = actorOf(context)
      const { intervalMs } = input
      const detail = await edit({ ...input, actor, errors }, async (transaction, nowMs) => {
        const named = await nameDevice(transaction, input, (message, field, allowed) => new Refused(message, field, allowed))
        const isNew = input.confirm && named.commissionedAtMs === null
        if (isNew) {
          const commissioned = { commissionedAtMs: nowMs, commissionedBy: actor.name }
          await transaction.updateTable('device').set(commissioned).where('id', '=', input.deviceId).execute()
        }
        const before = (await newestSettings(transaction, input.deviceId))?.settings
        const { after, ...action } = { action: isNew ? 'device.confirm' : 'device.update', ...named.entry }
        if (intervalMs === undefined || intervalMs === (before?.intervalMs ?? null)) return { ...action, after }
        const settings = { ...before, calibrations: before?.calibrations ?? {}, intervalMs: intervalMs ?? undefined }
        await put(transaction, input.deviceId, actor, nowMs, { settings, change: 'interval', reason: input.reason })
        return { ...action, before: { ...action.before, intervalMs: before?.intervalMs ?? null }, after: { ...after, intervalMs } }
      })
      for (const { pointId } of input.points) await deps.directory.reloadPoint(pointId)
      return input.points.length === 0 ? detail : ((await loadDeviceDetail(deps, input.deviceId)) ?? detail)
    }),

    confirm: api.devices.confirm.handler(async ({ input, context }) => {
      const { username, name } = actorOf(context)
      const nowMs = clock.nowMs()
      await db.transaction().execute(async (transaction) => {
        for (const deviceId of new Set(input.deviceIds)) {
          const row = await transaction
            .updateTable('device')
            .set((set) => ({
              commissionedAtMs: nowMs,
              commissionedBy: name,
              revision: set('revision', '+', 1),
              changedBy: name,
              changedAtMs: nowMs,
            }))
            .where('id', '=', deviceId)
            .where('commissionedAtMs', 'is', null)
            .returning(['name', 'roomId'])
            .executeTakeFirst()
          if (row)
            await appendAudit(transaction, { actor: username, action: 'device.confirm', entity: `device:${deviceId}`, after: row }, nowMs)
        }
      })
      await deps.unknownDevices?.look()
      deps.change({ topic: 'rooms' })
      return loadSummaries(deps, 'new')
    }),

    calibrate: api.devices.calibrate.handler(async ({ input, context, errors }) => {
      const actor = actorOf(context)
      const point = pointOf(input.pointId, errors)
      const shown = (await loadDeviceDetail(deps, point.deviceId))?.device.points.find(({ id }) => id === point.id)
      return edit({ deviceId: point.deviceId, revision: input.revision, actor, errors }, async (transaction, nowMs) => {
        const row = await transaction.selectFrom('device').select('heldSettingsJson').where('id', '=', point.deviceId).executeTakeFirst()
        const decision = decideOffset({
          kind: point.kind,
          shown: shown ?? { value: null, quality: 'stale', timeMs: null },
          heldOffset: heldOffset(row?.heldSettingsJson ?? null, point.key),
          heldSinceMs: deps.settings.heldSinceMs(point.deviceId),
          correction: input.correction,
          isConfirmed: input.isConfirmed,
        })
        if (!decision.ok) throw refusalOf(decision)
        const before = (await newestSettings(transaction, point.deviceId))?.settings
        const calibration = { offset: decision.offset, atMs: nowMs, by: actor.name }
        const settings = { ...before, calibrations: { ...before?.calibrations, [point.key]: calibration } }
        const { reference, reason } = input
        const about = { change: 'calibration', pointKey: point.key, reference, reason } as const
        await put(transaction, point.deviceId, actor, nowMs, { settings, ...about })
        return {
          action: 'device.calibrate',
          before: { point: point.key, offset: before?.calibrations[point.key]?.offset ?? null },
          after: { point: point.key, offset: decision.offset, shown: shown?.value ?? null, ...input.correction, reference, reason },
        }
      })
    }),

    removeCalibration: api.devices.removeCalibration.handler(async ({ input, context, errors }) => {
      const actor = actorOf(context)
      const point = pointOf(input.pointId, errors)
      return edit({ deviceId: point.deviceId, revision: input.revision, actor, errors }, async (transaction, nowMs) => {
        const before = (await newestSettings(transaction, point.deviceId))?.settings
        const { [point.key]: removed, ...calibrations } = before?.calibrations ?? {}
        if (!removed) throw new Refused('此测点没有校准 / This point has no calibration', 'pointId', '有校准的测点 / a calibrated point')
        const settings = { ...before, calibrations }
        await put(transaction, point.deviceId, actor, nowMs, {
          settings,
          change: 'calibration-removed',
          pointKey: point.key,
          reason: input.reason,
        })
        const after = { point: point.key, offset: null, reason: input.reason }
        return { action: 'device.calibration-removed', before: { point: point.key, offset: removed.offset }, after }
      })
    }),

    retire: api.devices.retire.handler(async ({ input, context, errors }) => {
      const actor = actorOf(context)
      const device = deps.directory.devices.get(input.deviceId)
      const detail = await edit({ ...input, actor, errors }, async (transaction, nowMs) => {
        if (device?.online)
          throw new Refused(
            '设备在线，不能停用；请先在采集器上移除 / The device is online: remove it from its agent first',
            'deviceId',
            '离线的设备 / an offline device',
          )
        const retired = { retiredAtMs: nowMs, retiredBy: actor.name, retiredReason: input.reason }
        await transaction.updateTable('device').set(retired).where('id', '=', input.deviceId).execute()
        return { action: 'device.retire', after: { reason: input.reason } }
      })
      if (device) await clearRetired(deps, device)
      return detail
    }),

    restore: api.devices.restore.handler(({ input, context, errors }) =>
      edit({ ...input, actor: actorOf(context), errors }, async (transaction) => {
        const none = { retiredAtMs: null, retiredBy: null, retiredReason: null }
        await transaction.updateTable('device').set(none).where('id', '=', input.deviceId).execute()
        return { action: 'device.restore' }
      }),
    ),
  }
}

/** Counts the revision up; refuses when it is not the one the person has seen. */
async function claim(transaction: Db, deviceId: number, revision: number, actor: Actor, nowMs: number): Promise<void> {
  const claimed = await transaction
    .updateTable('device')
    .set({ revision: revision + 1, changedBy: actor.name, changedAtMs: nowMs })
    .where('id', '=', deviceId)
    .where('revision', '=', revision)
    .returning('id')
    .executeTakeFirst()
  if (claimed) return
  const row = await transaction.selectFrom('device').select(['changedBy', 'changedAtMs']).where('id', '=', deviceId).executeTakeFirst()
  throw row ? new Changed(row.changedBy, row.changedAtMs) : new Missing()
}

async function put(
  transaction: Db,
  deviceId: number,
  actor: Actor,
  nowMs: number,
  next: { settings: DeviceSettings; change: SettingsChangeKind; pointKey?: string; reference?: string; reason: string },
): Promise<void> {
  await addSettings(transaction, deviceId, { pointKey: null, reference: '', ...next, author: actor.name }, nowMs)
}

function refusalOf(decision: Exclude<ReturnType<typeof decideOffset>, { ok: true }>): Refused {
  switch (decision.reason) {
    case 'kind':
      return new Refused('这类测点不能校准 / Points of this kind cannot be calibrated', 'pointId', '测量值 / a measurement')
    case 'no-good-value':
      return new Refused(
        '测点现在没有可信的读数，无法比对 / The point has no good reading now to compare with',
        'correction.shows',
        '可信的读数 / a good reading',
      )
    case 'not-yet-read':
      return new Refused(
        '请等待校准后的下一个读数 / Wait for the next reading after the last calibration',
        'correction.shows',
        '新的读数 / a new reading',
      )
    case 'implausible': {
      const { offset, plausible } = decision
      return new Refused(
        `修正 ${offset} 很大（通常不超过 ${plausible}），请核对探头与单位后再次确认 / A correction of ${offset} is large (usually at most ${plausible}): check the probe and the unit, then confirm`,
        'isConfirmed',
        'true',
      )
    }
  }
}
