import { describe, expect, it } from 'vitest'
import type { DeviceEntry, PointEntry } from '../ingest/entries.ts'
import { localMinuteOf } from '../limits/local-minute.ts'
import type { LiveValue } from '../live/live-values.ts'
import { nextLimit, roomPoints } from './room-points.ts'
import { NO_SIGNS, nextSigns, type SignState, sampleNow } from './room-signs.ts'

const NOON = Date.UTC(2026, 5, 1, 12)
const utcMinute = localMinuteOf('UTC')

const MINUTE = 60_000
const START_MS = Date.UTC(2026, 2, 2)
type Described = [key: string, kind: string, unit?: string, name?: string]

function device(id: number, name: string, points: readonly Described[]): DeviceEntry {
  const made = { id, name, nameEn: '', maker: '', model: '', points: new Map<string, PointEntry>() } as unknown as DeviceEntry
  for (const [index, [key, kind, unit = '1', pointName = '']] of points.entries()) {
    const live = { timeMs: 0, receivedAtMs: 0, value: null, quality: 'stale', reason: null } as unknown as LiveValue
    made.points.set(key, {
      id: 10 * id + index,
      key,
      kind,
      unit,
      name: pointName,
      nameEn: '',
      device: made,
      live,
      limits: [],
    } as unknown as PointEntry)
  }
  return made
}

const PROBES = device(1, '温湿度', [
  ['cold', 'temperature', 'Cel', '冷通道温度'],
  ['hot', 'temperature', 'Cel', '热通道温度'],
  ['middle', 'temperature', 'Cel', '机房中部温度'],
])
const UPS = device(2, 'UPS', [
  ['status', 'ups-status'],
  ['input-voltage', 'voltage', 'V'],
  ['output-voltage', 'voltage', 'V'],
  ['load', 'load', '%'],
])
const COOLING = (id: number) =>
  device(id, '精密空调', [
    ['fault', 'cooling-fault'],
    ['output', 'number', '%', '制冷输出'],
    ['return', 'temperature', 'Cel', '回风温度'],
  ])

describe('the points of a room', () => {
  const keys = (points: readonly PointEntry[]) => points.map(({ key }) => key)

  it('are judged where equipment breathes in: rack inlets, else the cold aisle, else the room', () => {
    const racks = device(5, '机柜探头', [['r1', 'temperature', 'Cel', '1 号机柜进风']])
    const pick = (...devices: DeviceEntry[]) => roomPoints(1, devices)
    expect([pick(PROBES, racks).judgedBy, keys(pick(PROBES, racks).temperatures)]).toEqual(['rack-inlet', ['r1']])
    expect([pick(PROBES, UPS).judgedBy, keys(pick(PROBES, UPS).temperatures)]).toEqual(['cold-aisle', ['cold']])
    const only = device(6, '探头', [
      ['t1', 'temperature', 'Cel'],
      ['outdoor', 'temperature', 'Cel', '室外温度'],
    ])
    expect([pick(only).judgedBy, keys(pick(only).temperatures)]).toEqual(['any', ['t1']])
    expect(pick(COOLING(3)).judgedBy).toBeNull()
  })

  it('take heat from the racks, with a sum instead of its parts, else from the UPS', () => {
    const meters = device(7, '机柜电表', [
      ['power', 'power', 'W'],
      ['rack-1-power', 'power', 'W'],
      ['rack-2-power', 'power', 'W'],
    ])
    const parts = device(8, 'PDU', [
      ['a-power', 'power', 'W'],
      ['b-power', 'power', 'W'],
      ['input-power', 'power', 'W'],
    ])
    const heat = (...devices: DeviceEntry[]) => {
      const found = roomPoints(1, devices).heat
      return found && [found.source, keys(found.points)]
    }
    expect(heat(meters, UPS)).toEqual(['racks', ['power']])
    expect(heat(parts, UPS)).toEqual(['racks', ['a-power', 'b-power']])
    expect(heat(UPS, COOLING(3))).toEqual(['ups-load', ['load']])
    expect(heat(PROBES)).toBeNull()
  })

  it('have the room’s own limit first, then what equipment bears', () => {
    const limits = [
      { condition: 'high', value: 27, enabled: true },
      { condition: 'high-high', value: 32, enabled: true },
    ]
    const points = [{ limits }] as unknown as PointEntry[]
    expect(nextLimit(points, 24, NOON, utcMinute)).toEqual({ celsius: 32, kind: 'own' })
    expect(nextLimit(points, 33, NOON, utcMinute)).toEqual({ celsius: 35, kind: 'equipment' })
    expect(nextLimit(points, 50, NOON, utcMinute)).toEqual({ celsius: 32, kind: 'own' })
    expect(nextLimit([], 24, NOON, utcMinute)).toBeNull()
  })

  it('have at night the limit of the night', () => {
    const night = { days: [1, 2, 3, 4, 5, 6, 7], from: '22:00', to: '06:00', value: 30 }
    const points = [{ limits: [{ condition: 'high-high', value: 32, enabled: true, variants: [night] }] }] as unknown as PointEntry[]
    expect(nextLimit(points, 24, NOON, utcMinute)).toEqual({ celsius: 32, kind: 'own' })
    expect(nextLimit(points, 24, NOON + 11 * 3_600_000, utcMinute)).toEqual({ celsius: 30, kind: 'own' })
  })
})

