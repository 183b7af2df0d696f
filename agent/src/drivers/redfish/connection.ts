import {
  type DeviceConnection,
  type DeviceDescription,
  type DriverContext,
  DriverError,
  type PointDescription,
  type RawReading,
} from '../driver.ts'
import { HttpStatusError } from '../http-exchange.ts'
import { readOwnFile, readSecret } from '../secret.ts'
import { RedfishClient } from './client.ts'
import type { FoundPoint } from './found-points.ts'
import type { RedfishOptions } from './options.ts'
import { learnService, type Source } from './tree.ts'

/** Within the poller's deadline of two time-outs, so that a slow service gives what it has instead of nothing. */
const SCAN_TIMEOUTS = 1.8
/** A part that the service stumbled over when it was learnt gets another chance. */
const LEARN_AGAIN_MS = 600_000

/** Opens a Redfish service. Rejects with a DriverError `configuration` when a secret or the authority cannot be read. */
export async function openRedfish(options: RedfishOptions, context: DriverContext): Promise<DeviceConnection> {
  const { host, port, username, session, fingerprint } = options
  const password = await readSecret('password', { text: options.password, file: options.passwordFile, env: options.passwordEnv })
  const ca = options.ca === undefined ? undefined : await readOwnFile('ca', options.ca)
  const credentials = username === undefined ? undefined : { username, password: password ?? '' }
  const trust = { ca, fingerprint, isInsecure: options.insecure }
  return new RedfishConnection(new RedfishClient({ host, port, credentials, usesSession: session, trust }, context), context)
}

class RedfishConnection implements DeviceConnection {
  readonly #client: RedfishClient
  readonly #context: DriverContext
  #sources: readonly Source[] | undefined
  #points: readonly PointDescription[] = []
  #hasNewPoints = false
  #learnAgainAtMs = Number.POSITIVE_INFINITY

  constructor(client: RedfishClient, context: DriverContext) {
    this.#client = client
    this.#context = context
  }

  get isDescriptionStale(): boolean {
    return this.#hasNewPoints || this.#context.clock.nowMs() >= this.#learnAgainAtMs
  }

  async describe(): Promise<DeviceDescription> {
    return this.#learn(new AbortController().signal)
  }

  async read(signal: AbortSignal): Promise<readonly RawReading[]> {
    if (this.#sources === undefined) await this.#learn(signal)
    const found = await this.#scan(this.#sources ?? [], signal)
    const readings = new Map<string, RawReading>()
    for (const { reading } of found) if (!readings.has(reading.key)) readings.set(reading.key, reading)
    const described = new Set(this.#points.map(({ key }) => key))
    this.#hasNewPoints = found.some(({ reading, isAbsent }) => !isAbsent && !described.has(reading.key))
    return this.#points.map(({ key }) => readings.get(key) ?? { key, value: null, bad: 'sensor-error' })
  }

  close(): Promise<void> {
    return this.#client.close()
  }

  async #learn(signal: AbortSignal): Promise<DeviceDescription> {
    const { log, clock } = this.#context
    const get = (path: string) => this.#client.get(path, signal)
    const { maker, model, sources, points, isIncomplete } = await learnService(get, (message) => log.warn(message))
    const byKey = new Map<string, PointDescription>()
    for (const { description, isAbsent } of points) if (!isAbsent && !byKey.has(description.key)) byKey.set(description.key, description)
    // A part that is missing now is no part less: its points are bad until the connection is opened anew.
    for (const former of this.#points) if (!byKey.has(former.key)) byKey.set(former.key, former)
    this.#sources = sources
    this.#points = [...byKey.values()]
    this.#hasNewPoints = false
    this.#learnAgainAtMs = isIncomplete ? clock.nowMs() + LEARN_AGAIN_MS : Number.POSITIVE_INFINITY
    return { maker, model, points: this.#points }
  }

  /** Asks every source once. One that fails leaves its points out; the scan fails when the service as a whole does. */
  async #scan(sources: readonly Source[], signal: AbortSignal): Promise<FoundPoint[]> {
    const failed = new AbortController()
    const time = AbortSignal.timeout(SCAN_TIMEOUTS * this.#context.timeoutMs)
    const stop = AbortSignal.any([signal, failed.signal, time])
    let firstError: unknown
    let answers = 0
    const found = await Promise.all(
      sources.map(async ({ path, parse }) => {
        try {
          const points = parse(await this.#client.get(path, stop))
          answers++
          return points
        } catch (error) {
          firstError ??= error
          if (!(error instanceof DriverError)) throw error
          const isRefused = error.kind === 'denied' && !(error instanceof HttpStatusError && error.status === 403)
          const isAway = answers === 0 && !(error instanceof HttpStatusError) && error.kind === 'unreachable'
          // Nothing is gained by waiting for all the others too.
          if (isRefused || isAway) failed.abort(error)
          return []
        }
      }),
    )
    if (failed.signal.aborted || signal.aborted || answers === 0)
      throw firstError ?? new DriverError('garbage', 'the service has no points')
    return found.flat()
  }
}
