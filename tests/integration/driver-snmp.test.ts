import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DeviceConnection } from '../../agent/src/drivers/driver.ts'
import { snmpDriver } from '../../agent/src/drivers/snmp/index.ts'
import { driverContract, silentListener, unusedPort } from '../kit/driver-contract.ts'
import { missingProgram } from '../kit/services/require-program.ts'
import { SNMPSIM_PATH, type Snmpsim, startSnmpsim } from '../kit/services/snmpsim.ts'

const missing = missingProgram([SNMPSIM_PATH], 'snmpsim')
const host = '127.0.0.1'
const UPS = '1.3.6.1.2.1.33.1'
const SYSTEM = '1.3.6.1.2.1.1.1.0|4|Test agent\n1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.99999.1\n'
const USER = { name: 'reader', authPassword: 'auth-secret', authProtocol: 'SHA', privPassword: 'priv-secret', privProtocol: 'AES' } as const
const V3 = { version: 3, context: 'ups', user: { name: USER.name, authPassword: USER.authPassword, privPassword: USER.privPassword } }

/** Objects of a three-phase UPS on mains, in the units RFC 1628 asks for. */
function upsObjects(changes: Record<string, string> = {}): string {
  const objects: Record<string, string> = {
    '1.1.0': '4|Contoso',
    '1.2.0': '4|Line 3000',
    '2.1.0': '2|2',
    '2.2.0': '2|0',
    '2.3.0': '2|42',
    '2.4.0': '2|100',
    '2.5.0': '2|2707',
    '2.6.0': '2|-12',
    '2.7.0': '2|24',
    '3.3.1.2.1': '2|499',
    '3.3.1.3.1': '2|231',
    '3.3.1.3.2': '2|229',
    '4.1.0': '2|3',
    '4.2.0': '2|500',
    '4.4.1.2.1': '2|230',
    '4.4.1.3.1': '2|72',
    '4.4.1.4.1': '2|1540',
    '4.4.1.5.1': '2|27',
    '6.1.0': '66|0',
    '7.3.0': '2|1',
    ...changes,
  }
  return (
    SYSTEM +
    Object.entries(objects)
      .map(([oid, value]) => `${UPS}.${oid}|${value}\n`)
      .join('')
  )
}

/** Rows as a monitor with one probe and one power supply has them (ENTITY-SENSOR-MIB, ENTITY-MIB). */
const SENSOR_ROWS = [
  // index, type, scale, precision, value, status, name
  [11, 8, 9, 1, 235, 1, 'Probe 1 temperature'],
  [12, 9, 9, 0, 46, 1, 'Probe 1 humidity'],
  [13, 4, 8, 0, 12_050, 1, 'PSU 12V'],
  [14, 8, 9, 1, 1_000_000_000, 1, 'Probe 2 temperature'],
  [15, 8, 9, 1, 0, 2, 'Probe 3 temperature'],
  [16, 12, 9, 0, 1, 1, 'Some switch'],
] as const
const SENSORS =
  SYSTEM +
  SENSOR_ROWS.map(([index, type, scale, precision, value, status, name]) =>
    [type, scale, precision, value, status]
      .map((cell, column) => `1.3.6.1.2.1.99.1.1.1.${column + 1}.${index}|2|${cell}\n`)
      .concat(`1.3.6.1.2.1.47.1.1.1.1.7.${index}|4|${name}\n`)
      .join(''),
  ).join('')

function openSnmp(options: Record<string, unknown>): Promise<DeviceConnection> {
  return snmpDriver.open(snmpDriver.options.parse({ host, ...options }), {
    log: pino({ level: 'silent' }),
    clock: { nowMs: () => Date.now() },
    timeoutMs: 2000,
    wake() {},
  })
}

async function valuesOf(connection: DeviceConnection): Promise<Record<string, unknown>> {
  const readings = await connection.read(AbortSignal.timeout(8000))
  return Object.fromEntries(readings.map(({ key, value, bad }) => [key, bad ?? value]))
}

async function upsPeer(options: Record<string, unknown>) {
  const snmpsim = await startSnmpsim({ devices: { ups: upsObjects() }, user: USER })
  return { options: { host, port: snmpsim.port, ...options }, goAway: snmpsim.goAway, comeBack: snmpsim.startAgain, dispose: snmpsim.stop }
}

