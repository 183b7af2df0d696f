import snmp, { type Session, type Varbind } from 'net-snmp'
import { DriverError } from '../driver.ts'
import type { SnmpOptions } from './options.ts'
import { compareOids, isBelow, type SnmpValue, varbindValue } from './values.ts'

/** Small agents have answer buffers of 1,472 bytes or less; 20 objects fit. */
const MAX_VARBINDS = 20
/** A table longer than this is none of ours, or an agent that walks in circles. */
const MAX_ROWS = 2000
const { ErrorStatus, ResponseInvalidCode } = snmp

type Callback<T> = (error: Error | null, result?: T) => void

/**
 * Promises over net-snmp, with its errors told apart. After a failure the net-snmp session is made anew for the next request: a
 * version 3 session remembers the device's clock, and would refuse it for ever after the device restarted.
 */
export class SnmpClient {
  private readonly options: SnmpOptions
  private readonly timeoutMs: number
  private session: Session | undefined
  /** The last thing received that was no SNMP. */
  private unreadable: Error | undefined
  /** Version 3: the device answered the greeting, which needs no user, before the session was dropped. */
  private knowsDevice = false
  private closed = false

  constructor(options: SnmpOptions, timeoutMs: number) {
    this.options = options
    this.timeoutMs = timeoutMs
  }

