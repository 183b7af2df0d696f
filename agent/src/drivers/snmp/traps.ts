import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { networkInterfaces } from 'node:os'
import type { DriverContext } from '../driver.ts'
import { answerToInform, trapOid } from './trap-message.ts'

/**
 * A trap only makes the agent read the device at once; its content is never taken for a reading. So it needs no community and no user,
 * a forged one can do no more than cause a scan (the poller bounds them), and a lost one costs one interval.
 */
export interface TrapSubscription {
  end(): void
}

/** Network cards ask their UPS every few seconds and may answer with old values right after their trap. */
const LOOK_AGAIN_AFTER_MS = [2000, 5000, 15_000]
/** Senders that no device is configured for are told once each, and no more than so many. */
const MAX_TOLD_STRANGERS = 20

/** One UDP socket for each port, shared by all devices that send there. */
const ports = new Map<number, TrapPort>()

/**
 * Listens for the traps of one device. A port that cannot be opened (below 1024 needs the right to) is logged, and tried again with the
 * next connection: polling goes on without traps.
 * @throws never for the network; a host name that cannot be resolved leaves the device without traps until it is opened again
 */
export async function subscribeToTraps(host: string, port: number, context: DriverContext): Promise<TrapSubscription> {
  const { log } = context
  const addresses = await lookup(host, { all: true }).catch((error: unknown) => {
    log.warn({ host, err: error }, 'no traps: the name of the device cannot be resolved')
    return []
  })
  let timers: NodeJS.Timeout[] = []
  const forget = (): void => {
    for (const timer of timers) clearTimeout(timer)
    timers = []
  }
  const listener = (oid: string | undefined): void => {
    log.info({ trap: oid }, 'the device sent a trap; reading it now')
    forget()
    timers = LOOK_AGAIN_AFTER_MS.map((ms) => setTimeout(context.wake, ms).unref())
    context.wake()
  }
  const trapPort = ports.get(port) ?? new TrapPort(port, context.log, () => ports.delete(port))
  ports.set(port, trapPort)
  for (const { address } of addresses) trapPort.add(address, listener)
  return {
    end() {
      forget()
      for (const { address } of addresses) trapPort.remove(address, listener)
    },
  }
}

type Listener = (trapOid: string | undefined) => void

class TrapPort {
  private readonly listeners = new Map<string, Set<Listener>>()
  private readonly strangers = new Set<string>()
  private readonly socket: Socket
  private readonly onUnused: () => void
  private readonly log: DriverContext['log']

  constructor(port: number, log: DriverContext['log'], onUnused: () => void) {
    this.log = log
    this.onUnused = onUnused
    // The one for IPv6 takes IPv4 too, whose addresses then begin with ::ffff:; machines without IPv6 refuse it.
    const hasIpv6 = Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ family }) => family === 'IPv6'))
    this.socket = createSocket({ type: hasIpv6 ? 'udp6' : 'udp4' })
    this.socket.on('message', (bytes, from) => this.onMessage(bytes, from))
    this.socket.on('error', (error) => {
      log.error({ port, reason: error.message }, 'no SNMP traps: the port cannot be used; devices are polled only')
      this.close()
    })
    this.socket.bind(port)
    this.socket.unref()
  }

  add(address: string, listener: Listener): void {
    const known = this.listeners.get(address) ?? new Set()
    this.listeners.set(address, known.add(listener))
  }

  remove(address: string, listener: Listener): void {
    const known = this.listeners.get(address)
    known?.delete(listener)
    if (known?.size === 0) this.listeners.delete(address)
    if (this.listeners.size === 0) this.close()
  }

  private onMessage(bytes: Buffer, from: RemoteInfo): void {
    const address = from.address.replace(/^::ffff:/, '').replace(/%.*$/, '')
    const listeners = this.listeners.get(address)
    if (listeners === undefined) {
      this.tellStranger(address)
      return
    }
    const answer = answerToInform(bytes)
    if (answer) this.socket.send(answer, from.port, from.address)
    for (const listener of listeners) listener(trapOid(bytes))
  }

  private tellStranger(address: string): void {
    if (this.strangers.has(address) || this.strangers.size >= MAX_TOLD_STRANGERS) return
    this.strangers.add(address)
    this.log.warn({ address }, 'a trap came from an address no device with a trapPort has')
  }

  private close(): void {
    this.onUnused()
    try {
      this.socket.close()
    } catch {
      // Closed by its error already.
    }
  }
}
