import { describe, expect, it } from 'vitest'
import { AIR_JOULES_PER_KG_KELVIN, AIR_KG_PER_CUBIC_METRE } from './climate.ts'
import { type RoomSettings, roomParameters } from './options.ts'
import { RoomModel } from './room-model.ts'
import { fullRuntimeSeconds } from './ups.ts'

const START_MS = Date.UTC(2026, 5, 1)

function roomOf(settings: RoomSettings = {}) {
  const model = new RoomModel(roomParameters(settings), START_MS)
  const at = (seconds: number) => {
    model.advanceTo(START_MS + seconds * 1000)
    return model.measurements()
  }
  /** The first whole second in (from, to] at which `holds`; fails when there is none. */
  const firstSecond = (from: number, to: number, holds: (measured: ReturnType<typeof at>) => boolean) => {
    for (let second = from + 1; second <= to; second++) if (holds(at(second))) return second - from
    throw new Error(`did not happen within ${to - from} s`)
  }
  return { model, at, firstSecond }
}

describe('the room in peace', () => {
  it('settles at the setpoint and stays there for a day, inside GB 50174 humidity', () => {
    const { at } = roomOf({ setpointCelsius: 22 })
    for (let hour = 0; hour <= 24; hour++) {
      const { probes } = at(hour * 3600)
      expect(probes['cold-aisle'].celsius).toBeGreaterThan(21.5)
      expect(probes['cold-aisle'].celsius).toBeLessThan(22.5)
      expect(probes['hot-aisle'].celsius).toBeGreaterThan(probes['cold-aisle'].celsius + 3)
      expect(probes['cold-aisle'].humidityPercent).toBeGreaterThan(40)
      expect(probes['cold-aisle'].humidityPercent).toBeLessThan(60)
    }
  })

  it('balances energy over an hour: what comes in is carried out', () => {
    const { at } = roomOf()
    let inJoules = 0
    let outJoules = 0
    const before = at(3600).probes['cold-aisle'].celsius
    for (let second = 3601; second <= 7200; second++) {
      const { heat } = at(second)
      inJoules += heat.rackWatts + heat.upsWatts + heat.wallWatts
      outJoules += heat.coolingWatts
    }
    const storedJoules = (at(7200).probes['cold-aisle'].celsius - before) * 90 * AIR_KG_PER_CUBIC_METRE * AIR_JOULES_PER_KG_KELVIN
    expect(inJoules).toBeGreaterThan(60e6)
    // The rest is what the mass took up or gave back.
    expect(Math.abs(inJoules - outJoules - storedJoules) / inJoules).toBeLessThan(0.02)
  })

  it('stays on mains within GB/T 12325 and 50 ± 0.5 Hz, with the battery full', () => {
    const { at } = roomOf()
    const seen = new Set<number>()
    for (let second = 0; second < 7200; second += 7) {
      const { mainsVolts, mainsHertz, ups } = at(second)
      seen.add(mainsVolts)
      expect(mainsVolts).toBeGreaterThan(198)
      expect(mainsVolts).toBeLessThan(235.4)
      expect(Math.abs(mainsHertz - 50)).toBeLessThan(0.5)
      expect(ups.status).toBe('OL')
      expect(ups.chargePercent).toBe(100)
    }
    expect(seen.size).toBeGreaterThan(900)
  })
})

describe('cooling fails', () => {
  it('heats a room of 5 kW racks as fast as the published test: over 35 °C within 1–3 minutes, near 40 °C after 3 min 9 s', () => {
    const { model, at, firstSecond } = roomOf({ rackWatts: 5000 })
    at(600)
    model.setControls({ 'cooling-fails': true })
    const seconds = firstSecond(600, 900, ({ probes }) => probes['cold-aisle'].celsius >= 35)
    expect(seconds).toBeGreaterThan(60)
    expect(seconds).toBeLessThan(180)
    const { probes, cooling } = at(600 + 189)
    expect(probes['cold-aisle'].celsius).toBeGreaterThan(37)
    expect(probes['cold-aisle'].celsius).toBeLessThan(45)
    expect(cooling).toMatchObject({ failed: true, stopped: true, outputPercent: 0 })
  })

  it('dries relatively while the water in the air stays, and never passes what servers survive', () => {
    const { model, at } = roomOf()
    const before = at(600).probes['cold-aisle'].humidityPercent
    model.setControls({ 'cooling-fails': true })
    expect(at(780).probes['cold-aisle'].humidityPercent).toBeLessThan(before - 15)
    let hottest = 0
    for (let second = 780; second < 4 * 3600; second += 10) hottest = Math.max(hottest, at(second).probes['cold-aisle'].celsius)
    expect(hottest).toBeGreaterThan(44)
    expect(hottest).toBeLessThan(46)
  })

  it('comes back to the setpoint once repaired', () => {
    const { model, at } = roomOf()
    model.setControls({ 'cooling-fails': true })
    at(300)
    model.setControls({})
    expect(Math.abs(at(300 + 1800).probes['cold-aisle'].celsius - 22)).toBeLessThan(0.6)
  })
})

