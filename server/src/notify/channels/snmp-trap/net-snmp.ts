import type { EventEmitter } from 'node:events'
import { createRequire } from 'node:module'

/** The part of net-snmp (no types of its own) that sends notifications. */
export interface SnmpVarbind {
  oid: string
  type: number
  value: number | string | Buffer
}
/** Its private message of version 3, of which a trap needs the sender's clock. */
export interface SnmpRequest {
  message: { msgSecurityParameters?: { msgAuthoritativeEngineBoots: number; msgAuthoritativeEngineTime: number } }
}
export interface SnmpSession extends EventEmitter {
  inform(oid: string, varbinds: SnmpVarbind[], options: { upTime: number }, done: (error: Error | null) => void): void
  trap(oid: string, varbinds: SnmpVarbind[], options: { upTime: number }, done: (error: Error | null) => void): void
  send(request: SnmpRequest, noWait?: boolean): SnmpSession
  close(): void
}
export interface SnmpSessionOptions {
  trapPort: number
  /** The second half of an inform of version 3 goes there. */
  port: number
  version?: number
  retries: number
  /** For each attempt, ms. */
  timeout: number
  transport: 'udp4' | 'udp6'
  context?: string
  engineID?: string
}
export interface SnmpUser {
  name: string
  level: number
  authProtocol?: number
  authKey?: string
  privProtocol?: number
  privKey?: string
}
interface NetSnmp {
  Version2c: number
  SecurityLevel: { noAuthNoPriv: number; authNoPriv: number; authPriv: number }
  AuthProtocols: Record<string, number>
  PrivProtocols: Record<string, number>
  ObjectType: { Integer: number; OctetString: number; Unsigned32: number }
  ResponseInvalidCode: { EAuthFailure: number }
  RequestTimedOutError: new (message: string) => Error
  ResponseInvalidError: new (message: string, code: number) => Error & { code: number }
  createSession(target: string, community: string, options: SnmpSessionOptions): SnmpSession
  createV3Session(target: string, user: SnmpUser, options: SnmpSessionOptions): SnmpSession
  createModuleStore(): { loadFromFile(file: string): void; getModule(name: string): Record<string, { OID?: string }> | undefined }
}

const require = createRequire(import.meta.url)
export const snmp = require('net-snmp') as NetSnmp
