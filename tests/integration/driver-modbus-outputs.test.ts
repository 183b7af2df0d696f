import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Device, RoomOverview } from '@roomkeeper/shared/http'
import { DataType, decodePayload, encodePayload, PROPERTY } from '@roomkeeper/shared/sparkplug'
import mqtt from 'mqtt'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseAgentConfig } from '../../agent/src/config/index.ts'
import type { DeviceConnection } from '../../agent/src/drivers/driver.ts'
import { modbusDriver } from '../../agent/src/drivers/modbus/index.ts'
import { startAgent } from '../../agent/src/main.ts'
import { FakeHost } from '../kit/agent/fake-host.ts'
import { type AgentProcess, issueCredential, startAgentProcess } from '../kit/services/agent-process.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { MOSQUITTO_PROGRAMS, startMosquitto } from '../kit/services/mosquitto.ts'
import { type Pymodbus, startPymodbus } from '../kit/services/pymodbus.ts'
import { missingProgram, missingPythonModule } from '../kit/services/require-program.ts'
import { type ServerProcess, startServerProcess } from '../kit/services/server-process.ts'

const missingModbus = missingPythonModule('pymodbus', 'python3-pymodbus')
const missing = missingModbus ?? missingProgram(MOSQUITTO_PROGRAMS, 'mosquitto')
const host = '127.0.0.1'
const POINTS = [
  { key: 'beacon', kind: 'output', type: 'coil', register: 3, writable: true, name: { zh: '声光报警器', en: 'Beacon' } },
  { key: 'bell', kind: 'output', type: 'coil', register: 4, writable: true, pulseMs: 200 },
  { key: 'setpoint', kind: 'number', register: 10, dataType: 'int16', scale: 0.1, writable: true },
  { key: 'door', kind: 'door', type: 'discrete', register: 0, normally: 'closed' },
]
const never = new AbortController().signal

async function startModule(): Promise<Pymodbus> {
  const peer = await startPymodbus()
  await peer.set('coil', 3, [0, 0])
  await peer.set('holding', 10, [220])
  await peer.set('discrete', 0, [1])
  return peer
}

function open(port: number): Promise<DeviceConnection> {
  return modbusDriver.open(modbusDriver.options.parse({ host, port, points: POINTS }), {
    log: pino({ level: 'silent' }),
    clock: { nowMs: () => Date.now() },
    timeoutMs: 1000,
    wake() {},
  })
}

/** A module whose answers the test gives, by the PDU of the question. */
async function startFakeModule(answer: (pdu: Buffer) => Buffer): Promise<{ port: number; stop(): void }> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (frame) => {
      const pdu = answer(frame.subarray(7))
      const header = Buffer.from(frame.subarray(0, 7))
      header.writeUInt16BE(pdu.length + 1, 4)
      socket.write(Buffer.concat([header, pdu]))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no TCP port')
  return { port: address.port, stop: () => server.close() }
}

