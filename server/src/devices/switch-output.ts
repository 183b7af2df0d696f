import { setTimeout as sleep } from 'node:timers/promises'
import { pointKindInfo } from '@roomkeeper/shared/model'
import { appendAudit } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import type { Directory } from '../ingest/directory.ts'
import type { NodeCommands } from '../ingest/node-commands.ts'
import type { NodeSession } from '../ingest/node-session.ts'

export interface SwitchOutputDeps {
  db: Db
  clock: { nowMs(): number }
  directory: Pick<Directory, 'devices'>
  ingest: { sessions: ReadonlyMap<string, NodeSession>; commands: Pick<NodeCommands, 'output'> }
}

export interface OutputOrder {
  deviceId: number
  key: string
  value: boolean | number
  /** For the audit trail. */
  actor: string
  reason: string
}

export type SwitchOutputFault =
  /** No such device or point. */
  | 'unknown'
  /** The point cannot be switched. */
  | 'no-output'
  /** A number for a relay, or the other way round; `allowed` says which. */
  | 'wrong-type'
  | 'agent-offline'
  | 'device-offline'
  /** The broker did not take the command. */
  | 'not-sent'

const MESSAGES: Record<SwitchOutputFault, string> = {
  unknown: '没有这个输出 / There is no such output',
  'no-output': '此测点不是可控制的输出 / This point is no output that can be switched',
  'wrong-type': '值的类型不符 / The value is of the wrong type',
  'agent-offline': '采集器不在线，无法控制输出 / The agent is offline; the output cannot be switched now',
  'device-offline': '设备没有应答，无法控制输出 / The device does not answer; the output cannot be switched now',
  'not-sent': '命令没有发出：MQTT 服务器不可用 / The command was not sent: the broker is away',
}

/** Nothing was switched. */
export class SwitchOutputError extends Error {
  readonly fault: SwitchOutputFault
  readonly allowed: 'boolean' | 'number' | undefined
  constructor(fault: SwitchOutputFault, options?: { cause?: unknown; allowed?: 'boolean' | 'number' }) {
    super(MESSAGES[fault], options)
    this.name = 'SwitchOutputError'
    this.fault = fault
    this.allowed = options?.allowed
  }
}

/** The agent switches, reads back and scans at once; a slow serial line takes a few seconds. */
const CONFIRM_MS = 5000
const LOOK_EVERY_MS = 50

/**
 * Switches an output of a device. What is asked is in the audit trail before it is sent; whether it happened is told by the point itself.
 * `confirmed` is false when it has not said so within 5 s, or when the signal aborted while waiting. Rejects with a SwitchOutputError.
 */
export async function switchOutput(
  { db, clock, directory, ingest }: SwitchOutputDeps,
  { deviceId, key, value, actor, reason }: OutputOrder,
  signal?: AbortSignal,
): Promise<{ sentAtMs: number; confirmed: boolean }> {
  const device = directory.devices.get(deviceId)
  const point = device?.points.get(key)
  if (!device || !point) throw new SwitchOutputError('unknown')
  if (!point.isWritable) throw new SwitchOutputError('no-output')
  const wanted = pointKindInfo(point.kind).valueType
  if (typeof value !== wanted) throw new SwitchOutputError('wrong-type', { allowed: wanted === 'boolean' ? 'boolean' : 'number' })
  const session = ingest.sessions.get(`${device.site}/${device.node}`)
  if (!session?.isOnline) throw new SwitchOutputError('agent-offline')
  if (!device.online) throw new SwitchOutputError('device-offline')

  const sentAtMs = clock.nowMs()
  const entry = {
    actor,
    action: 'output.switch',
    entity: `point:${point.id}`,
    before: { value: point.live.value },
    after: { device: deviceId, key, value, reason },
  }
  await db.transaction().execute((transaction) => appendAudit(transaction, entry, sentAtMs))
  try {
    await ingest.commands.output(session, device.device, key, value)
  } catch (error) {
    throw new SwitchOutputError('not-sent', { cause: error })
  }
  const deadlineMs = performance.now() + CONFIRM_MS
  const isConfirmed = (): boolean => point.live.value === value && point.live.receivedAtMs >= sentAtMs
  while (!isConfirmed() && performance.now() < deadlineMs && !signal?.aborted) await sleep(LOOK_EVERY_MS)
  return { sentAtMs, confirmed: isConfirmed() }
}
