import pino from 'pino'
import { expect, vi } from 'vitest'
import type { DeviceConnection, DriverContext, RawReading } from '../../../agent/src/drivers/driver.ts'
import { mqttDeviceDriver } from '../../../agent/src/drivers/mqtt-device/index.ts'

export const NEVER = new AbortController().signal

/** tasmota.github.io/docs, MQTT. */
export const SENSOR = '{"Time":"2019-01-01T00:00:00","AM2301":{"Temperature":24.6,"Humidity":58.2},"TempUnit":"C"}'

/** Opens devices of the driver `mqtt-device`, and closes them together. */
export function mqttDeviceBench() {
  const opened: DeviceConnection[] = []
  let wakes = 0
  const context: DriverContext = {
    log: pino({ level: 'silent' }),
    clock: { nowMs: () => Date.now() },
    timeoutMs: 1500,
    wake: () => {
      wakes += 1
    },
  }
  return {
    async open(options: Record<string, unknown>, own: Partial<DriverContext> = {}): Promise<DeviceConnection> {
      const connection = await mqttDeviceDriver.open(mqttDeviceDriver.options.parse(options), { ...context, ...own })
      opened.push(connection)
      return connection
    },
    wakes: () => wakes,
    async closeAll(): Promise<void> {
      await Promise.all(opened.splice(0).map((connection) => connection.close()))
    },
  }
}

/** What came fresh within a second. */
export function freshOf(connection: DeviceConnection): Promise<Record<string, unknown>> {
  return vi.waitFor(async () => {
    if (connection.isDescriptionStale) await connection.describe()
    const readings = await connection.read(NEVER)
    expect(readings).not.toEqual([])
    return valuesOf(readings)
  }, 1000)
}

export async function keysOf(connection: DeviceConnection): Promise<string[]> {
  return (await connection.describe()).points.map(({ key }) => key)
}

function valuesOf(readings: readonly RawReading[]): Record<string, unknown> {
  return Object.fromEntries(readings.map(({ key, value, bad }) => [key, bad ?? value]))
}
