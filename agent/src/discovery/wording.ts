import { type BadReason, POINT_KINDS, UPS_STATUS_TOKENS } from '@roomkeeper/shared/model'
import { unitSymbol } from '@roomkeeper/shared/units'
import type { DriverErrorKind, PointDescription } from '../drivers/driver.ts'
import type { SnapshotReading } from './read-device.ts'

const REASONS: Record<BadReason, string> = {
  'out-of-range': '超出可能范围 · outside the possible range',
  sentinel: '传感器错误码 · the sensor’s error code',
  'impossible-jump': '不可能的跳变 · impossible jump',
  frozen: '数值冻结 · frozen value',
  'neighbour-disagreement': '与相邻探头不一致 · disagrees with its neighbours',
  'sensor-error': '传感器故障 · sensor error',
  contradiction: '自相矛盾 · contradicts itself',
  'not-a-number': '不是数值 · not a number',
}

/** What to do about a device that cannot be read, by the kind of its error. */
export const DEVICE_ADVICE: Record<DriverErrorKind, string> = {
  unreachable: '检查电源、网线、地址、端口和防火墙 · check power, cable, address, port and firewall',
  denied: '检查用户名、密码、团体名和设备的访问名单 · check user, passwords, community and the device’s access list',
  garbage: '检查地址和端口后是否为这种设备 · check that this kind of device is behind the address and port',
  configuration: '按提示修改设备的配置 · change the device’s keys as the message says',
}

export function kindText({ kind }: PointDescription): string {
  return `${POINT_KINDS[kind].zh} ${kind}`
}

/** A value with its unit, as it was read: not rounded, since it is here to be compared with the device's own display. */
export function valueText({ kind, unit }: PointDescription, { value }: SnapshotReading): string {
  if (value === null) return '—'
  if (typeof value === 'boolean' && kind === 'output') return value ? '接通 · on' : '断开 · off'
  if (typeof value === 'boolean') return value ? '报警 · active' : '正常 · normal'
  if (typeof value === 'number') return `${value} ${unitSymbol(unit)}`.trimEnd()
  if (kind !== 'ups-status') return plain(value)
  const tokens = value.split(/\s+/).flatMap((token) => (isStatusToken(token) ? [UPS_STATUS_TOKENS[token].zh] : []))
  return tokens.length === 0 ? plain(value) : `${plain(value)} (${tokens.join(' ')})`
}

export function qualityText({ quality, reason }: SnapshotReading): string {
  if (quality === 'good') return '良好 good'
  if (quality === 'stale') return '未更新 stale'
  return reason === undefined ? quality : `不可信 ${quality}: ${reason} (${REASONS[reason]})`
}

/** Text from a device as one line without control characters: it could steer the terminal, or end a comment. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, ' ').trim()
}

function isStatusToken(token: string): token is keyof typeof UPS_STATUS_TOKENS {
  return Object.hasOwn(UPS_STATUS_TOKENS, token)
}
