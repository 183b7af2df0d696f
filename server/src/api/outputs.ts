import { setTimeout as sleep } from 'node:timers/promises'
import { pointKindInfo } from '@roomkeeper/shared/model'
import { appendAudit } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import type { Directory } from '../ingest/directory.ts'
import type { NodeCommands } from '../ingest/node-commands.ts'
import type { NodeSession } from '../ingest/node-session.ts'
import { actorOf, api } from './base.ts'

export interface OutputsDeps {
  db: Db
  clock: { nowMs(): number }
  directory: Pick<Directory, 'devices'>
  ingest: { sessions: ReadonlyMap<string, NodeSession>; commands: Pick<NodeCommands, 'output'> }
}

/** The agent switches, reads back and scans at once; a slow serial line takes a few seconds. */
const CONFIRM_MS = 5000
const LOOK_EVERY_MS = 50

/** Outputs of devices. What is asked is in the audit trail before it is sent; whether it happened is told by the point itself. */
export function createOutputHandlers({ db, clock, directory, ingest }: OutputsDeps) {
  return {
    switch: api.outputs.switch.handler(async ({ input, context, errors }) => {
      const { deviceId, key, value, reason } = input
      const device = directory.devices.get(deviceId)
      const point = device?.points.get(key)
      if (!device || !point) throw errors.NOT_FOUND()
      if (!point.isWritable)
        throw errors.INVALID({
          message: `测点“${key}”不是可控制的输出 / “${key}” is no output that can be switched`,
          data: { field: 'key', allowed: '可控制的输出 / an output' },
        })
      const wanted = pointKindInfo(point.kind).valueType
      if (typeof value !== wanted)
        throw errors.INVALID({
          message: wanted === 'boolean' ? '应为 true 或 false / Must be true or false' : '应为数值 / Must be a number',
          data: { field: 'value', allowed: wanted },
        })
      const session = ingest.sessions.get(`${device.site}/${device.node}`)
      if (!session?.isOnline)
        throw errors.UNAVAILABLE({ message: '采集器不在线，无法控制输出 / The agent is offline; the output cannot be switched now' })
      if (!device.online)
        throw errors.UNAVAILABLE({ message: '设备没有应答，无法控制输出 / The device does not answer; the output cannot be switched now' })

      const sentAtMs = clock.nowMs()
      const entry = {
        actor: actorOf(context).username,
        action: 'output.switch',
        entity: `point:${point.id}`,
        before: { value: point.live.value },
        after: { device: deviceId, key, value, reason },
      }
      await db.transaction().execute((transaction) => appendAudit(transaction, entry, sentAtMs))
      try {
        await ingest.commands.output(session, device.device, key, value)
      } catch {
        throw errors.UNAVAILABLE({ message: '命令没有发出：MQTT 服务器不可用 / The command was not sent: the broker is away' })
      }
      const deadlineMs = performance.now() + CONFIRM_MS
      const isConfirmed = (): boolean => point.live.value === value && point.live.receivedAtMs >= sentAtMs
      while (!isConfirmed() && performance.now() < deadlineMs) await sleep(LOOK_EVERY_MS)
      return { sentAtMs, confirmed: isConfirmed() }
    }),
  }
}
