import type { PointKind } from '@roomkeeper/shared/model'
import type { Unit } from '@roomkeeper/shared/units'
import { keyPart, numberReading, parseNumber, type SensorFinder, type SysfsSensor } from './sensor.ts'

const BUS = 'bus/iio/devices'

/** Documentation/ABI/testing/sysfs-bus-iio: channel → what, and the factor from the ABI's unit (m℃, milli-percent, kPa). */
const CHANNELS: readonly { pattern: RegExp; kind: PointKind; unit: Unit; factor: number; zh: string; en: string }[] = [
  { pattern: /^in_(temp(?:_ambient|\d*))_(?:raw|input)$/, kind: 'temperature', unit: 'Cel', factor: 1e-3, zh: '温度', en: 'temperature' },
  { pattern: /^in_(humidityrelative\d*)_(?:raw|input)$/, kind: 'humidity', unit: '%', factor: 1e-3, zh: '湿度', en: 'humidity' },
  { pattern: /^in_(pressure\d*)_(?:raw|input)$/, kind: 'number', unit: 'Pa', factor: 1e3, zh: '气压', en: 'air pressure' },
]

/** Temperature, humidity and pressure sensors on I²C, SPI or a GPIO (SHT, HDC, BME280, DHT22, …). */
export const findIio: SensorFinder = async (tree) => {
  const sensors: SysfsSensor[] = []
  for (const device of (await tree.list(BUS)).filter((entry) => entry.startsWith('iio:device'))) {
    const directory = `${BUS}/${device}`
    const files = await tree.list(directory)
    const name = (await tree.optionalText(`${directory}/name`)) || device
    const isTaken = (chip: string): boolean => sensors.some(({ description }) => description.key.startsWith(`iio.${chip}.`))
    const chip = isTaken(keyPart(name)) ? `${keyPart(name)}-${device.replace('iio:device', '')}` : keyPart(name)
    for (const channel of CHANNELS) {
      const parts = new Set(files.map((file) => channel.pattern.exec(file)?.[1]).filter((part) => part !== undefined))
      for (const part of parts) {
        const key = `iio.${chip}.${part}`
        const file = (suffix: string): string | undefined =>
          files.includes(`in_${part}_${suffix}`) ? `${directory}/in_${part}_${suffix}` : undefined
        const [input, raw, offset, scale] = [file('input'), file('raw'), file('offset'), file('scale')]
        sensors.push({
          description: { key, kind: channel.kind, unit: channel.unit, name: { zh: `${name} ${channel.zh}`, en: `${name} ${channel.en}` } },
          read: async (from, signal) => {
            const number = async (path: string | undefined, otherwise: number): Promise<number> =>
              path === undefined ? otherwise : parseNumber(await from.text(path, signal))
            if (input !== undefined) return numberReading(key, (await number(input, Number.NaN)) * channel.factor)
            // The ABI: (raw + offset) × scale.
            const value = ((await number(raw, Number.NaN)) + (await number(offset, 0))) * (await number(scale, 1))
            return numberReading(key, value * channel.factor)
          },
        })
      }
    }
  }
  return sensors
}
