import { Agent } from 'node:http'
import {
  type DeviceConnection,
  type DeviceDescription,
  type DriverContext,
  DriverError,
  type PointDescription,
  type RawReading,
} from '../driver.ts'
import { exchange, type HttpRequest, jsonOf, statusError } from '../http-exchange.ts'
import { describePoint, readPointAt } from '../json-points.ts'
import { readOwnFile, readSecret } from '../secret.ts'
import { TlsAgent } from '../tls-agent.ts'
import type { HttpJsonOptions } from './options.ts'
import { presetPoints, presetUrl } from './presets.ts'

/** A status of a device has some kB. */
const MAX_BODY_BYTES = 1_048_576

/** Opens a device that answers with JSON. Rejects with a DriverError `configuration` when a secret cannot be read. */
export async function openHttpJson(options: HttpJsonOptions, { timeoutMs }: DriverContext): Promise<DeviceConnection> {
  const password = await readSecret('password', { text: options.password, file: options.passwordFile, env: options.passwordEnv })
  const token = await readSecret('token', { text: options.token, file: options.tokenFile, env: options.tokenEnv })
  const basic = options.username === undefined ? undefined : Buffer.from(`${options.username}:${password ?? ''}`).toString('base64')
  const authorization = token === undefined ? basic && `Basic ${basic}` : `Bearer ${token}`
  const url = presetUrl(options.preset, options.url)
  const trust = { ca: options.ca === undefined ? undefined : await readOwnFile('ca', options.ca), fingerprint: options.fingerprint }
  const request: HttpRequest = {
    method: 'GET',
    url,
    headers: { ...options.headers, ...(authorization !== undefined && { authorization }) },
    // Each request has a connection of its own: small devices hold only few.
    agent: url.protocol === 'https:' ? new TlsAgent(trust, timeoutMs) : new Agent(),
    timeoutMs,
    maxBodyBytes: MAX_BODY_BYTES,
  }
  return new HttpJsonDevice(request, options)
}

class HttpJsonDevice implements DeviceConnection {
  readonly #request: HttpRequest
  readonly #options: HttpJsonOptions
  readonly #closing = new AbortController()
  /** Of a preset: the points of the first answer, and whether a later one had others. */
  #points: readonly PointDescription[] | undefined
  #isDescriptionStale = false

  constructor(request: HttpRequest, options: HttpJsonOptions) {
    this.#request = request
    this.#options = options
  }

  get isDescriptionStale(): boolean {
    return this.#isDescriptionStale
  }

  async describe(): Promise<DeviceDescription> {
    const json = await this.#get()
    const { points, preset } = this.#options
    if (preset === undefined) return { points: (points ?? []).map((point) => describePoint(point)) }
    const found = this.#found(json).map(({ description }) => description)
    // A sensor that is missing in one answer is no sensor less.
    const former = (this.#points ?? []).filter(({ key }) => !found.some((point) => point.key === key))
    this.#points = [...found, ...former]
    this.#isDescriptionStale = false
    return { points: this.#points }
  }

  async read(signal: AbortSignal): Promise<readonly RawReading[]> {
    const json = await this.#get(signal)
    const { points, preset } = this.#options
    if (preset === undefined) return (points ?? []).map((point) => readPointAt(point, json))
    const found = new Map(this.#found(json).map(({ description, reading }) => [description.key, { description, reading }]))
    const described = this.#points ?? [...found.values()].map(({ description }) => description)
    this.#isDescriptionStale = found.size > 0 && [...found.keys()].some((key) => !described.some((point) => point.key === key))
    return described.map(({ key }) => found.get(key)?.reading ?? { key, value: null, bad: 'sensor-error' })
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('the connection was closed'))
    this.#request.agent.destroy()
  }

  #found(json: unknown) {
    const { preset } = this.#options
    const points = preset && presetPoints(preset, json)
    if (points === undefined)
      throw new DriverError('garbage', `${this.#request.url.host}: 不是此类设备的应答 · not an answer of a ${preset} device`)
    return points
  }

  async #get(signal?: AbortSignal): Promise<unknown> {
    const { signal: closing } = this.#closing
    const answer = await exchange(this.#request, signal === undefined ? closing : AbortSignal.any([signal, closing]))
    if (answer.status !== 200) throw statusError(answer, this.#request.url)
    return jsonOf(answer, this.#request.url)
  }
}
