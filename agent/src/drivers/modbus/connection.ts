import { setTimeout as sleep } from 'node:timers/promises'
import { pointKindInfo, type ReadingValue } from '@roomkeeper/shared/model'
import type { Logger } from 'pino'
import { type DeviceConnection, type DeviceDescription, type DriverContext, DriverError, type RawReading } from '../driver.ts'
import { ModbusClient } from './client.ts'
import type { ModbusOptions } from './options.ts'
import { ILLEGAL_ADDRESS, ILLEGAL_FUNCTION, ILLEGAL_VALUE, ModbusException } from './pdu.ts'
import { placeOf } from './place.ts'
import { profileOfName } from './profile.ts'
import { isBitTable, type RegisterPoint } from './register-map.ts'
import { MAX_REGISTERS, planRequests, type ReadRequest } from './requests.ts'
import { rawValue, readingsOf, scaled, sentinelValues } from './values.ts'

/** What is read, from the options and the profile. */
interface ReadingMap {
  maker?: string
  model?: string
  points: readonly RegisterPoint[]
  maxGap: number
  maxRegisters: number
}

/** Opens a unit. Throws a DriverError when the profile is wrong; the device itself is not asked yet. */
export function openModbus(options: ModbusOptions, context: DriverContext): DeviceConnection {
  const profile = options.profile === undefined ? undefined : profileOfName(options.profile, context.profilesDir)
  const client = new ModbusClient(placeOf(options, profile?.serial), {
    unitId: options.unitId,
    timeoutMs: context.timeoutMs,
    pauseMs: options.pauseMs ?? profile?.pauseMs ?? 0,
  })
  const map = {
    maker: options.maker ?? profile?.maker,
    model: options.model ?? profile?.model,
    points: profile?.points ?? options.points ?? [],
    maxGap: options.maxGap ?? profile?.maxGap ?? 0,
    maxRegisters: options.maxRegisters ?? profile?.maxRegisters ?? MAX_REGISTERS,
  }
  return new ModbusConnection(map, client, context.log)
}

class ModbusConnection implements DeviceConnection {
  private readonly map: ReadingMap
  private readonly client: ModbusClient
  private readonly log: Logger
  private points: readonly RegisterPoint[]
  private requests: ReadRequest[]
  /** Some modules know function 15 only. */
  private writesAsMultiple = false
  /** Outputs that are on for a pulse, and what ends it. */
  private readonly pulses = new Map<RegisterPoint, NodeJS.Timeout>()

  constructor(map: ReadingMap, client: ModbusClient, log: Logger) {
    this.map = map
    this.client = client
    this.log = log
    this.points = map.points
    this.requests = this.plan(map.points)
  }

