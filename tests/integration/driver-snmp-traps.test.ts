import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pino from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { parseAgentConfig } from '../../agent/src/config/index.ts'
import { snmpDriver } from '../../agent/src/drivers/snmp/index.ts'
import { startAgent } from '../../agent/src/main.ts'
import { DevicePoller } from '../../agent/src/poller/device-poller.ts'
import { FakeHost } from '../kit/agent/fake-host.ts'
import { freeUdpPort } from '../kit/services/free-port.ts'
import { MOSQUITTO_PROGRAMS, startMosquitto } from '../kit/services/mosquitto.ts'
import { missingProgram } from '../kit/services/require-program.ts'
import { SNMPD_PATH, type Snmpd, startSnmpd } from '../kit/services/snmpd.ts'

const SNMPTRAP_PATH = '/usr/bin/snmptrap'
const missing = missingProgram([SNMPD_PATH, SNMPTRAP_PATH], 'snmpd, snmp')
const UPS = '1.3.6.1.2.1.33.1'
const upsTrapOnBattery = '1.3.6.1.2.1.33.2.0.1'

const ups = (outputSource: number) => ({
  [`${UPS}.1.1.0`]: 'string Contoso',
  [`${UPS}.2.1.0`]: 'integer 2',
  [`${UPS}.2.4.0`]: 'integer 100',
  [`${UPS}.4.1.0`]: `integer ${outputSource}`,
  [`${UPS}.6.1.0`]: 'gauge 0',
})

describe.skipIf(missing !== undefined)(`SNMP traps, by snmpd and snmptrap${missing === undefined ? '' : ` (${missing})`}`, () => {
  let snmpd: Snmpd
  let trapPort: number
  const pollers: DevicePoller[] = []
  beforeAll(async () => {
    snmpd = await startSnmpd(UPS, ups(3))
    trapPort = await freeUdpPort()
  })
  afterEach(async () => {
    for (const poller of pollers.splice(0)) await poller.stop()
    await snmpd.setObjects(ups(3))
  })
  afterAll(() => snmpd?.stop())

  function start(intervalMs = 60_000) {
    const scans: { status: unknown; atMs: number }[] = []
    const poller = new DevicePoller({
      driver: snmpDriver,
      options: snmpDriver.options.parse({ host: '127.0.0.1', port: snmpd.port, trapPort }),
      intervalMs,
      timeoutMs: 2000,
      clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now() },
      log: pino({ level: 'silent' }),
      onDescribed: async () => {},
      onScan: (raw) => scans.push({ status: raw.find(({ key }) => key === 'ups.status')?.value, atMs: performance.now() }),
      onFault: (_kind, message) => expect.fail(message),
      onWell: () => {},
      onDead: () => {},
    })
    pollers.push(poller)
    poller.start()
    return scans
  }

  /** Rejects when an inform is not answered. */
  const send = (...args: string[]) => promisify(execFile)(SNMPTRAP_PATH, args, { timeout: 10_000 })
  const target = () => `127.0.0.1:${trapPort}`

  it.each([
    ['version 1', () => send('-v1', '-cany', target(), '1.3.6.1.2.1.33.2', '127.0.0.1', '6', '1', '')],
    ['version 2c', () => send('-v2c', '-cany', target(), '', upsTrapOnBattery)],
    ['an inform, which is answered', () => send('-Ci', '-r0', '-t2', '-v2c', '-cany', target(), '', upsTrapOnBattery)],
    [
      'version 3 of a user nobody knows here',
      () => send('-v3', '-e8000000001020304', '-uups', '-lauthPriv', '-Along-secret', '-Xlong-secret', target(), '', upsTrapOnBattery),
    ],
  ])('%s: on battery is read within a second, though the next scan is a minute away', async (_name, sendTrap) => {
    const scans = start()
    await vi.waitFor(() => expect(scans).toHaveLength(1), 20_000)
    expect(scans[0]?.status).toBe('OL')
    await snmpd.setObjects(ups(5))
    const sentMs = performance.now()
    await sendTrap()
    await vi.waitFor(() => expect(scans.at(-1)?.status).toBe('OB'), 20_000)
    expect((scans[1]?.atMs ?? 0) - sentMs).toBeLessThan(1000)
  })

  it('looks again soon, as a card may still hold the old values when it sends its trap', async () => {
    const scans = start()
    await vi.waitFor(() => expect(scans).toHaveLength(1), 20_000)
    await send('-v2c', '-cany', target(), '', upsTrapOnBattery)
    await vi.waitFor(() => expect(scans).toHaveLength(2), 20_000)
    expect(scans[1]?.status).toBe('OL')
    await snmpd.setObjects(ups(5))
    await vi.waitFor(() => expect(scans.at(-1)?.status).toBe('OB'), 20_000)
  })

  it.skipIf(missingProgram(MOSQUITTO_PROGRAMS, 'mosquitto'))(
    'from the trap to the host, by way of the log and the broker: under a second',
    async () => {
      const broker = await startMosquitto({ dynamicSecurity: false })
      const folder = await mkdtemp(join(tmpdir(), 'roomkeeper-traps-'))
      const host = new FakeHost({ url: broker.url, site: 'test', node: 'agent', hostId: 'roomkeeper' })
      await host.start()
      const device = { id: 'ups', driver: 'snmp', host: '127.0.0.1', port: snmpd.port, trapPort, intervalMs: 60_000, timeoutMs: 2000 }
      const yaml = JSON.stringify({ site: 'test', node: 'agent', mqtt: { url: broker.url }, dataDir: folder, devices: [device] })
      const config = parseAgentConfig(yaml, { path: '/agent.yaml', env: {}, drivers: [snmpDriver] })
      const agent = await startAgent({ config, drivers: [snmpDriver], log: pino({ level: 'silent' }) })
      try {
        await vi.waitFor(() => expect(host.of('DBIRTH', 'ups')).not.toHaveLength(0), 20_000)
        await snmpd.setObjects(ups(5))
        const sentMs = performance.now()
        await send('-v2c', '-cany', target(), '', upsTrapOnBattery)
        await vi.waitFor(() => expect(host.scans.at(-1)?.values.get('ups.status')?.value).toBe('OB'), { timeout: 20_000, interval: 10 })
        expect(performance.now() - sentMs).toBeLessThan(1000)
      } finally {
        await agent.stop()
        await host.stop()
        await broker.dispose()
        await rm(folder, { recursive: true, force: true })
      }
    },
  )

  it('does not mind garbage, and reads no more than four times a second under a flood', async () => {
    const scans = start()
    await vi.waitFor(() => expect(scans).toHaveLength(1), 20_000)
    const { createSocket } = await import('node:dgram')
    const socket = createSocket('udp4')
    const startedMs = performance.now()
    for (let i = 0; performance.now() - startedMs < 1500; i++) {
      socket.send(Buffer.from([0x30, 0x84, i & 255, 0xff, 0x06, 0x80]), trapPort, '127.0.0.1')
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    socket.close()
    expect(scans.length).toBeGreaterThan(2)
    expect(scans.length).toBeLessThanOrEqual(9)
  })
})
