import { createSocket } from 'node:dgram'
import { createServer, type Socket } from 'node:net'
import { isPointKind, POINT_KINDS } from '@roomkeeper/shared/model'
import { UNITS } from '@roomkeeper/shared/units'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type DeviceConnection,
  type Driver,
  type DriverContext,
  DriverError,
  type PointDescription,
  type RawReading,
} from '../../agent/src/drivers/driver.ts'
import { freeTcpPort, freeUdpPort } from './services/free-port.ts'

/** A real device, or a program that stands for one. `options` is the device block of agent.yaml without `driver`. */
export interface ContractPeer {
  options: Record<string, unknown>
  /** For a device that speaks by itself: makes it send everything once. */
  report?(): Promise<void>
  /** Makes the device unreachable, and reachable again under the same options. */
  goAway(): Promise<void>
  comeBack(): Promise<void>
  dispose(): Promise<void>
}

/** Where one request of the contract leads, e.g. to a port nobody listens on. */
export interface ContractTarget {
  options: Record<string, unknown>
  dispose(): Promise<void>
}

export interface DriverContractSubject {
  driver: Driver
  startPeer(): Promise<ContractPeer>
  /** Options for an address where nobody answers at all. */
  unreachable(): Promise<ContractTarget>
  /** A peer that takes what it is sent and never answers; or why this protocol can have none. */
  silent: (() => Promise<ContractTarget>) | { notApplicable: string }
  /** Wrong options, and the path of the key that the message must name. */
  invalidOptions: { options: Record<string, unknown>; key: string }[]
}

const TIMEOUT_MS = 1000
/** Scheduling on a busy two-core machine, not a second time-out. */
const GRACE_MS = 1500
/** For a report of a device that speaks by itself to arrive. */
const REPORT_MS = 5000
const NEVER = new AbortController().signal

