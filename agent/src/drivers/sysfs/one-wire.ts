import type { RawReading } from '../driver.ts'
import { numberReading, type SensorFinder } from './sensor.ts'

const BUS = 'bus/w1/devices'
/** What a DS18B20 holds after power-on until its first conversion: read back, it means the conversion did not happen (its data sheet). */
const POWER_ON_CELSIUS = 85

/** DS18B20 thermometers (family 28). Their serial number is the key: it stays with the probe, wherever it is plugged in. */
export const findOneWire: SensorFinder = async (tree) => {
  const probes = (await tree.list(BUS)).filter((entry) => /^28-[0-9a-f]{12}$/.test(entry))
  return probes.map((probe) => {
    const key = `w1.${probe}`
    return {
      description: {
        key,
        kind: 'temperature',
        unit: 'Cel',
        range: { low: -55, high: 125 },
        sentinels: [POWER_ON_CELSIUS],
        name: { zh: `温度探头 ${probe}`, en: `Temperature probe ${probe}` },
      },
      read: async (from, signal) => w1Reading(key, await from.text(`${BUS}/${probe}/w1_slave`, signal)),
    }
  })
}

/** Two lines: nine bytes with `crc=xx YES|NO`, and the same bytes with `t=` and milli-degrees. */
export function w1Reading(key: string, text: string): RawReading {
  const [crcLine = '', valueLine = ''] = text.split('\n')
  const milliCelsius = /\bt=(-?\d+)\s*$/.exec(valueLine)?.[1]
  // A probe that is pulled out while read gives zeros, whose check sum is right.
  const isBlank = /^(?:00 ){9}/.test(crcLine)
  if (!crcLine.endsWith('YES') || isBlank || milliCelsius === undefined) return { key, value: null, bad: 'sensor-error' }
  return numberReading(key, Number(milliCelsius) / 1000)
}