describe('mains lost', () => {
  it('goes OL, OB, OB LB, OFF, and empties in about the runtime of its discharge curve', () => {
    const settings = { rackCount: 3, rackWatts: 1500, upsRatedWatts: 9000, upsFullLoadMinutes: 8 }
    const { model, at } = roomOf(settings)
    const expected = fullRuntimeSeconds(4500, 9000, 8)
    expect(expected).toBeCloseTo(8 * 60 * 2 ** 1.2, 3)
    expect(Math.abs(at(10).ups.runtimeSeconds / expected - 1)).toBeLessThan(0.15)

    model.setControls({ 'mains-lost': true })
    const order: string[] = [at(10).ups.status]
    let emptyAfter = 0
    let lastCharge = 101
    for (let second = 11; second <= 10 + 2 * expected && emptyAfter === 0; second++) {
      const { ups, mainsVolts } = at(second)
      if (order.at(-1) !== ups.status) order.push(ups.status)
      expect(mainsVolts).toBe(0)
      expect(ups.chargePercent).toBeLessThan(lastCharge)
      lastCharge = ups.chargePercent
      if (ups.outputVolts === 0) emptyAfter = second - 10
    }
    expect(order).toEqual(['OL', 'OB DISCHRG', 'OB DISCHRG LB', 'OFF OB LB'])
    expect(emptyAfter / expected).toBeGreaterThan(0.85)
    expect(emptyAfter / expected).toBeLessThan(1.15)
    expect(at(10 + 2 * expected).racks.watts).toBe(0)
  })

  it('charges again when mains return, and starts the compressor only after its delay', () => {
    const { model, at, firstSecond } = roomOf({ rackWatts: 1500, scenarios: [] })
    model.setControls({ 'mains-lost': true })
    const charge = at(40).ups.chargePercent
    expect(at(40).cooling).toMatchObject({ stopped: true, electricalWatts: 0 })
    model.setControls({})
    expect(at(41).ups.status).toBe('OL CHRG')
    expect(firstSecond(41, 200, ({ cooling }) => cooling.outputPercent > 0)).toBeGreaterThanOrEqual(40)
    expect(at(600).ups.chargePercent).toBeGreaterThan(charge)
    expect(firstSecond(600, 12 * 3600, ({ ups }) => ups.status === 'OL')).toBeGreaterThan(60)
  })

  it('drops the battery voltage along a curve with a knee at the end', () => {
    const { model, at } = roomOf()
    const float = at(5).ups.batteryVolts
    model.setControls({ 'mains-lost': true })
    const volts = [6, 300, 600, 900, 1000].map((second) => at(second).ups.batteryVolts)
    expect(volts[0]).toBeLessThan(float - 10)
    for (let index = 1; index < volts.length; index++) expect(volts[index]).toBeLessThan((volts[index - 1] ?? 0) + 1)
  })
})

describe('time', () => {
  it('is deterministic: same seed and clock, same room, whatever the reads in between', () => {
    const settings: RoomSettings = { seed: 7, scenarios: [scheduled('mains-lost', 100, 60)] }
    const often = roomOf(settings)
    for (let second = 0; second < 600; second++) often.at(second)
    const once = roomOf(settings)
    expect(once.at(600)).toEqual(often.at(600))
    expect(once.model.state).toEqual(often.model.state)
    expect(roomOf({ ...settings, seed: 8 }).at(600)).not.toEqual(once.at(600))
  })

  it('runs `speed` times faster', () => {
    const slow = roomOf({ speed: 1 })
    const fast = roomOf({ speed: 60 })
    slow.at(3600)
    fast.at(60)
    expect(fast.model.state.modelSeconds).toBe(3600)
    expect(fast.model.state.climate.airCelsius).toBe(slow.model.state.climate.airCelsius)
  })

  it('goes on after the clock was set back, and does not compute a year', () => {
    const { model } = roomOf()
    model.advanceTo(START_MS + 100_000)
    model.advanceTo(START_MS + 40_000)
    expect(model.state.modelSeconds).toBe(100)
    model.advanceTo(START_MS + 50_000)
    expect(model.state.modelSeconds).toBe(110)
    model.advanceTo(START_MS + 365 * 86_400_000)
    expect(model.state.modelSeconds).toBe(110 + 48 * 3600)
  })
})

function scheduled(name: 'mains-lost', atSeconds: number, forSeconds: number) {
  return { name, atSeconds, forSeconds, lie: 'power-on-value' as const, deviceSilentAfterSeconds: 120 }
}