/** The suite every driver must pass. Call it inside a `describe` of its own. */
export function driverContract(subject: DriverContractSubject): void {
  const { driver } = subject
  const context: DriverContext = { log: pino({ level: 'silent' }), clock: { nowMs: () => Date.now() }, timeoutMs: TIMEOUT_MS, wake() {} }
  const open = async (options: Record<string, unknown>): Promise<DeviceConnection> => driver.open(driver.options.parse(options), context)

  /** A reading of every point: one scan, or as many as a device takes that sends them by itself. */
  const readAll = async (connection: DeviceConnection, peer: ContractPeer, points: readonly PointDescription[]): Promise<RawReading[]> => {
    const readings = new Map<string, RawReading>()
    const isWhole = (): boolean => points.every(({ key }) => readings.has(key))
    const deadlineMs = performance.now() + REPORT_MS
    do {
      if (peer.report !== undefined) await peer.report()
      const scan = await connection.read(NEVER)
      const keys = scan.map(({ key }) => key)
      expect(new Set(keys).size).toBe(keys.length)
      expect(points.map(({ key }) => key)).toEqual(expect.arrayContaining(keys))
      // Only what the device sends by itself may be missing in a scan.
      expect(keys).toEqual(
        expect.arrayContaining(points.filter(({ reportsWithinMs }) => reportsWithinMs === undefined).map(({ key }) => key)),
      )
      for (const reading of scan) readings.set(reading.key, reading)
      if (!isWhole()) await new Promise((resolve) => setTimeout(resolve, 50))
    } while (!isWhole() && performance.now() < deadlineMs)
    return [...readings.values()]
  }

  describe('with a real peer', () => {
    let peer: ContractPeer
    beforeAll(async () => {
      peer = await subject.startPeer()
    }, 60_000)
    afterAll(async () => peer?.dispose(), 20_000)

    it('describes points with unique keys, known kinds and known units', async () => {
      const connection = await open(peer.options)
      const { points } = await connection.describe()
      await connection.close()
      expect(points.length).toBeGreaterThan(0)
      expect(new Set(points.map(({ key }) => key)).size).toBe(points.length)
      for (const point of points) {
        expect(point.key).toMatch(/^[^\s/+#]+$/)
        expect(isPointKind(point.kind), point.key).toBe(true)
        expect(Object.hasOwn(UNITS, point.unit), point.key).toBe(true)
        if (point.reportsWithinMs !== undefined) expect(point.reportsWithinMs, point.key).toBeGreaterThanOrEqual(1000)
      }
    })

    it('reads exactly the described keys, each with a value of its kind or a reason', async () => {
      const connection = await open(peer.options)
      const { points } = await connection.describe()
      const readings = await readAll(connection, peer, points)
      await connection.close()
      expect(readings.map(({ key }) => key).sort()).toEqual(points.map(({ key }) => key).sort())
      expect(readings.some(({ bad }) => bad === undefined)).toBe(true)
      for (const reading of readings) {
        const kind = points.find(({ key }) => key === reading.key)?.kind ?? 'text'
        const expected = { number: 'number', boolean: 'boolean', text: 'string' }[POINT_KINDS[kind].valueType]
        if (reading.value === null) expect(reading.bad, reading.key).toBeDefined()
        else expect(typeof reading.value, reading.key).toBe(expected)
      }
    })

    it('describes the same points again', async () => {
      const [first, second] = [await open(peer.options), await open(peer.options)]
      expect((await first.describe()).points).toEqual((await second.describe()).points)
      await Promise.all([first.close(), second.close()])
    })

    it('reads twice over one connection, also at the same time', async () => {
      const connection = await open(peer.options)
      await connection.describe()
      const [one, two] = await Promise.all([connection.read(NEVER), connection.read(NEVER)])
      await connection.close()
      if (peer.report === undefined) expect(two.map(({ key }) => key)).toEqual(one.map(({ key }) => key))
      // What the device sent by itself is read once.
      else expect(two.filter(({ key }) => one.some((reading) => reading.key === key))).toEqual([])
    })

    it('rejects a read after close', async () => {
      const connection = await open(peer.options)
      await connection.describe()
      await connection.close()
      await expect(connection.read(NEVER)).rejects.toThrow()
    })

    it('rejects a read whose signal is already aborted', async () => {
      const connection = await open(peer.options)
      await connection.describe()
      await expect(connection.read(AbortSignal.abort())).rejects.toThrow()
      await expect(connection.read(NEVER)).resolves.toBeDefined()
      await connection.close()
    })

    it('recovers on the next read after the peer went away and came back', async () => {
      const connection = await open(peer.options)
      const { points } = await connection.describe()
      await connection.read(NEVER)
      await peer.goAway()
      expectRetryable(await rejectionWithin(TIMEOUT_MS + GRACE_MS, connection.read(NEVER)))
      await peer.comeBack()
      await connection.read(NEVER)
      const readings = await readAll(connection, peer, points)
      expect(readings).toHaveLength(points.length)
      expect(readings.some(({ bad }) => bad === undefined)).toBe(true)

      // A restart between two reads may not cost a reading either: nobody was there to notice it.
      await peer.goAway()
      await peer.comeBack()
      await connection.read(NEVER)
      expect(await readAll(connection, peer, points)).toHaveLength(points.length)
      await connection.close()
    }, 60_000)
  })

  it('rejects with a retryable error within the time-out when nobody is there', async () => {
    const target = await subject.unreachable()
    const connection = await open(target.options)
    expectRetryable(await rejectionWithin(TIMEOUT_MS + GRACE_MS, connection.describe()))
    expectRetryable(await rejectionWithin(TIMEOUT_MS + GRACE_MS, connection.read(NEVER)))
    await connection.close()
    await target.dispose()
  })

  const { silent } = subject
  if (typeof silent === 'function') {
    it('rejects with a retryable error within the time-out when the peer never answers', async () => {
      const target = await silent()
      const connection = await open(target.options)
      expectRetryable(await rejectionWithin(TIMEOUT_MS + GRACE_MS, connection.describe()))
      expectRetryable(await rejectionWithin(TIMEOUT_MS + GRACE_MS, connection.read(NEVER)))
      await connection.close()
      await target.dispose()
    })

    it('stops waiting when the signal aborts', async () => {
      const target = await silent()
      const connection = await open(target.options)
      const abort = new AbortController()
      const reading = rejectionWithin(TIMEOUT_MS * 0.7, connection.read(abort.signal))
      setTimeout(() => abort.abort(), 50)
      await reading
      await connection.close()
      await target.dispose()
    })

    it('stops waiting when it is closed', async () => {
      const target = await silent()
      const connection = await open(target.options)
      const reading = rejectionWithin(TIMEOUT_MS + GRACE_MS, connection.read(NEVER))
      await connection.close()
      await reading
      await target.dispose()
    })
  } else {
    it.skip(`never-answering peer: ${silent.notApplicable}`, () => undefined)
  }

  it.each(subject.invalidOptions)('names the wrong option $key', ({ options, key }) => {
    const parsed = driver.options.safeParse(options)
    const paths = parsed.error?.issues.map((issue) =>
      // An unknown key's path is that of its parent; zod gives the key beside it.
      [...issue.path, ...(issue.code === 'unrecognized_keys' ? issue.keys : [])].join('.'),
    )
    expect(paths).toContain(key)
  })
}

/** Options of a TCP or UDP port of this machine nobody listens on. */
export async function unusedPort(protocol: 'tcp' | 'udp', options: (port: number) => Record<string, unknown>): Promise<ContractTarget> {
  return { options: options(protocol === 'tcp' ? await freeTcpPort() : await freeUdpPort()), dispose: async () => undefined }
}

/** A listener that accepts connections or datagrams and never says a word. */
export async function silentListener(protocol: 'tcp' | 'udp', options: (port: number) => Record<string, unknown>): Promise<ContractTarget> {
  if (protocol === 'udp') {
    const socket = createSocket('udp4')
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
    return {
      options: options(socket.address().port),
      dispose: () => new Promise<void>((resolve) => socket.close(() => resolve())),
    }
  }
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).resume()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no TCP port')
  return {
    options: options(address.port),
    dispose: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

async function rejectionWithin(limitMs: number, work: Promise<unknown>): Promise<unknown> {
  const startedMs = performance.now()
  const outcome = await work.then(
    () => ({ rejected: false, error: undefined }),
    (error: unknown) => ({ rejected: true, error }),
  )
  expect(outcome.rejected, 'it should have been rejected').toBe(true)
  expect(performance.now() - startedMs).toBeLessThan(limitMs)
  return outcome.error
}

function expectRetryable(error: unknown): void {
  expect(error).toBeInstanceOf(DriverError)
  expect((error as DriverError).kind).toBe('unreachable')
  expect((error as DriverError).retryable).toBe(true)
}
