import { type DeviceConnection, type DeviceDescription, type DriverContext, DriverError, type RawReading } from '../driver.ts'
import { runProgram } from '../run-program.ts'
import type { ExecOptions } from './options.ts'
import { PLUGIN_STATES, type PluginOutput, parsePluginOutput } from './plugin-output.ts'
import { pointsOf, readingsOf, statePoints } from './points.ts'

/** Plugins find their own helpers and print numbers with a point. */
const BASE_ENVIRONMENT = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' }

interface PluginRun {
  output: PluginOutput
  exitCode: number
}

class ExecConnection implements DeviceConnection {
  private readonly options: ExecOptions
  private readonly timeoutMs: number
  private readonly closing = new AbortController()
  private points: ReturnType<typeof pointsOf> | undefined
  /** A plugin that runs already gives its result to everyone who asks meanwhile. */
  private running: Promise<PluginRun> | undefined

  constructor(options: ExecOptions, timeoutMs: number) {
    this.options = options
    this.timeoutMs = timeoutMs
  }

  async describe(): Promise<DeviceDescription> {
    this.points ??= pointsOf((await this.run(this.closing.signal)).output, this.options)
    const points = [...statePoints(this.options), ...this.points.map(({ description }) => description)]
    return { model: this.options.command.split('/').at(-1), points }
  }

  async read(signal: AbortSignal): Promise<readonly RawReading[]> {
    const { output, exitCode } = await this.run(signal)
    this.points ??= pointsOf(output, this.options)
    return readingsOf(this.points, output, exitCode)
  }

  async close(): Promise<void> {
    this.closing.abort(new Error('the connection was closed'))
  }

  private run(signal: AbortSignal): Promise<PluginRun> {
    if (signal.aborted) return Promise.reject(new DriverError('unreachable', 'the read was cancelled', { cause: signal.reason }))
    this.running ??= this.runOnce(AbortSignal.any([signal, this.closing.signal])).finally(() => {
      this.running = undefined
    })
    return this.running
  }

  private async runOnce(signal: AbortSignal): Promise<PluginRun> {
    const { command, args, env } = this.options
    const { exitCode, stdout, stderr } = await runProgram({
      path: command,
      args,
      env: { ...BASE_ENVIRONMENT, ...env },
      timeoutMs: this.timeoutMs,
      signal,
    })
    const output = parsePluginOutput(stdout)
    const said = output.text || stderr.trim().split('\n')[0] || 'nothing'
    if (exitCode >= PLUGIN_STATES.length)
      throw new DriverError('garbage', `${command} ended with ${exitCode}, which is no state of a plugin: ${said}`)
    // Without a single value UNKNOWN means that the plugin itself did not get through.
    if (exitCode === 3 && output.items.length === 0) throw new DriverError('unreachable', `${command}: ${said}`)
    return { output, exitCode }
  }
}

export function openExec(options: ExecOptions, context: DriverContext): DeviceConnection {
  return new ExecConnection(options, context.timeoutMs)
}
