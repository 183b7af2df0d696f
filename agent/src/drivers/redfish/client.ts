import { type DriverContext, DriverError } from '../driver.ts'
import { exchange, type HttpAnswer, HttpStatusError, jsonOf, statusError } from '../http-exchange.ts'
import { TlsAgent, type TlsTrust } from '../tls-agent.ts'
import { asResource, type Resource, resourcesIn, textIn } from './resource.ts'

const SESSIONS_PATH = '/redfish/v1/SessionService/Sessions'
/** A collection with all its members of a large server has some hundred kB. */
const MAX_BODY_BYTES = 8_388_608
/** BMCs have one slow core; more at once only makes each slower. */
const MOST_AT_ONCE = 2
/** Some services have every path with a slash at its end. */
const MOST_REDIRECTS = 2

export interface RedfishAccess {
  host: string
  port: number
  credentials?: { username: string; password: string }
  /** Log in once instead of sending the password with each request. */
  usesSession: boolean
  trust: TlsTrust
}

interface Session {
  token: string
  path?: string
}

/** Gets resources of one service (DSP0266). Every request ends within `timeoutMs`, not counting the wait for its turn. */
export class RedfishClient {
  readonly #access: RedfishAccess
  readonly #base: URL
  readonly #agent: TlsAgent
  readonly #timeoutMs: number
  readonly #closing = new AbortController()
  readonly #waiting: (() => void)[] = []
  #underWay = 0
  #session: Promise<Session> | undefined

  constructor(access: RedfishAccess, { timeoutMs }: Pick<DriverContext, 'timeoutMs'>) {
    this.#access = access
    this.#base = new URL(`https://${access.host.includes(':') ? `[${access.host}]` : access.host}:${access.port}`)
    // A handshake takes a BMC about a second, so connections are kept.
    this.#agent = new TlsAgent(access.trust, timeoutMs, { keepAlive: true, maxSockets: MOST_AT_ONCE })
    this.#timeoutMs = timeoutMs
  }

  /** Rejects with a DriverError; with an HttpStatusError when the service answered with another status. */
  async get(path: string, signal: AbortSignal): Promise<Resource> {
    await this.#turn()
    try {
      return await this.#get(path, AbortSignal.any([signal, this.#closing.signal]))
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#underWay--
      else next()
    }
  }

  /** Ends what is under way and the session: BMCs have few, and keep forgotten ones for half an hour. */
  async close(): Promise<void> {
    this.#closing.abort(new Error('the connection was closed'))
    const session = await this.#session?.catch(() => undefined)
    if (session?.path !== undefined) {
      const request = { method: 'DELETE' as const, path: session.path, headers: { 'x-auth-token': session.token } }
      await this.#send(request, AbortSignal.timeout(this.#timeoutMs)).catch(() => {})
    }
    this.#agent.destroy()
  }

