import type { PointKind } from '@roomkeeper/shared/model'
import type { Unit } from '@roomkeeper/shared/units'
import { keyPart, numberReading, parseNumber, type SensorFinder, type SysfsSensor } from './sensor.ts'
import type { SysfsTree } from './tree.ts'

const CLASS = 'class/hwmon'

/** Documentation/hwmon/sysfs-interface of the Linux kernel: file → what, and the factor from its milli- or micro-units. */
const CHANNELS: readonly {
  pattern: RegExp
  kind: PointKind
  unit: Unit
  factor: number
  zh: string
  en: string
  labelledOnly?: boolean
}[] = [
  { pattern: /^(temp\d+)_input$/, kind: 'board-temperature', unit: 'Cel', factor: 1e-3, zh: '温度', en: 'temperature' },
  { pattern: /^(humidity\d+)_input$/, kind: 'humidity', unit: '%', factor: 1e-3, zh: '湿度', en: 'humidity' },
  { pattern: /^(fan\d+)_input$/, kind: 'fan-speed', unit: '1', factor: 1, zh: '风扇', en: 'fan' },
  // Supply rails of 1 to 12 V: not `voltage`, whose limits are those of the mains. An input without a label has no known divider.
  { pattern: /^(in\d+)_input$/, kind: 'number', unit: 'V', factor: 1e-3, zh: '电压', en: 'voltage', labelledOnly: true },
  { pattern: /^(curr\d+)_input$/, kind: 'current', unit: 'A', factor: 1e-3, zh: '电流', en: 'current', labelledOnly: true },
  { pattern: /^(power\d+)_(?:input|average)$/, kind: 'power', unit: 'W', factor: 1e-6, zh: '功率', en: 'power' },
]

/** Sensors of the main board, processor, disks and plugged-in chips. */
export const findHwmon: SensorFinder = async (tree) => {
  const entries = await tree.list(CLASS)
  const names = new Map<string, string>()
  for (const entry of entries) names.set(entry, keyPart((await tree.optionalText(`${CLASS}/${entry}/name`)) ?? entry))
  const sensors: SysfsSensor[] = []
  for (const [entry, name] of names) {
    const same = [...names.values()].filter((other) => other === name).length
    // hwmonN is given out in the order of loading and changes over restarts; the device's own name does not.
    const chip = same === 1 ? name : `${name}-${keyPart((await tree.linkTarget(`${CLASS}/${entry}/device`)) ?? entry)}`
    sensors.push(...(await findChannels(tree, `${CLASS}/${entry}`, chip)))
  }
  return sensors
}

async function findChannels(tree: SysfsTree, directory: string, chip: string): Promise<SysfsSensor[]> {
  const files = await tree.list(directory)
  // A chip that measures humidity hangs in the air; the temperature it measures is that of the room.
  const inAir = files.some((file) => /^humidity\d+_input$/.test(file))
  const sensors: SysfsSensor[] = []
  for (const channel of CHANNELS) {
    for (const file of files) {
      const part = channel.pattern.exec(file)?.[1]
      if (part === undefined || sensors.some(({ description }) => description.key === `hwmon.${chip}.${part}`)) continue
      const label = files.includes(`${part}_label`) ? await tree.optionalText(`${directory}/${part}_label`) : undefined
      if (channel.labelledOnly === true && !label) continue
      const key = `hwmon.${chip}.${part}`
      const faultFile = files.includes(`${part}_fault`) ? `${directory}/${part}_fault` : undefined
      sensors.push({
        description: {
          key,
          kind: inAir && channel.kind === 'board-temperature' ? 'temperature' : channel.kind,
          unit: channel.unit,
          name: { zh: `${chip} ${label || `${channel.zh} ${part}`}`, en: `${chip} ${label || `${channel.en} ${part}`}` },
        },
        read: async (from, signal) => {
          if (faultFile !== undefined && (await from.text(faultFile, signal)) === '1') return { key, value: null, bad: 'sensor-error' }
          return numberReading(key, parseNumber(await from.text(`${directory}/${file}`, signal)) * channel.factor)
        },
      })
    }
  }
  return sensors
}
