/** The part of net-snmp (no types of its own) that this driver uses. */
declare module 'net-snmp' {
  import type { EventEmitter } from 'node:events'

  interface Varbind {
    oid: string
    type: number
    value: number | string | Buffer | null
  }
  interface SessionOptions {
    port: number
    version?: number
    /** Attempts after the first. */
    retries: number
    /** For each attempt, ms. */
    timeout: number
    context?: string
    transport?: 'udp4' | 'udp6'
    /** false: an answer that does not follow the question is an error. */
    backwardsGetNexts?: boolean
  }
  interface User {
    name: string
    level: number
    authProtocol?: number
    authKey?: string
    privProtocol?: number
    privKey?: string
  }
  class Session extends EventEmitter {
    /** Version 3: what the device said of itself; undefined until it has answered. */
    msgSecurityParameters?: object
    get(oids: string[], callback: (error: Error | null, varbinds?: Varbind[]) => void): void
    getNext(oids: string[], callback: (error: Error | null, varbinds?: Varbind[]) => void): void
    getBulk(
      oids: string[],
      nonRepeaters: number,
      maxRepetitions: number,
      callback: (error: Error | null, varbinds?: Varbind[][]) => void,
    ): void
    close(): void
  }
  class RequestTimedOutError extends Error {}
  class RequestFailedError extends Error {
    constructor(message: string, status?: number)
    status: number
  }
  class ResponseInvalidError extends Error {
    code: number
  }
  const snmp: {
    Version1: number
    Version2c: number
    SecurityLevel: { noAuthNoPriv: number; authNoPriv: number; authPriv: number }
    AuthProtocols: Record<string, number>
    PrivProtocols: Record<string, number>
    ObjectType: Record<string, number>
    ErrorStatus: Record<string, number>
    ResponseInvalidCode: Record<string, number>
    createSession(target: string, community: string, options: SessionOptions): Session
    createV3Session(target: string, user: User, options: SessionOptions): Session
    RequestTimedOutError: typeof RequestTimedOutError
    RequestFailedError: typeof RequestFailedError
    ResponseInvalidError: typeof ResponseInvalidError
  }
  export default snmp
  export type { Session, SessionOptions, User, Varbind }
}