  async #turn(): Promise<void> {
    if (this.#underWay < MOST_AT_ONCE) this.#underWay++
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  async #get(path: string, signal: AbortSignal): Promise<Resource> {
    let url = path
    for (let redirects = 0; ; redirects++) {
      const answer = await this.#authorized(url, signal)
      const next = redirects < MOST_REDIRECTS ? this.#redirect(answer) : undefined
      if (answer.status !== 200 && next === undefined) throw this.#refusal(answer, url)
      if (next === undefined) return resourceOf(answer, this.#urlOf(url))
      url = next
    }
  }

  async #authorized(path: string, signal: AbortSignal): Promise<HttpAnswer> {
    const { credentials, usesSession } = this.#access
    if (credentials === undefined) return this.#send({ method: 'GET', path, headers: {} }, signal)
    if (!usesSession) {
      const basic = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')
      return this.#send({ method: 'GET', path, headers: { authorization: `Basic ${basic}` } }, signal)
    }
    const session = await unlessAborted(this.#login(credentials), signal)
    const answer = await this.#send({ method: 'GET', path, headers: { 'x-auth-token': session.token } }, signal)
    if (answer.status !== 401) return answer
    // The session ended (its time-out, a restart of the BMC). Whoever sees it first logs in anew for all.
    if ((await this.#session?.catch(() => undefined)) === session) this.#session = undefined
    const { token } = await unlessAborted(this.#login(credentials), signal)
    return this.#send({ method: 'GET', path, headers: { 'x-auth-token': token } }, signal)
  }

  #login({ username, password }: { username: string; password: string }): Promise<Session> {
    // By the signal of no single reader: all wait for it.
    this.#session ??= this.#openSession(JSON.stringify({ UserName: username, Password: password })).catch((error: unknown) => {
      this.#session = undefined
      throw error
    })
    return this.#session
  }

  async #openSession(body: string): Promise<Session> {
    const headers = { 'content-type': 'application/json' }
    const answer = await this.#send({ method: 'POST', path: SESSIONS_PATH, headers, body }, this.#closing.signal)
    if (answer.status !== 200 && answer.status !== 201) throw this.#refusal(answer, SESSIONS_PATH)
    const token = answer.headers['x-auth-token']
    if (typeof token !== 'string' || token === '')
      throw new DriverError('garbage', `${this.#base.host}: 登录应答没有令牌 · the answer to the login has no X-Auth-Token`)
    return { token, path: this.#pathOn(answer.headers.location) }
  }

  #send(
    { method, path, headers, body }: { method: 'GET' | 'POST' | 'DELETE'; path: string; headers: Record<string, string>; body?: string },
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    const url = this.#urlOf(path)
    const common = { 'odata-version': '4.0', ...headers }
    return exchange(
      { method, url, headers: common, body, agent: this.#agent, timeoutMs: this.#timeoutMs, maxBodyBytes: MAX_BODY_BYTES },
      signal,
    )
  }

  #urlOf(path: string): URL {
    return new URL(path.replace(/#.*$/, ''), this.#base)
  }

  #redirect({ status, headers }: HttpAnswer): string | undefined {
    return [301, 302, 307, 308].includes(status) ? this.#pathOn(headers.location) : undefined
  }

  /** A path of a Location, on this service only: credentials go nowhere else. */
  #pathOn(location: string | undefined): string | undefined {
    if (location === undefined || !URL.canParse(location, this.#base.href)) return undefined
    const url = new URL(location, this.#base)
    return url.origin === this.#base.origin ? url.pathname + url.search : undefined
  }

  #refusal(answer: HttpAnswer, path: string): DriverError {
    const { kind, message } = statusError(answer, this.#urlOf(path))
    const reason = extendedInfo(answer)
    const { status } = answer
    // The paths are the service's own: that it has one no more is not agent.yaml's mistake.
    if (kind === 'configuration') return new HttpStatusError('garbage', status, `${this.#base.host}${path}: HTTP ${status}`)
    return new HttpStatusError(kind, status, reason === undefined ? message : `${message} (${reason})`)
  }
}

/** A reader stops waiting for what others go on waiting for. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new DriverError('unreachable', 'the read was cancelled', { cause: signal.reason }))
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}

function resourceOf(answer: HttpAnswer, url: URL): Resource {
  const resource = asResource(jsonOf(answer, url))
  if (resource === undefined) throw new DriverError('garbage', `${url.host}${url.pathname}: 不是 Redfish 资源 · not a Redfish resource`)
  return resource
}

/** What the service says about a refusal, e.g. that no session is free (DSP0266, error responses). */
function extendedInfo({ text }: HttpAnswer): string | undefined {
  try {
    const error = asResource(asResource(JSON.parse(text))?.error)
    const message = textIn(resourcesIn(error?.['@Message.ExtendedInfo'])[0]?.Message) ?? textIn(error?.message)
    return message?.slice(0, 200)
  } catch {
    return undefined
  }
}
