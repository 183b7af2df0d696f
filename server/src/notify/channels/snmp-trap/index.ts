import { lookup } from 'node:dns/promises'
import { type Channel, ChannelError } from '../channel.ts'
import { guardedConnection } from '../guarded-connection.ts'
import { type SnmpSession, type SnmpUser, snmp } from './net-snmp.ts'
import { type SnmpTrapSettings, snmpTrapSettings } from './settings.ts'
import { notificationOid, varbindsOf } from './varbinds.ts'

/** An inform is repeated so often by itself, since UDP loses some; the station recognises repetitions by their request id. */
const RETRIES = 3
const ATTEMPT_MS = 2000
const EPOCH_2020_MS = Date.UTC(2020, 0, 1)

export const snmpTrapChannel: Channel<SnmpTrapSettings> = {
  name: 'snmp-trap',
  title: { zh: 'SNMP 通知', en: 'SNMP notification' },
  summary: {
    zh: '向已有的网管平台发送 SNMP inform 或 trap（v2c、v3），附 MIB 文件。',
    en: 'Sends SNMP informs or traps (v2c, v3) to a management station that is there already; comes with a MIB file.',
  },
  settings: snmpTrapSettings,
  secrets: ['community', 'authPassword', 'privPassword'],
  address: null,
  async open(settings, { clock }) {
    const openedMs = performance.now()
    const stampTrap = senderClock(clock.nowMs())
    return guardedConnection(async (notice, _recipient, signal) => {
      const address = await resolve(settings.host, signal)
      const session = openSession(settings, address)
      if (settings.version === '3' && settings.mode === 'trap') stampTrap(session)
      const upTime = Math.floor((performance.now() - openedMs) / 10)
      const varbinds = varbindsOf(notice, settings.enterpriseOid)
      const oid = notificationOid(settings.enterpriseOid)
      try {
        await finished(signal, (settle) => {
          // An answer that is no SNMP is no answer; it is waited on.
          session.on('error', () => undefined)
          session[settings.mode](oid, varbinds, { upTime }, settle)
        })
      } catch (error) {
        throw asChannelError(error, settings)
      } finally {
        session.close()
      }
      const where = `${settings.host}:${settings.port}`
      return {
        answer:
          settings.mode === 'inform'
            ? `${where} 已应答 inform（v${settings.version}） · ${where} acknowledged the inform (v${settings.version})`
            : `trap 已发往 ${where}；trap 没有应答，是否收到无从得知 · trap sent to ${where}; nobody acknowledges traps, so whether it arrived is not known`,
      }
    })
  },
}

/** Looked up here, as net-snmp's own look-up knows no end and its socket has to be of the address's family. */
async function resolve(host: string, signal: AbortSignal): Promise<{ address: string; family: number }> {
  try {
    return await finished(signal, (settle) => void lookup(host).then((found) => settle(null, found), settle))
  } catch (error) {
    throw new ChannelError('unreachable', `找不到主机 ${host} · the host ${host} is not found`, { cause: error })
  }
}

function openSession(settings: SnmpTrapSettings, { address, family }: { address: string; family: number }): SnmpSession {
  const { port, engineId } = settings
  const transport = family === 6 ? ('udp6' as const) : ('udp4' as const)
  const options = { port, trapPort: port, retries: RETRIES, timeout: ATTEMPT_MS, transport }
  return settings.version === '3'
    ? snmp.createV3Session(address, userOf(settings), { ...options, engineID: engineId })
    : snmp.createSession(address, settings.community, { ...options, version: snmp.Version2c })
}

function userOf({ user: name, authProtocol, authPassword, privProtocol, privPassword }: SnmpTrapSettings): SnmpUser {
  const { SecurityLevel, AuthProtocols, PrivProtocols } = snmp
  if (authPassword === undefined) return { name, level: SecurityLevel.noAuthNoPriv }
  const authenticated = { name, authProtocol: AuthProtocols[authProtocol], authKey: authPassword }
  if (privPassword === undefined) return { ...authenticated, level: SecurityLevel.authNoPriv }
  return { ...authenticated, level: SecurityLevel.authPriv, privProtocol: PrivProtocols[privProtocol], privKey: privPassword }
}

/**
 * The sender of a version 3 trap is its authoritative engine, and a station drops what is more than 150 s behind the clock it has learnt
 * (RFC 3414 section 3.2, 7b). net-snmp always sends 0, which works for 150 s. The minutes since 2020 stand for the boots, so that they
 * grow with each start and nothing needs to be stored.
 */
function senderClock(openedAtMs: number): (session: SnmpSession) => void {
  const openedMs = performance.now()
  const boots = Math.max(1, Math.floor((openedAtMs - EPOCH_2020_MS) / 60_000))
  return (session) => {
    const send = session.send.bind(session)
    session.send = (request, noWait) => {
      const security = request.message.msgSecurityParameters
      if (security !== undefined) {
        security.msgAuthoritativeEngineBoots = boots
        security.msgAuthoritativeEngineTime = Math.floor((performance.now() - openedMs) / 1000)
      }
      return send(request, noWait)
    }
  }
}

/** A callback as a promise that ends with the signal. */
function finished<T>(signal: AbortSignal, start: (settle: (error: Error | null, value?: T) => void) => void): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(new ChannelError('unreachable', '未在限定时间内应答 · no answer within the time'))
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    start((error, value) => {
      signal.removeEventListener('abort', onAbort)
      if (error !== null) reject(error)
      else resolve(value as T)
    })
  })
}

function asChannelError(error: unknown, { host, port, version }: SnmpTrapSettings): ChannelError {
  if (error instanceof ChannelError) return error
  const where = `${host}:${port}`
  if (error instanceof snmp.RequestTimedOutError) {
    const guess =
      version === '2c' ? '（团体名不对时网管站也不应答） · no answer (a wrong community is answered by silence, too)' : ' · no answer'
    return new ChannelError('unreachable', `${where} 没有应答${guess}`, { cause: error })
  }
  // The station's own report: unknown user, wrong digest, decryption error (RFC 3414's usmStats).
  if (error instanceof snmp.ResponseInvalidError && error.code === snmp.ResponseInvalidCode.EAuthFailure)
    return new ChannelError('refused', `${where} 拒绝：${error.message} · ${where} refused: ${error.message}`, { cause: error })
  const words = error instanceof Error ? error.message : String(error)
  return new ChannelError('unreachable', `${where}：${words} · ${where}: ${words}`, { cause: error })
}