  /** The map is the description; it is still read once, so that an absent device, a wrong register or a missing option is known at once. */
  async describe(): Promise<DeviceDescription> {
    await this.read()
    const { maker, model } = this.map
    return {
      maker,
      model,
      points: this.points.map((point) => ({
        key: point.key,
        kind: point.kind,
        unit: point.unit ?? pointKindInfo(point.kind).unit,
        ...(point.sentinels.length > 0 && { sentinels: sentinelValues(point) }),
        ...(point.range && { range: point.range }),
        ...(point.name && { name: point.name }),
        ...(point.writable && { isWritable: true }),
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
      try {
        const data = await this.client.read(request.table, request.start, request.count, signal)
        for (const reading of readingsOf(request, data)) byKey.set(reading.key, reading)
        done.push(request)
      } catch (error) {
        if (!(error instanceof ModbusException)) throw error
        if (!isRefusal(error)) throw errorOfException(error, request)
        // One point, asked for alone, tells whose register is wrong, or that only the gap between two was.
        if (request.points.length > 1) pending.unshift(...request.points.flatMap((point) => planRequests([point], 0)))
        else refused.push(...request.points)
      }
    }
    const missing = refused.filter(({ optional }) => !optional)
    if (missing.length > 0 || done.length === 0) {
      const registers = (missing.length > 0 ? missing : refused).map((point) => `${point.key} (${point.type} register ${point.register})`)
      throw new DriverError('configuration', `points: the device has no ${registers.join(', ')}`)
    }
    this.points = this.points.filter((point) => !refused.includes(point))
    this.requests = done
    return this.points.map(({ key }) => byKey.get(key) ?? { key, value: null, bad: 'sensor-error' })
  }

  /** Writes an output and reads it back; a module that took the command without doing it is an error. */
  async write(key: string, value: ReadingValue, signal: AbortSignal): Promise<void> {
    const point = this.points.find((candidate) => candidate.key === key)
    if (point?.writable !== true) throw new DriverError('configuration', `"${key}" is no output of this device`)
    const raw = rawOf(point, value)
    await this.writeRaw(point, raw, signal)
    const { pulseMs } = point
    clearTimeout(this.pulses.get(point))
    this.pulses.delete(point)
    if (pulseMs !== undefined && value === true)
      this.pulses.set(
        point,
        setTimeout(() => void this.endPulse(point), pulseMs),
      )
  }

  /** An output that is on for a pulse does not stay on because the agent stops. */
  async close(): Promise<void> {
    for (const [point, timer] of [...this.pulses]) {
      clearTimeout(timer)
      await this.endPulse(point)
    }
    await this.client.close()
  }

  private async endPulse(point: RegisterPoint): Promise<void> {
    this.pulses.delete(point)
    await this.writeRaw(point, 0).catch((error: unknown) =>
      this.log.error({ key: point.key, reason: String(error) }, 'THE PULSE OF AN OUTPUT COULD NOT BE ENDED; IT MAY STILL BE ON'),
    )
  }

  private async writeRaw(point: RegisterPoint, raw: number, signal?: AbortSignal): Promise<void> {
    const { key, type, register } = point
    try {
      if (type === 'coil') await this.writeCoil(register, raw === 1, signal)
      else await this.client.writeRegister(register, raw, signal)
      const back = rawValue({ ...point, dataType: 'uint16' }, await this.readBack(point, signal), 0)
      if (back !== raw) throw new DriverError('garbage', `"${key}": written ${raw}, but the device still says ${back}`)
    } catch (error) {
      if (!(error instanceof ModbusException)) throw error
      throw new DriverError(isRefusal(error) ? 'configuration' : 'unreachable', `"${key}" was not switched: ${error.message}`, {
        cause: error,
      })
    }
  }

  private async writeCoil(register: number, isOn: boolean, signal?: AbortSignal): Promise<void> {
    try {
      await this.client.writeCoil(register, isOn, this.writesAsMultiple, signal)
    } catch (error) {
      if (this.writesAsMultiple || !(error instanceof ModbusException) || error.code !== ILLEGAL_FUNCTION) throw error
      await this.client.writeCoil(register, isOn, true, signal)
      this.writesAsMultiple = true
    }
  }

  private async readBack({ type, register }: RegisterPoint, signal?: AbortSignal): Promise<Buffer> {
    // Relays and slow firmware take a moment until the state that is read follows.
    await sleep(20, undefined, { signal }).catch(() => {})
    return this.client.read(type, register, 1, signal)
  }

  private plan(points: readonly RegisterPoint[]): ReadRequest[] {
    return planRequests(points, this.map.maxGap, this.map.maxRegisters)
  }
}

/** The bits to write for a value. */
function rawOf(point: RegisterPoint, value: ReadingValue): number {
  if (isBitTable(point.type)) {
    if (typeof value !== 'boolean') throw new DriverError('configuration', `"${point.key}" is switched by true or false`)
    return value ? 1 : 0
  }
  const raw = typeof value === 'number' ? Math.round((value - point.offset) / point.scale) : Number.NaN
  const [low, high] = point.dataType === 'int16' ? [-0x8000, 0x7fff] : [0, 0xffff]
  if (!(raw >= low && raw <= high)) {
    throw new DriverError('configuration', `"${point.key}" takes numbers from ${scaled(point, low)} to ${scaled(point, high)}`)
  }
  return raw & 0xffff
}

/** Unknown to the device, however often it is asked. Some answer "illegal data value" to a register count they do not like. */
function isRefusal({ code }: ModbusException): boolean {
  return code === ILLEGAL_FUNCTION || code === ILLEGAL_ADDRESS || code === ILLEGAL_VALUE
}

/** Busy, failing or absent behind a gateway: later may be better. The rest is an answer the protocol has no place for. */
function errorOfException(error: ModbusException, request: ReadRequest): DriverError {
  const where = `${request.table} registers ${request.start}–${request.start + request.count - 1}`
  const kind = [4, 5, 6, 10, 11].includes(error.code) ? 'unreachable' : 'garbage'
  return new DriverError(kind, `${error.message} for ${where}`, { cause: error })
}