describe('signs of a loss', () => {
  const room = () => {
    const devices = [
      device(1, '温湿度', [['cold', 'temperature', 'Cel', '冷通道']]),
      COOLING(3),
      COOLING(4),
      device(2, 'UPS', [['status', 'ups-status']]),
    ]
    const points = roomPoints(1, devices)
    let nowMs = START_MS
    let signs: SignState = NO_SIGNS
    const say = (deviceId: number, key: string, value: number | string | boolean, quality: 'good' | 'bad' = 'good') => {
      const live = devices.find(({ id }) => id === deviceId)?.points.get(key)?.live
      Object.assign(live ?? {}, { timeMs: nowMs, receivedAtMs: nowMs, value, quality })
    }
    const after = (ms: number) => {
      nowMs += ms
    }
    const look = () => {
      signs = nextSigns(signs, points, sampleNow(points)?.celsius ?? null, nowMs)
      return signs.gap && { cause: signs.gap.cause, sinceMs: nowMs - signs.gap.startMs, isSure: signs.gap.isSure }
    }
    const allWell = () => {
      for (const id of [3, 4]) {
        say(id, 'fault', false)
        say(id, 'output', 60)
      }
      say(1, 'cold', 22)
      say(2, 'status', 'OL')
      return look()
    }
    return { say, after, look, allWell, mainsLostAtMs: () => signs.mainsLostAtMs }
  }

  it('count when every air conditioner stands still, from the last one on', () => {
    const { say, after, look, allWell } = room()
    expect(allWell()).toBeNull()
    say(3, 'fault', true)
    expect(look()).toBeNull()
    after(MINUTE)
    say(4, 'fault', true)
    expect(look()).toEqual({ cause: 'cooling-fault', sinceMs: 0, isSure: true })
    after(MINUTE)
    // A bad reading says nothing: what was known holds.
    say(4, 'fault', true, 'bad')
    expect(look()).toEqual({ cause: 'cooling-fault', sinceMs: MINUTE, isSure: true })
    say(4, 'fault', false)
    say(4, 'output', 30)
    expect(look()).toBeNull()
  })

  it('are not sure for a compressor that may have reached its setpoint, until the room warms', () => {
    const { say, after, look, allWell } = room()
    allWell()
    for (const id of [3, 4]) say(id, 'output', 0)
    expect(look()).toMatchObject({ cause: 'cooling-stopped', isSure: false })
    after(3 * MINUTE)
    say(1, 'cold', 22.5)
    expect(look()).toMatchObject({ isSure: false })
    say(1, 'cold', 23.2)
    expect(look()).toMatchObject({ isSure: true, sinceMs: 3 * MINUTE })
  })

  it('know lost mains by the UPS, also once it is empty, and not by its test', () => {
    const { say, after, look, allWell, mainsLostAtMs } = room()
    allWell()
    say(2, 'status', 'OB DISCHRG CAL')
    expect(look()).toBeNull()
    say(2, 'status', 'OB DISCHRG')
    expect(look()).toMatchObject({ cause: 'mains-lost', isSure: true })
    after(20 * MINUTE)
    say(2, 'status', 'OFF')
    expect(look()).toMatchObject({ sinceMs: 20 * MINUTE })
    say(2, 'status', 'OL CHRG')
    look()
    expect(mainsLostAtMs()).toBeNull()
  })

  it('see that air conditioners with other power run on, and remember it', () => {
    const { say, after, look, allWell, mainsLostAtMs } = room()
    allWell()
    say(2, 'status', 'OB')
    expect(look()).toMatchObject({ cause: 'mains-lost' })
    after(MINUTE)
    say(3, 'output', 60)
    expect(look()).toBeNull()
    expect(mainsLostAtMs()).toBe(START_MS)
    say(2, 'status', 'OL')
    look()
    say(2, 'status', 'OB')
    expect(look()).toBeNull()
  })
})
