import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { RawReading } from '../driver.ts'
import { createSimulatorDriver } from './index.ts'
import { ROLES } from './options.ts'

let folder: string
let nowMs: number
let warnings: string[]
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'simulator-'))
  nowMs = Date.UTC(2026, 5, 1)
  warnings = []
})
afterEach(() => rm(folder, { recursive: true }))

const log = pino({ level: 'warn' }, { write: (line: string) => void warnings.push(line) })
const context = { log, clock: { nowMs: () => nowMs }, timeoutMs: 1000, wake() {} }
const signal = new AbortController().signal

function opener() {
  const driver = createSimulatorDriver()
  return (options: Record<string, unknown>) => driver.open(driver.options.parse(options), context)
}

const valueAt = (readings: readonly RawReading[], key: string) => readings.find((reading) => reading.key === key)?.value

describe('one room, several devices', () => {
  it('lets the environment unit, the UPS, the cooling unit and the racks see the same failure', async () => {
    const open = opener()
    const controlFile = join(folder, 'control.json')
    const environment = await open({ role: 'environment', controlFile })
    const ups = await open({ role: 'ups' })
    const cooling = await open({ role: 'cooling' })
    const racks = await open({ role: 'racks' })
    expect(valueAt(await ups.read(signal), 'status')).toBe('OL')
    const calm = Number(valueAt(await environment.read(signal), 'cold-aisle-temperature'))

    await writeFile(controlFile, '{"mains-lost": true, "cooling-fails": true}')
    nowMs += 60_000
    expect(valueAt(await ups.read(signal), 'status')).toBe('OB DISCHRG')
    expect(valueAt(await ups.read(signal), 'input-voltage')).toBe(0)
    expect(valueAt(await cooling.read(signal), 'fault')).toBe(true)
    expect(Number(valueAt(await environment.read(signal), 'cold-aisle-temperature'))).toBeGreaterThan(calm + 5)
    expect(Number(valueAt(await racks.read(signal), 'power'))).toBeGreaterThan(15_000)
  })

  it('keeps rooms of different names apart', async () => {
    const open = opener()
    const first = await open({ role: 'environment', simulatedRoom: 'a', setpointCelsius: 20 })
    const second = await open({ role: 'environment', simulatedRoom: 'b', setpointCelsius: 25 })
    expect(valueAt(await first.read(signal), 'cold-aisle-temperature')).toBeCloseTo(20, 0)
    expect(valueAt(await second.read(signal), 'cold-aisle-temperature')).toBeCloseTo(25, 0)
  })

  it('refuses two devices that contradict each other, and forgets a room with its last device', async () => {
    const open = opener()
    const first = await open({ role: 'environment', setpointCelsius: 20 })
    await expect(open({ role: 'ups', setpointCelsius: 25 })).rejects.toMatchObject({ kind: 'configuration', retryable: false })
    await first.close()
    await first.close()
    const again = await open({ role: 'ups', setpointCelsius: 25 })
    expect(valueAt(await again.read(signal), 'status')).toBe('OL')
  })

  it('raises contacts by the schedule', async () => {
    const contacts = await opener()({ role: 'contacts', scenarios: [{ name: 'leak', atSeconds: 10, forSeconds: 5 }] })
    expect(valueAt(await contacts.read(signal), 'leak')).toBe(false)
    nowMs += 12_000
    expect(valueAt(await contacts.read(signal), 'leak')).toBe(true)
    nowMs += 5_000
    expect(valueAt(await contacts.read(signal), 'leak')).toBe(false)
  })
})

describe('the control file', () => {
  it('keeps the last word when it becomes wrong, says so once, and ends with the file', async () => {
    const controlFile = join(folder, 'control.json')
    const contacts = await opener()({ role: 'contacts', controlFile })
    expect(valueAt(await contacts.read(signal), 'leak')).toBe(false)
    await writeFile(controlFile, '{"leak": true}')
    expect(valueAt(await contacts.read(signal), 'leak')).toBe(true)
    await writeFile(controlFile, '{"leek": true}')
    for (let scan = 0; scan < 3; scan++) {
      nowMs += 1000
      expect(valueAt(await contacts.read(signal), 'leak')).toBe(true)
    }
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain('leek')
    await rm(controlFile)
    nowMs += 1000
    expect(valueAt(await contacts.read(signal), 'leak')).toBe(false)
  })
})

describe('sensors', () => {
  const scenario = (name: string, more: Record<string, unknown> = {}) => [{ name, atSeconds: 10, forSeconds: 600, ...more }]

  it('dies: the probe reads bad, then the unit does not answer, then all is well again', async () => {
    const open = opener()
    const environment = await open({
      role: 'environment',
      scenarios: scenario('sensor-dies', { probe: 'room', deviceSilentAfterSeconds: 60 }),
    })
    const ups = await open({ role: 'ups' })
    await environment.read(signal)
    nowMs += 20_000
    const readings = await environment.read(signal)
    expect(readings.filter(({ bad }) => bad !== undefined)).toEqual([
      { key: 'room-temperature', value: null, bad: 'sensor-error' },
      { key: 'room-humidity', value: null, bad: 'sensor-error' },
    ])
    nowMs += 60_000
    await expect(environment.read(signal)).rejects.toMatchObject({ kind: 'unreachable', retryable: true })
    expect(valueAt(await ups.read(signal), 'status')).toBe('OL')
    nowMs += 600_000
    expect((await environment.read(signal)).every(({ bad }) => bad === undefined)).toBe(true)
  })

  it.each([
    ['power-on-value', (values: number[]) => values.every((value) => value === 85)],
    ['frozen', (values: number[]) => new Set(values).size === 1 && values.every((value) => value < 30)],
    ['jump', (values: number[]) => values.some((value) => value > 50) && values.some((value) => value < 30)],
  ])('lies: %s', async (lie, holds) => {
    const environment = await opener()({ role: 'environment', scenarios: scenario('sensor-lies', { lie }) })
    await environment.read(signal)
    nowMs += 10_000
    const liar: number[] = []
    const honest: number[] = []
    for (let scan = 0; scan < 30; scan++) {
      nowMs += 1000
      const readings = await environment.read(signal)
      liar.push(Number(valueAt(readings, 'cold-aisle-temperature')))
      honest.push(Number(valueAt(readings, 'hot-aisle-temperature')))
    }
    expect(holds(liar)).toBe(true)
    expect(holds(honest)).toBe(false)
    expect(new Set(honest).size).toBeGreaterThan(10)
  })
})

describe('configuration', () => {
  it('accepts its own sample', async () => {
    const sample = parse(await readFile(new URL('./sample.yaml', import.meta.url), 'utf8'))
    const driver = createSimulatorDriver()
    const roles: string[] = []
    for (const { id, name, room, driver: driverName, intervalMs, ...options } of sample.devices) {
      expect({ driverName, named: Boolean(id && name && room && intervalMs) }).toEqual({ driverName: 'simulator', named: true })
      roles.push(driver.options.parse(options).role)
    }
    expect(roles.sort()).toEqual([...ROLES].sort())
  })

  it.each([
    [{ role: 'fridge' }, 'role'],
    [{ role: 'ups', sped: 60 }, 'sped'],
    [{ role: 'environment', probes: ['room', 'room'] }, 'at most once'],
  ])('refuses %o', (options, message) => {
    const parsed = createSimulatorDriver().options.safeParse(options)
    expect(parsed.success).toBe(false)
    expect(parsed.error?.message).toContain(message)
  })
})
