import { access } from 'node:fs/promises'
import { z } from 'zod'
import { type DeviceConnection, type DeviceDescription, type Driver, type DriverContext, DriverError, type RawReading } from '../driver.ts'
import { findHwmon } from './hwmon.ts'
import { findIio } from './iio.ts'
import { findOneWire } from './one-wire.ts'
import type { SensorFinder, SysfsSensor } from './sensor.ts'
import { findThermal } from './thermal.ts'
import { SysfsTree } from './tree.ts'
import { findUptime } from './uptime.ts'

const FINDERS = { hwmon: findHwmon, thermal: findThermal, iio: findIio, w1: findOneWire, uptime: findUptime } satisfies Record<
  string,
  SensorFinder
>
const SUBSYSTEMS = Object.keys(FINDERS) as [keyof typeof FINDERS, ...(keyof typeof FINDERS)[]]

/** A one-wire probe takes 0.75 s; two at a time leave half of the process's four file threads to others. */
const PARALLEL_READS = 2

const options = z.strictObject({
  root: z.string().startsWith('/').default('/sys').describe('sysfs 根目录 · Where sysfs is mounted'),
  subsystems: z
    .array(z.enum(SUBSYSTEMS))
    .min(1)
    .default(SUBSYSTEMS)
    .describe(
      '读取哪些子系统：hwmon、thermal、iio、w1、uptime（运行时长） · Which subsystems to read; uptime: since the machine was started',
    ),
})
type SysfsOptions = z.infer<typeof options>

class SysfsConnection implements DeviceConnection {
  private readonly options: SysfsOptions
  private readonly tree: SysfsTree
  private sensors: readonly SysfsSensor[] | undefined
  private readonly closing = new AbortController()

  constructor(opened: SysfsOptions, tree: SysfsTree) {
    this.options = opened
    this.tree = tree
  }

  async describe(): Promise<DeviceDescription> {
    return { maker: 'Linux', model: 'sysfs', points: (await this.find()).map(({ description }) => description) }
  }

  async read(signal: AbortSignal): Promise<readonly RawReading[]> {
    const sensors = await this.find()
    const either = AbortSignal.any([signal, this.closing.signal])
    const readings: RawReading[] = sensors.map(({ description }) => ({ key: description.key, value: null, bad: 'sensor-error' }))
    let answered = 0
    const waiting = [...sensors.entries()]
    const readWaiting = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined && !either.aborted; next = waiting.shift()) {
        const [index, sensor] = next
        // A sensor that cannot be read stays "sensor error"; the others go on.
        const reading = await sensor.read(this.tree, either).catch(() => undefined)
        if (reading === undefined) continue
        readings[index] = reading
        answered += 1
      }
    }
    await Promise.all(Array.from({ length: PARALLEL_READS }, readWaiting))
    if (either.aborted) throw new DriverError('unreachable', `${this.options.root}: the read was cancelled`, { cause: either.reason })
    if (sensors.length > 0 && answered === 0) {
      throw new DriverError('unreachable', `${this.options.root}: none of ${sensors.length} sensors can be read`)
    }
    return readings
  }

  async close(): Promise<void> {
    this.closing.abort(new Error('the connection was closed'))
  }

  private async find(): Promise<readonly SysfsSensor[]> {
    if (this.sensors !== undefined) return this.sensors
    try {
      await access(this.options.root)
    } catch (cause) {
      throw new DriverError('unreachable', `root: ${this.options.root} is not there`, { cause })
    }
    const found: SysfsSensor[] = []
    for (const subsystem of this.options.subsystems) found.push(...(await FINDERS[subsystem](this.tree)))
    this.sensors = found
    return found
  }
}

/** The sensors of the machine the agent runs on. */
export const sysfsDriver: Driver<SysfsOptions> = {
  name: 'sysfs',
  summary: {
    zh: '读取本机传感器：主板、处理器、温湿度芯片、1-Wire 温度探头（Linux sysfs）。',
    en: 'Reads the sensors of this machine: board, processor, temperature and humidity chips, 1-Wire probes (Linux sysfs).',
  },
  options,
  open: async (opened: SysfsOptions, context: DriverContext) => new SysfsConnection(opened, new SysfsTree(opened.root, context.timeoutMs)),
}
