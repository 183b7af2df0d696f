import { setTimeout as sleep } from 'node:timers/promises'
import { pointKindInfo } from '@roomkeeper/shared/model'
import { z } from 'zod'
import { type DeviceConnection, type DeviceDescription, type Driver, type DriverContext, DriverError, type RawReading } from '../driver.ts'
import { ILLEGAL_ADDRESS, ILLEGAL_FUNCTION, ModbusException, ModbusTcpClient } from './client.ts'
import { type RegisterPoint, registerPoint } from './register-map.ts'
import { planRequests, type ReadRequest } from './requests.ts'
import { readingsOf, sentinelValues } from './values.ts'

const options = z
  .strictObject({
    host: z.string().min(1).describe('设备或网关地址 · Address of the device or gateway'),
    port: z.int().min(1).max(65535).default(502).describe('TCP 端口 · TCP port'),
    unitId: z.int().min(0).max(255).default(1).describe('从站号 · Unit (slave) number'),
    pauseMs: z.int().min(0).max(10_000).default(0).describe('两次请求之间的停顿，毫秒 · Pause between two requests, ms'),
    maxGap: z
      .int()
      .min(0)
      .max(100)
      .default(0)
      .describe('同一请求中允许跨过的无用地址数 · Unasked addresses that may be read along to save a request'),
    maker: z.string().optional(),
    model: z.string().optional(),
    points: z.array(registerPoint).min(1).describe('寄存器表 · The register map'),
  })
  .superRefine(({ points }, context) => {
    for (const [index, { key }] of points.entries()) {
      if (points.findIndex((other) => other.key === key) < index) {
        context.addIssue({ code: 'custom', path: ['points', index, 'key'], message: `"${key}" is there twice` })
      }
    }
  })
type ModbusOptions = z.infer<typeof options>

class ModbusConnection implements DeviceConnection {
  private readonly options: ModbusOptions
  private readonly client: ModbusTcpClient
  private requests: ReadRequest[]

  constructor(opened: ModbusOptions, client: ModbusTcpClient) {
    this.options = opened
    this.client = client
    this.requests = planRequests(opened.points, opened.maxGap)
  }

  /** The map is the description; it is still read once, so that an absent device or a wrong register is known at once. */
  async describe(): Promise<DeviceDescription> {
    await this.read()
    const { maker, model, points } = this.options
    return {
      maker,
      model,
      points: points.map((point) => ({
        key: point.key,
        kind: point.kind,
        unit: point.unit ?? pointKindInfo(point.kind).unit,
        ...(point.sentinels.length > 0 && { sentinels: sentinelValues(point) }),
        ...(point.name && { name: point.name }),
      })),
    }
  }

  async read(signal?: AbortSignal): Promise<readonly RawReading[]> {
    const byKey = new Map<string, RawReading>()
    // A failed batch is replaced by smaller ones while the loop runs.
    const pending = [...this.requests]
    const done: ReadRequest[] = []
    const refused: RegisterPoint[] = []
    for (let request = pending.shift(); request !== undefined; request = pending.shift()) {
      if (done.length > 0 && this.options.pauseMs > 0) await this.pause(signal)
      try {
        const data = await this.client.read(request.table, request.start, request.count, signal)
        for (const reading of readingsOf(request, data)) byKey.set(reading.key, reading)
        done.push(request)
      } catch (error) {
        if (!(error instanceof ModbusException)) throw error
        if (error.code !== ILLEGAL_ADDRESS && error.code !== ILLEGAL_FUNCTION) throw errorOfException(error, request)
        // One point, asked for alone, tells whose register is wrong, or that only the gap between two was.
        if (request.points.length > 1) pending.unshift(...request.points.flatMap((point) => planRequests([point], 0)))
        else refused.push(...request.points)
      }
    }
    if (refused.length > 0) {
      const registers = refused.map((point) => `${point.key} (${point.type} register ${point.register})`)
      throw new DriverError('configuration', `points: the device has no ${registers.join(', ')}`)
    }
    this.requests = done
    return this.options.points.map(({ key }) => byKey.get(key) ?? { key, value: null, bad: 'sensor-error' })
  }

  async close(): Promise<void> {
    this.client.close()
  }

  private async pause(signal?: AbortSignal): Promise<void> {
    try {
      await sleep(this.options.pauseMs, undefined, { signal })
    } catch (cause) {
      throw new DriverError('unreachable', 'Modbus: the read was cancelled', { cause })
    }
  }
}

/** Busy, failing or absent behind a gateway: later may be better. The rest is an answer the protocol has no place for. */
function errorOfException(error: ModbusException, request: ReadRequest): DriverError {
  const where = `${request.table} registers ${request.start}–${request.start + request.count - 1}`
  const kind = [4, 5, 6, 10, 11].includes(error.code) ? 'unreachable' : 'garbage'
  return new DriverError(kind, `${error.message} for ${where}`, { cause: error })
}

/** Meters, transmitters and input modules over Modbus TCP. */
export const modbusDriver: Driver<ModbusOptions> = {
  name: 'modbus',
  summary: {
    zh: '通过 Modbus TCP 读取电表、温湿度变送器、干接点模块，寄存器表写在 agent.yaml 中。',
    en: 'Reads meters, transmitters and contact modules over Modbus TCP; the register map is in agent.yaml.',
  },
  options,
  open: async (opened: ModbusOptions, context: DriverContext) =>
    new ModbusConnection(opened, new ModbusTcpClient({ ...opened, timeoutMs: context.timeoutMs })),
}