  /** Values of single objects; an object the device does not have is not in the map. */
  async get(oids: readonly string[], signal?: AbortSignal): Promise<Map<string, SnmpValue>> {
    const values = new Map<string, SnmpValue>()
    const batches: string[][] = []
    for (let at = 0; at < oids.length; at += MAX_VARBINDS) batches.push(oids.slice(at, at + MAX_VARBINDS))
    for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
      const asked = batch
      try {
        const varbinds = await this.request<Varbind[]>((session, callback) => session.get(asked, callback), signal)
        for (const varbind of varbinds) {
          const value = varbindValue(varbind)
          if (value !== undefined) values.set(varbind.oid, value)
        }
      } catch (error) {
        batches.unshift(...smallerBatches(asked, error))
      }
    }
    return values
  }

  /** Values of a table's column by row index (what follows the column's OID). */
  async walk(column: string, signal?: AbortSignal): Promise<Map<string, SnmpValue>> {
    const rows = new Map<string, SnmpValue>()
    for (let last = column; rows.size < MAX_ROWS; ) {
      const varbinds = await this.next(last, signal)
      const before = last
      for (const varbind of varbinds) {
        // An agent that does not go forward would be asked for ever.
        if (!isBelow(varbind.oid, column) || compareOids(varbind.oid, last) <= 0) return rows
        last = varbind.oid
        const value = varbindValue(varbind)
        if (value !== undefined) rows.set(varbind.oid.slice(column.length + 1), value)
      }
      if (last === before) return rows
    }
    return rows
  }

  close(): void {
    this.closed = true
    this.drop()
  }

  private async next(oid: string, signal?: AbortSignal): Promise<Varbind[]> {
    try {
      if (this.options.version === '1')
        return await this.request<Varbind[]>((session, callback) => session.getNext([oid], callback), signal)
      const [column] = await this.request<Varbind[][]>((session, callback) => session.getBulk([oid], 0, MAX_VARBINDS, callback), signal)
      return column ?? []
    } catch (error) {
      // Version 1's way to say that the MIB ends here.
      if (error instanceof snmp.RequestFailedError && error.status === ErrorStatus.NoSuchName) return []
      throw asDriverError(error)
    }
  }

  /** One request; rejects with a DriverError, or with net-snmp's RequestFailedError when the device refused it. */
  private async request<T>(send: (session: Session, callback: Callback<T>) => void, signal?: AbortSignal): Promise<T> {
    const deadlineMs = performance.now() + this.timeoutMs
    for (let attempts = 1; ; attempts++) {
      try {
        return await this.attempt(send, deadlineMs, signal)
      } catch (error) {
        // Version 3: the device may have restarted and not know us any more, which many show by silence. Introduce ourselves again, once.
        const again = this.options.version === '3' && attempts === 1 && (isOutOfStep(error) || error instanceof snmp.RequestTimedOutError)
        if (!again) throw this.explain(error)
      }
    }
  }

  private attempt<T>(send: (session: Session, callback: Callback<T>) => void, deadlineMs: number, signal?: AbortSignal): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.closed) return reject(new DriverError('unreachable', `${this.where()}: the connection was closed`))
      let settled = false
      const settle = (act: () => void): void => {
        if (settled) return
        settled = true
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
        act()
      }
      const onAbort = (): void =>
        settle(() => reject(new DriverError('unreachable', `${this.where()}: the read was cancelled`, { cause: signal?.reason })))
      const fail = (error: Error): void =>
        settle(() => {
          if (!(error instanceof snmp.RequestFailedError)) this.drop()
          reject(error)
        })
      // net-snmp's own time-out covers neither the look-up of the host's name nor both halves of a version 3 greeting together.
      const timer = setTimeout(() => fail(new snmp.RequestTimedOutError('no answer')), Math.max(0, deadlineMs - performance.now()) + 20)
      if (signal?.aborted) return onAbort()
      signal?.addEventListener('abort', onAbort, { once: true })
      this.unreadable = undefined
      this.knowsDevice = false
      send(this.openSession(), (error, result) => {
        if (error !== null || result === undefined) fail(error ?? new Error('no result'))
        else settle(() => resolve(result))
      })
    })
  }

  private openSession(): Session {
    if (this.session !== undefined) return this.session
    const { host, port, version, community, context, user } = this.options
    // Two attempts, as UDP may lose one; together they take no longer than the time-out. Version 3's second one is in request().
    const retries = version === '3' ? 0 : 1
    const shared = { port, retries, timeout: this.timeoutMs / 2, transport: host.includes(':') ? ('udp6' as const) : ('udp4' as const) }
    const session =
      version === '3' && user !== undefined
        ? snmp.createV3Session(host, v3User(user), { ...shared, context })
        : snmp.createSession(host, community, { ...shared, version: version === '1' ? snmp.Version1 : snmp.Version2c })
    session.on('error', (error: Error) => {
      this.unreadable = error
    })
    this.session = session
    return session
  }

  private drop(): void {
    const { session } = this
    this.session = undefined
    this.knowsDevice = session?.msgSecurityParameters !== undefined
    session?.close()
  }

  private explain(error: unknown): unknown {
    const where = this.where()
    if (error instanceof snmp.RequestFailedError || error instanceof DriverError) return error
    if (error instanceof snmp.RequestTimedOutError) {
      if (this.unreadable) return new DriverError('garbage', `${where}: not SNMP: ${this.unreadable.message}`, { cause: this.unreadable })
      if (this.knowsDevice) {
        return new DriverError(
          'denied',
          `${where}: the device is there, but does not answer this SNMPv3 user: name, passwords and protocols must be the device's`,
        )
      }
      const hint = this.options.version === '3' ? '' : '; a wrong community is answered by silence too'
      return new DriverError('unreachable', `${where}: no SNMP answer within ${this.timeoutMs} ms${hint}`)
    }
    if (error instanceof snmp.ResponseInvalidError) {
      const denied = [ResponseInvalidCode.EAuthFailure, ResponseInvalidCode.ECouldNotDecrypt, ResponseInvalidCode.EUnexpectedReport]
      const kind = isOutOfStep(error) ? 'unreachable' : denied.includes(error.code) ? 'denied' : 'garbage'
      return new DriverError(kind, `${where}: SNMP: ${error.message}`, { cause: error })
    }
    return new DriverError('unreachable', `${where}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }

  private where(): string {
    return `${this.options.host}:${this.options.port}`
  }
}

/** How to go on after a refused request: without the object the device named, in halves, or not at all (throws). */
export function smallerBatches(asked: readonly string[], error: unknown): string[][] {
  if (!(error instanceof snmp.RequestFailedError)) throw error
  if (error.status === ErrorStatus.TooBig && asked.length > 1) {
    const middle = Math.ceil(asked.length / 2)
    return [asked.slice(0, middle), asked.slice(middle)]
  }
  // Version 1: one object that is missing refuses them all; some agents answer genErr for an object they cannot read right now.
  if (error.status === ErrorStatus.NoSuchName || error.status === ErrorStatus.GeneralError) {
    const named = /: ([\d.]+)$/.exec(error.message)?.[1]
    if (asked.length === 1) return []
    return named !== undefined && asked.includes(named) ? [asked.filter((oid) => oid !== named)] : asked.map((oid) => [oid])
  }
  throw asDriverError(error)
}

function asDriverError(error: unknown): unknown {
  if (!(error instanceof snmp.RequestFailedError)) return error
  const denied = error.status === ErrorStatus.AuthorizationError || error.status === ErrorStatus.NoAccess
  return new DriverError(denied ? 'denied' : 'garbage', `SNMP: the device refused the request: ${error.message}`, { cause: error })
}

/** The device's boots and time are not what we remember (RFC 3414 §2.3). */
function isOutOfStep(error: unknown): boolean {
  if (!(error instanceof snmp.ResponseInvalidError)) return false
  return error.code === ResponseInvalidCode.ENotInTimeWindow || /time window|engine id/i.test(error.message)
}

function v3User(user: NonNullable<SnmpOptions['user']>): Parameters<typeof snmp.createV3Session>[1] {
  const { SecurityLevel, AuthProtocols, PrivProtocols } = snmp
  const { name, authPassword, privPassword } = user
  if (authPassword === undefined) return { name, level: SecurityLevel.noAuthNoPriv }
  const auth = { name, authProtocol: AuthProtocols[user.authProtocol], authKey: authPassword }
  if (privPassword === undefined) return { ...auth, level: SecurityLevel.authNoPriv }
  return { ...auth, level: SecurityLevel.authPriv, privProtocol: PrivProtocols[user.privProtocol], privKey: privPassword }
}
