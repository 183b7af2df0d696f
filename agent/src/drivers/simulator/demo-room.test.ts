import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { deviceSchema, deviceShape } from '../../config/schema.ts'
import { demoRoomDevices } from './demo-room.ts'
import { createSimulatorDriver } from './index.ts'

const signal = new AbortController().signal

/** Opens the demonstration with a clock of its own; `scanAt` reads every device at a time and merges the values by `device/point`. */
async function openDemo() {
  const driver = createSimulatorDriver()
  const startMs = Date.UTC(2026, 5, 1)
  let nowMs = startMs
  const context = { log: pino({ level: 'silent' }), clock: { nowMs: () => nowMs }, timeoutMs: 1000, wake() {} }
  const connections = await Promise.all(
    demoRoomDevices().map(async (block) => {
      const own = Object.fromEntries(Object.entries(block).filter(([key]) => !Object.hasOwn(deviceShape, key)))
      return { id: deviceSchema.parse(block).id, connection: await driver.open(driver.options.parse(own), context) }
    }),
  )
  return async (seconds: number) => {
    nowMs = startMs + seconds * 1000
    const values = new Map<string, unknown>()
    for (const { id, connection } of connections) {
      for (const { key, value, bad } of await connection.read(signal)) {
        expect(bad).toBeUndefined()
        values.set(`${id}/${key}`, value)
      }
    }
    return values
  }
}

describe('the demonstration room', () => {
  it('is read every 2 to 5 seconds, under unique ids and in both languages', () => {
    const devices = demoRoomDevices().map((block) => deviceSchema.parse(block))
    expect(new Set(devices.map(({ id }) => id)).size).toBe(devices.length)
    for (const { intervalMs, name } of devices) {
      expect(intervalMs).toBeGreaterThanOrEqual(2000)
      expect(intervalMs).toBeLessThanOrEqual(5000)
      expect(name?.zh).toMatch(/\p{Script=Han}/u)
      expect(name?.en).toMatch(/^[\x20-\x7e]+$/)
    }
  })

  it('tells a gentle story: mains fail for 40 s after 3 minutes and every half hour, everything else stays within GB 50174', async () => {
    const scanAt = await openDemo()
    const onBattery: number[] = []
    for (let second = 0; second < 4000; second += 5) {
      const values = await scanAt(second)
      const number = (key: string) => Number(values.get(key))
      if (String(values.get('demo-ups/status')).includes('OB')) onBattery.push(second)
      expect(values.get('demo-ups/status')).not.toMatch(/LB|OFF|OVER/)
      for (const probe of ['cold-aisle', 'hot-aisle', 'room']) {
        expect(number(`demo-environment/${probe}-temperature`)).toBeGreaterThan(18)
        expect(number(`demo-environment/${probe}-temperature`)).toBeLessThan(27)
        expect(number(`demo-environment/${probe}-humidity`)).toBeGreaterThan(30)
        expect(number(`demo-environment/${probe}-humidity`)).toBeLessThan(60)
      }
      for (const rack of [1, 2, 3]) {
        const inlet = (height: string) => number(`demo-rack-inlets/rack-${rack}-${height}-temperature`)
        expect(inlet('bottom')).toBeGreaterThan(18)
        expect(inlet('middle')).toBeGreaterThan(inlet('bottom'))
        expect(inlet('top')).toBeGreaterThan(inlet('middle'))
        expect(inlet('top')).toBeLessThan(27)
      }
      expect(number('demo-ups/battery-runtime')).toBeGreaterThan(600)
      expect(number('demo-ups/battery-charge')).toBeGreaterThan(90)
      expect(values.get('demo-cooling/fault')).toBe(false)
      expect([values.get('demo-contacts/leak'), values.get('demo-contacts/smoke'), values.get('demo-contacts/door')]).toEqual([
        false,
        false,
        false,
      ])
    }
    const expected = [180, 1980, 3780].flatMap((from) => Array.from({ length: 8 }, (_, index) => from + 5 * index))
    expect(onBattery).toEqual(expected)
  })
})