describe.skipIf(missingModbus !== undefined)(
  `outputs of the modbus driver${missingModbus === undefined ? '' : ` (${missingModbus})`}`,
  () => {
    let peer: Pymodbus
    let connection: DeviceConnection
    beforeAll(async () => {
      peer = await startModule()
      connection = await open(peer.port)
    })
    afterAll(async () => {
      await connection?.close()
      await peer?.stop()
    })

    it('are described as such; nothing else is', async () => {
      const { points } = await connection.describe()
      expect(points.filter(({ isWritable }) => isWritable).map(({ key }) => key)).toEqual(['beacon', 'bell', 'setpoint'])
    })

    it('coils and registers are switched, and the next scan shows it', async () => {
      await connection.write?.('beacon', true, never)
      await connection.write?.('setpoint', -5.5, never)
      expect([await peer.get('coil', 3), await peer.get('holding', 10)]).toEqual([1, 0x10000 - 55])
      expect(await connection.read(never)).toEqual(
        expect.arrayContaining([
          { key: 'beacon', value: true },
          { key: 'setpoint', value: -5.5 },
        ]),
      )
      await connection.write?.('beacon', false, never)
      expect(await peer.get('coil', 3)).toBe(0)
    })

    it('a pulse ends by itself, and also when the device is closed in the middle of it', async () => {
      await connection.write?.('bell', true, never)
      expect(await peer.get('coil', 4)).toBe(1)
      await waitFor('the pulse has ended', 20_000, async () => ((await peer.get('coil', 4)) === 0 ? true : undefined))
      const other = await open(peer.port)
      await other.describe()
      await other.write?.('bell', true, never)
      await other.close()
      expect(await peer.get('coil', 4)).toBe(0)
    })

    it.each([
      ['door', true],
      ['nothing', true],
      ['beacon', 1],
      ['setpoint', true],
      ['setpoint', 4000],
    ])('%s is not set to %s, and nothing is written', async (key, value) => {
      await expect(connection.write?.(key, value, never)).rejects.toMatchObject({ kind: 'configuration' })
      expect([await peer.get('coil', 3), await peer.get('holding', 10)]).toEqual([0, 0x10000 - 55])
    })

    it('a module that confirms without doing it is found out', async () => {
      const module = await startFakeModule((pdu) => (pdu[0] === 5 ? pdu : Buffer.from([pdu[0] ?? 0, 1, 0])))
      const liar = await open(module.port)
      await expect(liar.write?.('beacon', true, never)).rejects.toMatchObject({ kind: 'garbage' })
      await liar.close()
      module.stop()
    })

    it('a module that knows function 15 only is switched by that, from then on at once', async () => {
      const asked: number[] = []
      let coil = 0
      const module = await startFakeModule((pdu) => {
        asked.push(pdu[0] ?? 0)
        if (pdu[0] === 5) return Buffer.from([0x85, 1])
        if (pdu[0] === 15) {
          coil = pdu[6] ?? 0
          return pdu.subarray(0, 5)
        }
        return Buffer.from([pdu[0] ?? 0, 1, coil])
      })
      const old = await open(module.port)
      await old.write?.('beacon', true, never)
      await old.write?.('beacon', false, never)
      expect(asked).toEqual([5, 15, 1, 15, 1])
      await old.close()
      module.stop()
    })
  },
)

describe.skipIf(missing !== undefined)(`an output from the broker to the coil${missing === undefined ? '' : ` (${missing})`}`, () => {
  it('a DCMD through mosquitto switches it; DDATA says so at once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'roomkeeper-output-'))
    const [broker, peer] = await Promise.all([startMosquitto({ dynamicSecurity: false }), startModule()])
    const observer = new FakeHost({ url: broker.url, site: 'test', node: 'agent', hostId: 'observer' })
    const config = parseAgentConfig(
      JSON.stringify({
        site: 'test',
        node: 'agent',
        primaryHost: 'observer',
        mqtt: { url: broker.url },
        dataDir: folder,
        // A scan a minute: what is seen sooner was the switching's own.
        devices: [{ id: 'module', driver: 'modbus', intervalMs: 60_000, host, port: peer.port, points: POINTS }],
      }),
      { path: '/agent.yaml', env: {}, drivers: [modbusDriver] },
    )
    const agent = await startAgent({ config, drivers: [modbusDriver], log: pino({ level: 'silent' }) })
    const client = await mqtt.connectAsync(broker.url)
    try {
      await observer.start()
      await waitFor('the birth', 40_000, async () => (observer.of('DBIRTH', 'module').length > 0 ? true : undefined))
      const birth = observer.of('DBIRTH', 'module').at(-1)?.payload.metrics
      expect(birth?.find(({ name }) => name === 'beacon')?.properties?.[PROPERTY.isWritable]).toBe(true)
      expect(birth?.find(({ name }) => name === 'door')?.properties?.[PROPERTY.isWritable]).toBeUndefined()

      const alias = birth?.find(({ name }) => name === 'beacon')?.alias
      const says = new Promise<boolean>((resolve) => {
        client.on('message', (_topic, bytes) => {
          const metric = decodePayload(bytes).metrics.find((each) => each.alias === alias)
          if (metric?.value === true) resolve(true)
        })
      })
      await client.subscribeAsync('spBv1.0/test/DDATA/agent/module')
      const nowMs = Date.now()
      const metric = { name: 'beacon', datatype: DataType.Boolean, value: true, timestampMs: nowMs }
      const command = encodePayload({ timestampMs: nowMs, metrics: [metric] })
      await client.publishAsync('spBv1.0/test/DCMD/agent/module', Buffer.from(command))
      await waitFor('the coil is on', 20_000, async () => ((await peer.get('coil', 3)) === 1 ? true : undefined))
      expect(await Promise.race([says, new Promise((resolve) => setTimeout(() => resolve('no DDATA'), 5000))])).toBe(true)
    } finally {
      await client.endAsync()
      await agent.stop()
      await observer.stop()
      await peer.stop()
      await broker.dispose()
      await rm(folder, { recursive: true, force: true })
    }
  })
})