describe.skipIf(missing !== undefined)(`driver snmp against snmpsim${missing === undefined ? '' : ` (${missing})`}`, () => {
  describe('version 2c', () => {
    driverContract({
      driver: snmpDriver,
      startPeer: () => upsPeer({ community: 'ups' }),
      unreachable: () => unusedPort('udp', (port) => ({ host, port })),
      silent: () => silentListener('udp', (port) => ({ host, port })),
      invalidOptions: [
        { options: {}, key: 'host' },
        { options: { host, version: 4 }, key: 'version' },
        { options: { host, version: 3 }, key: 'user' },
        { options: { host, user: { name: 'reader' } }, key: 'user' },
        { options: { host, version: 3, user: { name: 'reader', authPassword: 'short' } }, key: 'user.authPassword' },
        { options: { host, version: 3, user: { name: 'reader', privPassword: 'long enough' } }, key: 'user.authPassword' },
        { options: { host, comunity: 'x' }, key: 'comunity' },
      ],
    })
  })

  describe('version 3 with authentication and privacy', () => {
    driverContract({
      driver: snmpDriver,
      startPeer: () => upsPeer(V3),
      unreachable: () => unusedPort('udp', (port) => ({ host, port, ...V3 })),
      silent: () => silentListener('udp', (port) => ({ host, port, ...V3 })),
      invalidOptions: [],
    })
  })

  describe('profiles', () => {
    let snmpsim: Snmpsim
    beforeAll(async () => {
      snmpsim = await startSnmpsim({
        user: USER,
        devices: {
          ups: upsObjects(),
          onBattery: upsObjects({
            '2.1.0': '2|3',
            '2.3.0': '66|4294967295',
            '3.3.1.3.1': '2|0',
            '4.1.0': '2|5',
            '6.1.0': '66|3',
            '6.2.1.2.1': `6|${UPS}.6.3.2`,
            '6.2.1.2.4': `6|${UPS}.6.3.1`,
            '6.2.1.2.5': '6|1.3.6.1.4.1.99999.7',
          }),
          lost: upsObjects({ '6.1.0': '66|1', '6.2.1.2.1': `6|${UPS}.6.3.20` }),
          tenths: upsObjects({ '3.3.1.3.1': '2|2310', '3.3.1.3.2': '2|690', '4.4.1.2.1': '2|2300', '4.4.1.4.1': '5|', '2.7.0': '4|24' }),
          sensors: SENSORS,
          stranger: SYSTEM,
        },
      })
    })
    afterAll(async () => snmpsim?.stop(), 10_000)
    const open = (community: string, options: Record<string, unknown> = {}): Promise<DeviceConnection> =>
      openSnmp({ port: snmpsim.port, community, ...options })

    const online = {
      'ups.status': 'OL',
      'battery.charge': 100,
      'battery.runtime': 2520,
      'battery.voltage': 270.7,
      'battery.current': -1.2,
      'battery.temperature': 24,
      'input.1.frequency': 49.9,
      'input.1.voltage': 231,
      'input.2.voltage': 229,
      'output.1.voltage': 230,
      'output.1.current': 7.2,
      'output.1.realpower': 1540,
      'output.1.load': 27,
      'ups.test.result': 'passed',
    }

    it.each([
      ['1', {}],
      ['2c', {}],
      ['3', V3],
    ])('reads a UPS over version %s', async (version, options) => {
      const connection = await open('ups', { version, ...options })
      expect(await connection.describe()).toMatchObject({ maker: 'Contoso', model: 'Line 3000' })
      expect(await valuesOf(connection)).toMatchObject(online)
      await connection.close()
    })

    it('puts source, battery state and alarms together, and states the sentinels', async () => {
      const connection = await open('onBattery')
      const { points } = await connection.describe()
      expect(await valuesOf(connection)).toMatchObject({
        'ups.status': 'OB LB ALARM RB',
        'battery.runtime': 'sentinel',
        'input.1.voltage': 0,
      })
      expect(points.find(({ key }) => key === 'battery.runtime')?.sentinels).toContain(-60)
      await connection.close()
    })

    it('does not pass on what a network card remembers of a UPS it has lost', async () => {
      const connection = await open('lost')
      await expect(connection.read(AbortSignal.timeout(8000))).rejects.toMatchObject({ kind: 'unreachable' })
      await connection.close()
    })

    it('finds out that voltages come in tenths, leaves out what has no value, and reads numbers sent as text', async () => {
      const connection = await open('tenths')
      const values = await valuesOf(connection)
      expect(values).toMatchObject({ 'input.1.voltage': 231, 'input.2.voltage': 69, 'output.1.voltage': 230, 'battery.temperature': 24 })
      expect(values).not.toHaveProperty(['output.1.realpower'])
      await connection.close()
    })

    it('reads sensors in their own scale, by their names', async () => {
      const connection = await open('sensors')
      const { points } = await connection.describe()
      expect(points.map(({ key, kind, unit, name }) => [key, kind, unit, name?.en])).toEqual([
        ['sensor.11', 'temperature', 'Cel', 'Probe 1 temperature'],
        ['sensor.12', 'humidity', '%', 'Probe 1 humidity'],
        ['sensor.13', 'number', 'V', 'PSU 12V'],
        ['sensor.14', 'temperature', 'Cel', 'Probe 2 temperature'],
        ['sensor.15', 'temperature', 'Cel', 'Probe 3 temperature'],
      ])
      expect(await valuesOf(connection)).toEqual({
        'sensor.11': 23.5,
        'sensor.12': 46,
        'sensor.13': 12.05,
        'sensor.14': 'sentinel',
        'sensor.15': 'sensor-error',
      })
      await connection.close()
    })

    it('says which profiles there are when none fits', async () => {
      for (const [community, profile] of [
        ['stranger', 'auto'],
        ['ups', 'entity-sensor'],
        ['ups', 'nonsense'],
      ] as const) {
        const connection = await open(community, { profile })
        const error = await connection.describe().catch((caught: unknown) => caught)
        expect(error).toMatchObject({ kind: 'configuration', retryable: false })
        expect(String(error)).toMatch(/profile: .*entity-sensor, .*ups-mib/)
        await connection.close()
      }
    })

    it.each([
      ['user', { ...V3.user, name: 'nobody' }],
      ['authentication password', { ...V3.user, authPassword: 'wrong-secret' }],
      ['privacy password', { ...V3.user, privPassword: 'wrong-secret' }],
    ])('is told about a wrong %s', async (_, user) => {
      const connection = await open('ups', { ...V3, user })
      await expect(connection.describe()).rejects.toMatchObject({ kind: 'denied', retryable: true })
      await connection.close()
    })
  })
})
