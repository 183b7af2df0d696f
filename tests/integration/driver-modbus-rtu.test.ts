import { createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import pino from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import type { DeviceConnection } from '../../agent/src/drivers/driver.ts'
import { modbusDriver } from '../../agent/src/drivers/modbus/index.ts'
import { rtuFrame } from '../../agent/src/drivers/modbus/rtu-frame.ts'
import { driverContract, silentListener, unusedPort } from '../kit/driver-contract.ts'
import { type SerialLine, SOCAT_PATH, startSerialLine } from '../kit/services/modbus-serial-line.ts'
import { type Pymodbus, startPymodbus } from '../kit/services/pymodbus.ts'
import { missingProgram, missingPythonModule } from '../kit/services/require-program.ts'

const missing =
  missingPythonModule('pymodbus', 'python3-pymodbus') ??
  missingPythonModule('serial_asyncio', 'python3-serial-asyncio') ??
  missingProgram([SOCAT_PATH], 'socat')
const why = missing === undefined ? '' : ` (${missing})`
const host = '127.0.0.1'
const CLIMATE = [
  { key: 'temperature', kind: 'temperature', type: 'input', register: 1, dataType: 'int16', scale: 0.1 },
  { key: 'humidity', kind: 'humidity', type: 'input', register: 2, scale: 0.1 },
  { key: 'leak', kind: 'leak', type: 'discrete', register: 0, normally: 'open' },
]

async function withClimate(peer: Pymodbus, unitIds: readonly number[] = [1]): Promise<Pymodbus> {
  for (const unitId of unitIds) {
    await peer.set('input', 1, [200 + unitId, 450], unitId)
    await peer.set('discrete', 0, [0], unitId)
  }
  return peer
}

function openModbus(options: Record<string, unknown>, timeoutMs = 1000): Promise<DeviceConnection> {
  return modbusDriver.open(modbusDriver.options.parse({ points: CLIMATE, ...options }), {
    log: pino({ level: 'silent' }),
    clock: { nowMs: () => Date.now() },
    timeoutMs,
    wake() {},
  })
}

async function temperatureOf(connection: DeviceConnection): Promise<unknown> {
  const [temperature] = await connection.read(AbortSignal.timeout(5000))
  return temperature?.bad ?? temperature?.value
}

describe.skipIf(missing !== undefined)(`driver modbus over RTU on a serial line${why}`, () => {
  driverContract({
    driver: modbusDriver,
    startPeer: async () => {
      const line = await startSerialLine()
      const start = async () => withClimate(await startPymodbus({ transport: 'rtu', path: line.devicePath }))
      let peer = await start()
      return {
        options: { transport: 'rtu', path: line.agentPath, points: CLIMATE },
        goAway: () => peer.stop(),
        comeBack: async () => {
          peer = await start()
        },
        dispose: async () => {
          await peer.stop()
          await line.stop()
        },
      }
    },
    unreachable: async () => ({
      options: { transport: 'rtu', path: '/dev/roomkeeper-no-such-port', points: CLIMATE },
      dispose: async () => undefined,
    }),
    silent: async () => {
      const line = await startSerialLine()
      return { options: { transport: 'rtu', path: line.agentPath, points: CLIMATE }, dispose: () => line.stop() }
    },
    invalidOptions: [
      { options: { transport: 'rtu', points: CLIMATE }, key: 'path' },
      { options: { transport: 'rtu', path: '/dev/ttyS0', host, points: CLIMATE }, key: 'host' },
      { options: { host, path: '/dev/ttyS0', points: CLIMATE }, key: 'path' },
      { options: { transport: 'rtu', path: '/dev/ttyS0', unitId: 0, points: CLIMATE }, key: 'unitId' },
      { options: { transport: 'rtu', path: '/dev/ttyS0', baudRate: 9601, points: CLIMATE }, key: 'baudRate' },
      { options: { transport: 'rtu', path: '/dev/ttyS0', parity: 'mark', points: CLIMATE }, key: 'parity' },
      { options: { transport: 'rtu', path: '/dev/ttyS0' }, key: 'points' },
      { options: { transport: 'rtu', path: '/dev/ttyS0', profile: 'xy-md02', points: CLIMATE }, key: 'points' },
    ],
  })
})

describe.skipIf(missing !== undefined)(`driver modbus over RTU to a serial server${why}`, () => {
  driverContract({
    driver: modbusDriver,
    startPeer: async () => {
      let peer = await withClimate(await startPymodbus({ transport: 'rtu-over-tcp' }))
      const { port } = peer
      return {
        options: { transport: 'rtu-over-tcp', host, port, points: CLIMATE },
        goAway: () => peer.stop(),
        comeBack: async () => {
          peer = await withClimate(await startPymodbus({ transport: 'rtu-over-tcp', port }))
        },
        dispose: () => peer.stop(),
      }
    },
    unreachable: () => unusedPort('tcp', (port) => ({ transport: 'rtu-over-tcp', host, port, points: CLIMATE })),
    silent: () => silentListener('tcp', (port) => ({ transport: 'rtu-over-tcp', host, port, points: CLIMATE })),
    invalidOptions: [{ options: { transport: 'rtu-over-tcp', points: CLIMATE }, key: 'host' }],
  })
})

describe.skipIf(missing !== undefined)(`several units on one serial line${why}`, () => {
  const ends: (() => Promise<unknown>)[] = []
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end()
  })
  const lineWith = async (unitIds: readonly number[]): Promise<{ line: SerialLine; peer: Pymodbus }> => {
    const line = await startSerialLine()
    ends.push(() => line.stop())
    const peer = await withClimate(await startPymodbus({ transport: 'rtu', path: line.devicePath, unitIds }), unitIds)
    ends.push(() => peer.stop())
    return { line, peer }
  }
  const unit = async (line: SerialLine, unitId: number, more: object = {}): Promise<DeviceConnection> => {
    const connection = await openModbus({ transport: 'rtu', path: line.agentPath, unitId, ...more }, 600)
    ends.push(() => connection.close())
    return connection
  }

  it('each get their own answers, asked at the same time', async () => {
    const { line } = await lineWith([1, 2, 3])
    const units = await Promise.all([1, 2, 3].map((unitId) => unit(line, unitId)))
    for (let scan = 0; scan < 5; scan++) expect(await Promise.all(units.map(temperatureOf))).toEqual([20.1, 20.2, 20.3])
  })

  it('a dead one costs the others no more than its time-out, and says that it is dead', async () => {
    const { line } = await lineWith([1])
    const [living, dead] = [await unit(line, 1), await unit(line, 9)]
    expect(await temperatureOf(living)).toBe(20.1)
    let deadReads = 0
    const trying = (async () => {
      for (; deadReads < 3; deadReads++) await expect(temperatureOf(dead)).rejects.toMatchObject({ kind: 'unreachable' })
    })()
    let longestMs = 0
    while (deadReads < 3) {
      const startedMs = performance.now()
      expect(await temperatureOf(living)).toBe(20.1)
      longestMs = Math.max(longestMs, performance.now() - startedMs)
      await sleep(20)
    }
    await trying
    expect(longestMs).toBeLessThan(1100)
  })

  it('must be set alike', async () => {
    const { line } = await lineWith([1, 2])
    await unit(line, 1)
    await expect(unit(line, 2, { baudRate: 19_200 })).rejects.toMatchObject({ kind: 'configuration', message: /19200 8N1.*9600 8N1/ })
  })

  it('are back by themselves after the adapter was pulled', async () => {
    const { line, peer } = await lineWith([1])
    const connection = await unit(line, 1)
    expect(await temperatureOf(connection)).toBe(20.1)
    await line.unplug()
    await expect(temperatureOf(connection)).rejects.toMatchObject({ kind: 'unreachable' })
    await peer.stop()
    await line.plugIn()
    const again = await withClimate(await startPymodbus({ transport: 'rtu', path: line.devicePath }))
    ends.push(() => again.stop())
    expect(await temperatureOf(connection)).toBe(20.1)
  })
})

