import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DeviceConnection, DriverError } from '../../agent/src/drivers/driver.ts'
import { nutDriver } from '../../agent/src/drivers/nut/index.ts'
import { driverContract, silentListener, unusedPort } from '../kit/driver-contract.ts'
import { missingProgram } from '../kit/services/require-program.ts'
import { startUpsd, UPSD_PROGRAMS, type Upsd } from '../kit/services/upsd.ts'

const missing = missingProgram(UPSD_PROGRAMS, 'nut-server')
const host = '127.0.0.1'
const ONLINE = [
  'ups.mfr: Contoso',
  'ups.model: Line 3000',
  'ups.status: OL CHRG',
  'ups.load: 27',
  'battery.charge: 100',
  'battery.runtime: 2520',
  'battery.voltage: 81.9',
  'input.voltage: 228.4',
  'input.frequency: 49.9',
  'output.voltage: 220.1',
].join('\n')

function openNut(options: Record<string, unknown>): Promise<DeviceConnection> {
  return nutDriver.open(nutDriver.options.parse(options), {
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

describe.skipIf(missing !== undefined)(`driver nut against upsd${missing === undefined ? '' : ` (${missing})`}`, () => {
  driverContract({
    driver: nutDriver,
    startPeer: async () => {
      const upsd = await startUpsd({ upses: { rack1: { dev: ONLINE } } })
      return { options: { host, port: upsd.port }, goAway: upsd.stopServer, comeBack: upsd.startServer, dispose: upsd.stop }
    },
    unreachable: () => unusedPort('tcp', (port) => ({ host, port })),
    silent: () => silentListener('tcp', (port) => ({ host, port })),
    invalidOptions: [
      { options: {}, key: 'host' },
      { options: { host, port: 'x' }, key: 'port' },
      { options: { host, ups: 'two words' }, key: 'ups' },
      { options: { host, upps: 'rack1' }, key: 'upps' },
    ],
  })

  describe('with two UPSes', () => {
    let upsd: Upsd
    beforeAll(async () => {
      upsd = await startUpsd({ upses: { rack1: { dev: ONLINE }, rack2: { dev: 'ups.status: OL\nbattery.charge: 90\n' } } })
    })
    afterAll(async () => upsd?.stop(), 20_000)

    it('says what maker and model it is, and passes values on', async () => {
      const connection = await openNut({ host, port: upsd.port, ups: 'rack1' })
      expect(await connection.describe()).toMatchObject({ maker: 'Contoso', model: 'Line 3000' })
      expect(await valuesOf(connection)).toMatchObject({ 'ups.status': 'OL CHRG', 'battery.runtime': 2520, 'input.voltage': 228.4 })
      await connection.close()
    })

    it('asks which UPS when none is named, and lists those there are for a wrong name', async () => {
      for (const ups of [undefined, 'rack9']) {
        const connection = await openNut({ host, port: upsd.port, ups })
        const error = await connection.describe().catch((caught: unknown) => caught)
        expect(error).toBeInstanceOf(DriverError)
        expect(error).toMatchObject({ kind: 'configuration', retryable: false })
        expect(String(error)).toMatch(/ups: .*rack1, rack2/)
        await connection.close()
      }
    })

    it('follows the UPS, and marks what disappeared', async () => {
      const connection = await openNut({ host, port: upsd.port, ups: 'rack1' })
      await connection.describe()
      await upsd.play('rack1', ONLINE.replace('OL CHRG', 'OB DISCHRG').replace('228.4', '-159357104.0').replace('49.9', 'unknown'))
      expect(await valuesOf(connection)).toMatchObject({
        'ups.status': 'OB DISCHRG',
        'input.voltage': -159357104,
        'input.frequency': 'not-a-number',
      })
      await connection.close()
    })

    it('takes up what the UPS tells only later, and keeps what it no longer tells', async () => {
      const connection = await openNut({ host, port: upsd.port, ups: 'rack1' })
      await upsd.play('rack1', ONLINE)
      await connection.describe()
      await connection.read(AbortSignal.timeout(5000))
      expect(connection.isDescriptionStale).toBe(false)
      await upsd.play('rack1', `${ONLINE}\nups.alarm: Replace battery!`)
      expect(await valuesOf(connection)).not.toHaveProperty('ups.alarm')
      expect(connection.isDescriptionStale).toBe(true)
      await connection.describe()
      expect(await valuesOf(connection)).toMatchObject({ 'ups.alarm': 'Replace battery!', 'input.frequency': 49.9 })
      expect(connection.isDescriptionStale).toBe(false)
      await connection.close()
    })

    it('is unreachable, not wrong, while the driver of the UPS is away, and comes back', async () => {
      const connection = await openNut({ host, port: upsd.port, ups: 'rack2' })
      await connection.describe()
      await upsd.stopDriver('rack2')
      await expect
        .poll(() => connection.read(AbortSignal.timeout(5000)).catch((error: unknown) => error), { timeout: 10_000 })
        .toMatchObject({ kind: 'unreachable', retryable: true })
      await upsd.startDriver('rack2')
      expect(await valuesOf(connection)).toMatchObject({ 'ups.status': 'OL' })
      await connection.close()
    })
  })

  it('sees a mains failure as it happens: OL, OB, OB LB, OL', async () => {
    const steps = ['OL', 'OB', 'OB LB', 'OL']
    const upsd = await startUpsd({
      upses: { rack1: { seq: steps.map((status) => `ups.status: ${status}\nbattery.charge: 50\nTIMER 1\n`).join('') } },
    })
    const connection = await openNut({ host, port: upsd.port })
    try {
      const changes: unknown[] = []
      const watch = async (): Promise<string> => {
        const status = (await valuesOf(connection))['ups.status']
        if (changes.at(-1) !== status) changes.push(status)
        return changes.join(' > ')
      }
      // The file loops, and the watch may begin in its middle.
      await expect.poll(watch, { timeout: 25_000, interval: 100 }).toContain(steps.join(' > '))
    } finally {
      await connection.close()
      await upsd.stop()
    }
  })
})