describe.skipIf(missingModbus !== undefined)(
  `outputs by the server's API${missingModbus === undefined ? '' : ` (${missingModbus})`}`,
  () => {
    let peer: Pymodbus
    let server: ServerProcess
    let agent: AgentProcess
    let device: Device
    const ends: (() => Promise<unknown>)[] = []
    beforeAll(async () => {
      ;[peer, server] = await Promise.all([startModule(), startServerProcess()])
      ends.push(
        () => peer.stop(),
        () => server.dispose(),
      )
      agent = await startAgentProcess({
        site: '本院',
        node: 'a1',
        mqttUrl: `mqtt://${host}:${server.mqttPort}`,
        credential: await issueCredential(server, '本院', 'a1'),
        devices: [{ id: 'module', driver: 'modbus', intervalMs: 1000, timeoutMs: 500, host, port: peer.port, points: POINTS }],
      })
      ends.push(() => agent.dispose())
      device = await waitFor('the module', 40_000, moduleOf)
    })
    afterAll(async () => {
      for (const end of ends.reverse()) await end()
    })

    const moduleOf = async (): Promise<Device | undefined> => {
      for (const { id } of await server.get<RoomOverview[]>('/api/rooms')) {
        const { deviceList } = await server.get<{ deviceList: Device[] }>(`/api/rooms/${id}`)
        const found = deviceList.find(({ path }) => path.endsWith('/module'))
        if (found?.online && found.points.length === POINTS.length && found.points.every(({ timeMs }) => timeMs !== null)) return found
      }
      return undefined
    }
    const post = async (key: string, body: unknown): Promise<{ status: number; body: Record<string, unknown> }> => {
      const answer = await fetch(`${server.url}/api/devices/${device.id}/outputs/${key}`, {
        method: 'POST',
        headers: { cookie: await server.signIn(), 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
    }

    it('knows from the birth what may be switched', () => {
      expect(Object.fromEntries(device.points.map(({ key, isWritable }) => [key, isWritable]))).toEqual({
        beacon: true,
        bell: true,
        setpoint: true,
        door: false,
      })
    })

    it('switches, waits for the confirmation, shows it, and has it in the audit trail', async () => {
      expect(await post('beacon', { value: true, reason: '演练' })).toMatchObject({ status: 200, body: { confirmed: true } })
      expect(await peer.get('coil', 3)).toBe(1)
      expect((await moduleOf())?.points.find(({ key }) => key === 'beacon')).toMatchObject({ kind: 'output', value: true, quality: 'good' })
      const [entry] = (await server
        .get<{ rows?: unknown[] } | unknown[]>('/api/audit?limit=1')
        .then((page) => (Array.isArray(page) ? page : (page.rows ?? [])))) as Record<string, unknown>[]
      expect(JSON.stringify(entry)).toContain('output.switch')
      expect(JSON.stringify(entry)).toContain('演练')
    })

    it.each([
      ['door', { value: true }, 422],
      ['beacon', { value: 1 }, 422],
      ['setpoint', { value: true }, 422],
      ['beacon', {}, 422],
      ['nothing', { value: true }, 404],
    ])('%s with %j is refused', async (key, body, status) => {
      expect((await post(key, body)).status).toBe(status)
    })

    it('says that the agent is offline instead of promising anything', async () => {
      await agent.stop()
      await waitFor('the server has seen it', 30_000, async () => ((await moduleOf()) === undefined ? true : undefined))
      const { status, body } = await post('beacon', { value: false })
      expect([status, String(body.message)]).toEqual([503, expect.stringMatching(/采集器不在线.*agent is offline/)])
      expect(await peer.get('coil', 3)).toBe(1)
    })
  },
)