/** A serial server whose line the test speaks on; `answer` gets each frame of the agent. */
async function startLine(answer: (frame: Buffer, say: (bytes: Buffer) => void) => void): Promise<{ port: number; stop(): Promise<void> }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', (frame) => answer(frame, (bytes) => socket.writable && socket.write(bytes)))
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no TCP port')
  return {
    port: address.port,
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

/** One register at an address whose value is that address: an answer to another question shows at once. */
const REGISTERS = [10, 500, 900].map((register) => ({ key: `r${register}`, kind: 'number', register }))
const valueAnswer = (frame: Buffer): Buffer => rtuFrame(frame[0] ?? 0, Buffer.from([3, 2, frame[2] ?? 0, frame[3] ?? 0]))
const RIGHT = [10, 500, 900].map((register) => ({ key: `r${register}`, value: register }))

describe('what a long cable does to RTU', () => {
  const reading = async (answer: Parameters<typeof startLine>[0], tries = 1, timeoutMs = 600): Promise<unknown[]> => {
    const line = await startLine(answer)
    const connection = await openModbus({ transport: 'rtu-over-tcp', host, port: line.port, points: REGISTERS }, timeoutMs)
    const outcomes: unknown[] = []
    for (let attempt = 0; attempt < tries; attempt++) {
      outcomes.push(await connection.read(AbortSignal.timeout(8000)).catch((error: { kind?: string }) => error.kind))
    }
    await connection.close()
    await line.stop()
    return outcomes
  }

  it('noise before and after an answer, and an adapter that repeats the question, cost nothing', async () => {
    const noise = Buffer.from('00ff5a01', 'hex')
    expect(await reading((frame, say) => say(Buffer.concat([noise, frame, valueAnswer(frame), noise])))).toEqual([RIGHT])
  })

  it('an answer in pieces is put together', async () => {
    const outcome = await reading((frame, say) => {
      for (const [index, byte] of valueAnswer(frame).entries()) setTimeout(() => say(Buffer.from([byte])), index * 15)
    })
    expect(outcome).toEqual([RIGHT])
  })

  it('one answer with a wrong check sum is asked for again; one that is always wrong is garbage', async () => {
    let frames = 0
    const broken = (frame: Buffer): Buffer => valueAnswer(frame).fill(0x55, 3, 4)
    expect(await reading((frame, say) => say(frames++ === 1 ? broken(frame) : valueAnswer(frame)))).toEqual([RIGHT])
    expect(await reading((frame, say) => say(broken(frame)))).toEqual(['garbage'])
  })

  it('an answer that comes too late is never that of the next question', async () => {
    // The second question is answered 200 ms after its time-out, when the slow first one of the next read would be under way.
    const delaysMs = [5, 500, 250, 5, 5]
    const outcomes = await reading((frame, say) => setTimeout(() => say(valueAnswer(frame)), delaysMs.shift()), 2, 300)
    expect(outcomes).toEqual(['unreachable', RIGHT])
  })

  it('a line that never falls silent is said to be one', async () => {
    const outcomes = await reading((_frame, say) => {
      const timer = setInterval(() => say(Buffer.alloc(40, 0x7e)), 2)
      setTimeout(() => clearInterval(timer), 3000)
    })
    expect(outcomes).toEqual(['garbage'])
  })
})
