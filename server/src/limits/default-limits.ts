import type { PointKind, RoomClass } from '@roomkeeper/shared/model'
import { type DefaultLimit, entry, type Line, lineLimits, PRODUCT } from './line-limits.ts'

const GB_50174 = 'GB 50174-2017 附录 A / GB 50174-2017 Annex A'
const ASHRAE = 'ASHRAE TC 9.9 2021，A1 级允许范围 / ASHRAE TC 9.9 2021, class A1 allowable'
/** The hospital's regulation: nobody enters, and nothing is changed or repaired, without approval and record. */
const A1 = '机房管理制度：人员进入须申请、批准、陪同 / The regulation: people enter with an application, approval and company'
const T3 = '机房管理制度：变更、维修须批准并有记录 / The regulation: changes and repairs need approval and a record'
/** EEMUA 191 gives 60 s and 1 % of range (0–50 ℃) as starting values for temperature. */
const SLOW = { onDelayMs: 60_000, offDelayMs: 60_000 }

function temperature(low: number, high: number): DefaultLimit[] {
  return [
    entry(ASHRAE, { condition: 'low-low', value: Math.min(15, low - 3), deadband: 0.5, ...SLOW, priority: 'high' }),
    entry(GB_50174, { condition: 'low', value: low, deadband: 0.5, ...SLOW, priority: 'medium' }),
    entry(GB_50174, { condition: 'high', value: high, deadband: 0.5, ...SLOW, priority: 'high' }),
    // A room without cooling gains several degrees a minute: the second limit does not wait.
    entry(ASHRAE, {
      condition: 'high-high',
      value: Math.max(32, high + 4),
      deadband: 0.5,
      onDelayMs: 0,
      offDelayMs: 60_000,
      priority: 'critical',
    }),
    entry(GB_50174, { condition: 'rate-of-change', value: 20, deadband: 4, onDelayMs: 0, offDelayMs: 60_000, priority: 'high' }),
  ]
}

const BY_KIND: Partial<Record<PointKind, readonly DefaultLimit[]>> = {
  'dew-point': [
    entry(GB_50174, { condition: 'low', value: 5.5, deadband: 0.5, ...SLOW, priority: 'medium' }),
    entry(GB_50174, { condition: 'high', value: 15, deadband: 0.5, ...SLOW, priority: 'medium' }),
  ],
  load: [
    entry(PRODUCT, { condition: 'high', value: 80, deadband: 3, ...SLOW, priority: 'medium' }),
    entry(PRODUCT, { condition: 'high-high', value: 100, deadband: 3, priority: 'critical' }),
  ],
  'battery-charge': [
    entry(PRODUCT, { condition: 'low', value: 50, deadband: 2, priority: 'high' }),
    entry(PRODUCT, { condition: 'low-low', value: 20, deadband: 2, priority: 'critical' }),
  ],
  'battery-runtime': [
    entry(PRODUCT, { condition: 'low', value: 600, deadband: 30, priority: 'high' }),
    entry(PRODUCT, { condition: 'low-low', value: 180, deadband: 30, priority: 'critical' }),
  ],
  'battery-temperature': [entry(GB_50174, { condition: 'high', value: 30, deadband: 0.5, ...SLOW, priority: 'medium' })],
  'ups-status': [
    entry(PRODUCT, { condition: 'state-notice', tokens: ['RB', 'BYPASS', 'ALARM'], priority: 'medium' }),
    entry(PRODUCT, { condition: 'state', tokens: ['OB', 'OVER'], priority: 'high' }),
    entry(PRODUCT, { condition: 'state-critical', tokens: ['LB', 'FSD', 'OFF'], priority: 'critical' }),
  ],
  leak: [entry(PRODUCT, { condition: 'state-critical', tokens: ['true'], priority: 'critical' })],
  smoke: [entry(PRODUCT, { condition: 'state-critical', tokens: ['true'], priority: 'critical' })],
  'cooling-fault': [entry(PRODUCT, { condition: 'state', tokens: ['true'], priority: 'high' })],
  door: [
    // Left open.
    entry(PRODUCT, { condition: 'state-notice', tokens: ['true'], onDelayMs: 120_000, priority: 'medium' }),
    // Each opening, however short: no delay may swallow one. That people get time to check in is decided in server/src/paper/paper-cover.ts.
    entry(A1, { condition: 'door-opened', tokens: ['true'], priority: 'medium' }),
  ],
  // Ten minutes: a machine that was away while it started is heard again by then.
  uptime: [entry(T3, { condition: 'restarted', value: 600, priority: 'medium' })],
}

const BY_ROOM_CLASS: Record<RoomClass, Partial<Record<PointKind, readonly DefaultLimit[]>>> = {
  'computer-room': {
    temperature: temperature(18, 27),
    humidity: [
      entry(ASHRAE, { condition: 'low-low', value: 8, deadband: 1, ...SLOW, priority: 'medium' }),
      entry(GB_50174, { condition: 'high', value: 60, deadband: 1, ...SLOW, priority: 'medium' }),
      entry(ASHRAE, { condition: 'high-high', value: 80, deadband: 1, ...SLOW, priority: 'high' }),
    ],
  },
  auxiliary: {
    temperature: temperature(18, 28),
    humidity: [
      entry(GB_50174, { condition: 'low', value: 35, deadband: 1, ...SLOW, priority: 'medium' }),
      entry(GB_50174, { condition: 'high', value: 75, deadband: 1, ...SLOW, priority: 'medium' }),
    ],
    'dew-point': [],
  },
  'ups-battery-room': { temperature: temperature(20, 30) },
}

/** Every point: silence and impossible values are alarms of their own, never "OK". */
const EVERY_POINT: readonly DefaultLimit[] = [
  entry(PRODUCT, { condition: 'no-data', priority: 'medium' }),
  entry(PRODUCT, { condition: 'sensor-suspect', onDelayMs: 30_000, offDelayMs: 30_000, priority: 'medium' }),
]

/** The default limits of a kind of point in a room of a class, with their sources. `line` is the point as its device describes it. */
export function defaultLimits(kind: PointKind, roomClass: RoomClass, line: Line = {}): readonly DefaultLimit[] {
  return [...(lineLimits(kind, line) ?? BY_ROOM_CLASS[roomClass][kind] ?? BY_KIND[kind] ?? []), ...EVERY_POINT]
}
