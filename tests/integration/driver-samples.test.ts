import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { DRIVERS } from '../../agent/src/drivers/index.ts'

/** Keys every device has, whatever its driver; the rest of its block are the driver's options. */
const COMMON_KEYS = ['id', 'name', 'room', 'driver', 'intervalMs', 'timeoutMs', 'overrides']

describe.each(DRIVERS.map((driver) => [driver.name, driver] as const))('sample.yaml of driver %s', (name, driver) => {
  const text = readFileSync(new URL(`../../agent/src/drivers/${name}/sample.yaml`, import.meta.url), 'utf8')
  const { devices } = parse(text) as { devices: Record<string, unknown>[] }

  it('has a device', () => {
    expect(devices.length).toBeGreaterThan(0)
  })

  it.each(devices.map((device) => [device.id, device]))('%s is valid', (_, device) => {
    const options = Object.fromEntries(Object.entries(device).filter(([key]) => !COMMON_KEYS.includes(key)))
    expect(driver.options.safeParse(options).error?.issues).toBeUndefined()
  })
})
