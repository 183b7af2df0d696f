import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DeviceConnection } from '../../agent/src/drivers/driver.ts'
import { modbusDriver } from '../../agent/src/drivers/modbus/index.ts'
import { driverContract, silentListener, unusedPort } from '../kit/driver-contract.ts'
import { type Pymodbus, startPymodbus } from '../kit/services/pymodbus.ts'
import { missingPythonModule } from '../kit/services/require-program.ts'

const missing = missingPythonModule('pymodbus', 'python3-pymodbus')
const host = '127.0.0.1'
const CLIMATE = [
  { key: 'temperature', kind: 'temperature', type: 'input', register: 1, dataType: 'int16', scale: 0.1, sentinels: [0x8000] },
  { key: 'humidity', kind: 'humidity', type: 'input', register: 2, scale: 0.1 },
  { key: 'leak', kind: 'leak', type: 'discrete', register: 0, normally: 'open' },
  { key: 'smoke', kind: 'smoke', type: 'discrete', register: 1, normally: 'closed' },
]

async function setClimate(peer: Pymodbus): Promise<Pymodbus> {
  await peer.set('input', 1, [235, 456])
  await peer.set('discrete', 0, [0, 1])
  return peer
}

function openModbus(options: Record<string, unknown>): Promise<DeviceConnection> {
  return modbusDriver.open(modbusDriver.options.parse({ host, ...options }), {
    log: pino({ level: 'silent' }),
    clock: { nowMs: () => Date.now() },
    timeoutMs: 2000,
    wake() {},
  })
}

async function valuesOf(connection: DeviceConnection): Promise<Record<string, unknown>> {
  const readings = await connection.read(AbortSignal.timeout(5000))
  return Object.fromEntries(readings.map(({ key, value, bad }) => [key, bad ?? value]))
}

describe.skipIf(missing !== undefined)(`driver modbus against pymodbus${missing === undefined ? '' : ` (${missing})`}`, () => {
  driverContract({
    driver: modbusDriver,
    startPeer: async () => {
      let peer = await setClimate(await startPymodbus())
      const { port } = peer
      return {
        options: { host, port, points: CLIMATE },
        goAway: () => peer.stop(),
        comeBack: async () => {
          peer = await setClimate(await startPymodbus({ port }))
        },
        dispose: () => peer.stop(),
      }
    },
    unreachable: () => unusedPort('tcp', (port) => ({ host, port, points: CLIMATE })),
    silent: () => silentListener('tcp', (port) => ({ host, port, points: CLIMATE })),
    invalidOptions: [
      { options: { points: CLIMATE }, key: 'host' },
      { options: { host }, key: 'points' },
      { options: { host, points: [{ ...CLIMATE[0], register: 70_000 }] }, key: 'points.0.register' },
      { options: { host, points: [{ key: 'door', kind: 'door', type: 'discrete', register: 1 }] }, key: 'points.0.normally' },
      { options: { host, points: [{ key: 'x', kind: 'ups-status', register: 1 }] }, key: 'points.0.kind' },
      { options: { host, points: [{ key: 't', kind: 'temperature', type: 'coil', register: 1 }] }, key: 'points.0.type' },
      { options: { host, points: [CLIMATE[0], CLIMATE[0]] }, key: 'points.1.key' },
      { options: { host, points: CLIMATE, unitID: 3 }, key: 'unitID' },
    ],
  })

  describe('values and requests', () => {
    let peer: Pymodbus
    beforeAll(async () => {
      peer = await setClimate(await startPymodbus({ unitId: 7 }))
    })
    afterAll(async () => peer?.stop())

    it('scales, reads signed numbers and turns contacts into "bad state" by their normal state', async () => {
      const connection = await openModbus({ port: peer.port, unitId: 7, points: CLIMATE })
      expect(await valuesOf(connection)).toEqual({ temperature: 23.5, humidity: 45.6, leak: false, smoke: false })
      await peer.set('input', 1, [0x10000 - 105])
      await peer.set('discrete', 0, [1, 0])
      expect(await valuesOf(connection)).toEqual({ temperature: -10.5, humidity: 45.6, leak: true, smoke: true })
      const { points } = await connection.describe()
      expect(points[0]?.sentinels).toEqual([-3276.8])
      await connection.close()
    })

    it('reads 32-bit numbers in both word orders', async () => {
      await peer.set('holding', 0x2000, [0x4366, 0x199a, 0x86a0, 0x0001, 0xffff, 0xfffe])
      const connection = await openModbus({
        port: peer.port,
        unitId: 7,
        points: [
          { key: 'u', kind: 'voltage', register: 0x2000, dataType: 'float32' },
          { key: 'e', kind: 'energy', register: 0x2002, dataType: 'uint32', wordOrder: 'little', scale: 0.001 },
          { key: 'p', kind: 'power', register: 0x2004, dataType: 'int32' },
        ],
      })
      expect(await valuesOf(connection)).toEqual({ u: 230.1, e: 100, p: -2 })
      await connection.close()
    })

    it('asks for neighbours in one request, and over a gap when told so', async () => {
      await peer.set('holding', 100, [1, 2, 3, 4, 5, 6])
      const points = [100, 101, 103, 105].map((register) => ({ key: `r${register}`, kind: 'number', register }))
      for (const [maxGap, requests] of [
        [0, 3],
        [1, 1],
      ] as const) {
        const connection = await openModbus({ port: peer.port, unitId: 7, maxGap, points })
        await peer.countRequests()
        expect(await valuesOf(connection)).toEqual({ r100: 1, r101: 2, r103: 4, r105: 6 })
        expect(await peer.countRequests()).toBe(requests)
        await connection.close()
      }
    })

    it('reads one by one when only the gap is refused, and keeps to it', async () => {
      await peer.set('holding', 200, [1])
      await peer.set('holding', 202, [3])
      const points = [200, 202].map((register) => ({ key: `r${register}`, kind: 'number', register }))
      const connection = await openModbus({ port: peer.port, unitId: 7, maxGap: 4, points })
      expect(await valuesOf(connection)).toEqual({ r200: 1, r202: 3 })
      await peer.countRequests()
      await valuesOf(connection)
      expect(await peer.countRequests()).toBe(2)
      await connection.close()
    })

    it('names the register the device does not have', async () => {
      const points = [...CLIMATE, { key: 'co2', kind: 'number', type: 'input', register: 3 }]
      const connection = await openModbus({ port: peer.port, unitId: 7, points })
      const error = await connection.describe().catch((caught: unknown) => caught)
      expect(error).toMatchObject({ kind: 'configuration', retryable: false })
      expect(String(error)).toContain('co2 (input register 3)')
      expect(String(error)).not.toContain('temperature')
      await connection.close()
    })

    it('pauses between requests', async () => {
      const connection = await openModbus({ port: peer.port, unitId: 7, pauseMs: 120, points: CLIMATE })
      await connection.read(AbortSignal.timeout(5000))
      const startedMs = performance.now()
      await connection.read(AbortSignal.timeout(5000))
      expect(performance.now() - startedMs).toBeGreaterThan(110)
      await connection.close()
    })
  })
})
