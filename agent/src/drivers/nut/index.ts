import { z } from 'zod'
import { type DeviceConnection, type DeviceDescription, type Driver, type DriverContext, DriverError, type RawReading } from '../driver.ts'
import { NutClient } from './client.ts'
import { isWaiting, pointsOf, readingOf } from './variables.ts'

const options = z.strictObject({
  host: z.string().min(1).describe('NUT 服务器地址 · Address of the machine that runs upsd'),
  port: z.int().min(1).max(65535).default(3493).describe('upsd 端口 · TCP port of upsd'),
  ups: z
    .string()
    .regex(/^[^\s"\\]+$/, 'a UPS name has no spaces, quotes or backslashes')
    .optional()
    .describe('UPS 名称；服务器上只有一台时可省略 · Name of the UPS; may be left out when the server has only one'),
})
type NutOptions = z.infer<typeof options>

class NutConnection implements DeviceConnection {
  private readonly client: NutClient
  private ups: string | undefined
  private description: DeviceDescription | undefined
  /** Every variable seen, with its last text: one that is not there at the moment stays a point. */
  private readonly seen = new Map<string, string>()
  isDescriptionStale = false

  constructor(client: NutClient, ups: string | undefined) {
    this.client = client
    this.ups = ups
  }

  async describe(): Promise<DeviceDescription> {
    const variables = this.description === undefined || this.isDescriptionStale ? await this.variables() : undefined
    if (variables !== undefined) this.description = this.describeSeen(variables)
    return this.description as DeviceDescription
  }

  async read(signal: AbortSignal): Promise<readonly RawReading[]> {
    const variables = await this.variables(signal)
    this.description ??= this.describeSeen(variables)
    // Drivers add variables as they learn them, and `ups.alarm` only while there is one.
    const known = new Set(this.description.points.map(({ key }) => key))
    this.isDescriptionStale = pointsOf(variables).some(({ key }) => !known.has(key))
    return this.description.points.map((point) => readingOf(point, variables))
  }

  async close(): Promise<void> {
    this.client.close()
  }

  private describeSeen(variables: ReadonlyMap<string, string>): DeviceDescription {
    for (const [name, text] of variables) this.seen.set(name, text)
    this.isDescriptionStale = false
    return describeVariables(this.seen)
  }

  private async variables(signal?: AbortSignal): Promise<Map<string, string>> {
    this.ups ??= onlyUps(await this.client.listUpses(signal))
    const variables = await this.client.listVariables(this.ups, signal)
    if (isWaiting(variables)) {
      throw new DriverError('unreachable', `NUT: the driver of UPS ${this.ups} has not sent anything to upsd yet (WAIT)`)
    }
    return variables
  }
}

function describeVariables(variables: ReadonlyMap<string, string>): DeviceDescription {
  const text = (name: string): string | undefined => variables.get(name)?.trim() || undefined
  return {
    maker: text('device.mfr') ?? text('ups.mfr'),
    model: text('device.model') ?? text('ups.model'),
    points: pointsOf(variables),
  }
}

function onlyUps(upses: readonly string[]): string {
  const [first, ...more] = upses
  if (first !== undefined && more.length === 0) return first
  throw new DriverError('configuration', `ups: say which UPS to read; the NUT server has: ${upses.join(', ') || 'none'}`)
}

/** UPSes served by Network UPS Tools. */
export const nutDriver: Driver<NutOptions> = {
  name: 'nut',
  summary: {
    zh: '通过 NUT 服务器（upsd）读取 UPS，无需登录。',
    en: 'Reads a UPS through a NUT server (upsd), without logging in.',
  },
  options,
  open: async (opened: NutOptions, context: DriverContext) => {
    const client = new NutClient({ host: opened.host, port: opened.port, timeoutMs: context.timeoutMs })
    return new NutConnection(client, opened.ups)
  },
}
