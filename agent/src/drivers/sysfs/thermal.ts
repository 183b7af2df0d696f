import { keyPart, numberReading, parseNumber, type SensorFinder, type SysfsSensor } from './sensor.ts'

const CLASS = 'class/thermal'

/** Thermal zones of the kernel (m℃): processors and boards. A zone that is a hwmon chip too is left to hwmon. */
export const findThermal: SensorFinder = async (tree) => {
  const zones = (await tree.list(CLASS)).filter((entry) => /^thermal_zone\d+$/.test(entry))
  const sensors: SysfsSensor[] = []
  for (const zone of zones) {
    const files = await tree.list(`${CLASS}/${zone}`)
    if (!files.includes('temp') || files.some((file) => /^hwmon\d+$/.test(file))) continue
    const type = (await tree.optionalText(`${CLASS}/${zone}/type`)) || zone
    const plain = `thermal.${keyPart(type)}`
    const key = sensors.some(({ description }) => description.key === plain) ? `${plain}-${zone.replace('thermal_zone', '')}` : plain
    sensors.push({
      description: { key, kind: 'board-temperature', unit: 'Cel', name: { zh: `${type} 温度`, en: `${type} temperature` } },
      read: async (from, signal) => numberReading(key, parseNumber(await from.text(`${CLASS}/${zone}/temp`, signal)) * 1e-3),
    })
  }
  return sensors
}
