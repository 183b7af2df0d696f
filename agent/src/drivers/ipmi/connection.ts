import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DeviceConnection, type DeviceDescription, type DriverContext, DriverError, type RawReading } from '../driver.ts'
import { type ProgramResult, runProgram } from '../run-program.ts'
import { readSecret } from '../secret.ts'
import type { IpmiOptions } from './options.ts'
import { type IpmiPoint, keyOf, parseSensorList, pointOf, type SensorLine } from './sensor-list.ts'

/** ipmitool's own tries, so that a lost datagram costs a second and not the scan. */
const TRY_SECONDS = 1

class IpmiConnection implements DeviceConnection {
  private readonly options: IpmiOptions
  private readonly context: DriverContext
  private readonly closing = new AbortController()
  private points: Map<string, IpmiPoint> | undefined
  private identity: Pick<DeviceDescription, 'maker' | 'model'> = {}
  /** The BMC's list of sensors: with it a scan is one request a sensor instead of three, on slow BMCs seconds less. */
  private cache: string | undefined
  private running: Promise<SensorLine[]> | undefined

  constructor(options: IpmiOptions, context: DriverContext) {
    this.options = options
    this.context = context
  }

  async describe(): Promise<DeviceDescription> {
    if (this.points === undefined) {
      this.points = pointsOf(await this.list(this.closing.signal))
      this.identity = await this.identify()
      await this.makeCache()
    }
    return { ...this.identity, points: [...this.points.values()].map(({ description }) => description) }
  }

  async read(signal: AbortSignal): Promise<readonly RawReading[]> {
    const lines = await this.list(signal)
    this.points ??= pointsOf(lines)
    const byKey = new Map(lines.map((line) => [keyOf(line), line]))
    return [...this.points].map(([key, point]) => {
      const line = byKey.get(key)
      return line ? point.read(line) : { key, value: null, bad: 'sensor-error' }
    })
  }

  async close(): Promise<void> {
    this.closing.abort(new Error('the connection was closed'))
    if (this.cache !== undefined) await rm(join(this.cache, '..'), { recursive: true, force: true })
  }

  /** BMCs allow few sessions: a list under way serves everyone who asks meanwhile. */
  private list(signal: AbortSignal): Promise<SensorLine[]> {
    if (signal.aborted) return Promise.reject(new DriverError('unreachable', 'the read was cancelled', { cause: signal.reason }))
    this.running ??= this.listOnce(AbortSignal.any([signal, this.closing.signal])).finally(() => {
      this.running = undefined
    })
    return this.running
  }

  private async listOnce(signal: AbortSignal): Promise<SensorLine[]> {
    const cached = this.cache === undefined ? [] : ['-S', this.cache]
    const result = await this.run([...cached, 'sdr', 'elist', 'all'], signal)
    const lines = parseSensorList(result.stdout)
    // ipmitool may end with 1 for a single sensor it could not ask, and with 0 although it got none.
    if (lines.length > 0) return lines
    throw await this.explain(result, signal)
  }

  private async identify(): Promise<Pick<DeviceDescription, 'maker' | 'model'>> {
    const { stdout } = await this.run(['mc', 'info'], this.closing.signal).catch(() => ({ stdout: '' }))
    const field = (name: string): string | undefined => {
      const value = new RegExp(`^${name} +: (.+)$`, 'm').exec(stdout)?.[1]?.trim()
      return value?.startsWith('Unknown') ? undefined : value
    }
    return { maker: field('Manufacturer Name'), model: field('Product Name') }
  }

  private async makeCache(): Promise<void> {
    const file = join(await mkdtemp(join(tmpdir(), 'roomkeeper-ipmi-')), 'sdr')
    const { exitCode } = await this.run(['sdr', 'dump', file], this.closing.signal).catch(() => ({ exitCode: 1 }))
    if (exitCode === 0 && !this.closing.signal.aborted) this.cache = file
    else await rm(join(file, '..'), { recursive: true, force: true })
  }

  private async run(command: readonly string[], signal: AbortSignal): Promise<ProgramResult> {
    const { host, port, user, privilege, cipherSuite, ipmitool, password: text, passwordFile: file, passwordEnv: env } = this.options
    const password = await readSecret('password', { text, file, env })
    const tries = Math.max(1, Math.floor(this.context.timeoutMs / 1000 / TRY_SECONDS) - 1)
    const where =
      host === undefined
        ? ['-I', 'open']
        : [
            ...['-I', this.options.interface, '-H', host, '-p', String(port), '-U', user, '-E', '-L', privilege.toUpperCase()],
            ...['-N', String(TRY_SECONDS), '-R', String(tries), ...(cipherSuite === undefined ? [] : ['-C', String(cipherSuite)])],
          ]
    return runProgram({
      path: ipmitool,
      args: [...where, ...command],
      // By the environment (-E): every user of the machine can see the arguments of a program.
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', IPMI_PASSWORD: password ?? '' },
      timeoutMs: this.context.timeoutMs,
      signal,
    })
  }

  /** ipmitool says why a session was refused only when it is asked to be talkative. */
  private async explain({ stderr }: ProgramResult, signal: AbortSignal): Promise<DriverError> {
    const where = this.options.host === undefined ? 'this machine’s BMC' : `${this.options.host}:${this.options.port}`
    const reason = stderr.trim().split('\n').at(-1)?.trim() || 'no sensors'
    const talk = /session/i.test(stderr) ? await this.run(['-v', 'mc', 'info'], signal).catch(() => undefined) : undefined
    const said = `${stderr}\n${talk?.stderr ?? ''}`
    if (
      /HMAC is invalid|unauthorized name|Invalid user name|Activate Session.*(?:password|invalid)|insufficient privilege|privilege level/i.test(
        said,
      )
    )
      return new DriverError('denied', `${where}: the BMC refuses this user, password or privilege`)
    if (/Could not open device/.test(said))
      return new DriverError('configuration', `${where}: ${reason} (kernel modules ipmi_devintf, ipmi_si)`)
    return new DriverError('unreachable', `${where}: ${reason}`)
  }
}

function pointsOf(lines: readonly SensorLine[]): Map<string, IpmiPoint> {
  return new Map(
    lines.flatMap((line): [string, IpmiPoint][] => {
      const point = pointOf(line)
      return point ? [[point.description.key, point]] : []
    }),
  )
}

export function openIpmi(options: IpmiOptions, context: DriverContext): DeviceConnection {
  return new IpmiConnection(options, context)
}
