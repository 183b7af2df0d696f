import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import pino from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { parseAgentConfig } from '../../agent/src/config/index.ts'
import { openSessions } from '../../agent/src/drivers/mqtt-device/broker-session.ts'
import { mqttDeviceDriver } from '../../agent/src/drivers/mqtt-device/index.ts'
import { startAgent } from '../../agent/src/main.ts'
import { DevicePoller } from '../../agent/src/poller/device-poller.ts'
import { PROPERTY } from '../../shared/src/sparkplug/index.ts'
import { FakeHost } from '../kit/agent/fake-host.ts'
import { freshOf, mqttDeviceBench, NEVER, SENSOR } from '../kit/agent/mqtt-device-bench.ts'
import { driverContract, silentListener, unusedPort } from '../kit/driver-contract.ts'
import { MOSQUITTO_PROGRAMS, type Mosquitto, startMosquitto } from '../kit/services/mosquitto.ts'
import { MOSQUITTO_PUB_PROGRAMS, mosquittoPub } from '../kit/services/mosquitto-pub.ts'
import { missingProgram } from '../kit/services/require-program.ts'

const missing = missingProgram(MOSQUITTO_PROGRAMS, 'mosquitto') ?? missingProgram(MOSQUITTO_PUB_PROGRAMS, 'mosquitto-clients')
const { open, closeAll, wakes } = mqttDeviceBench()

describe.skipIf(missing !== undefined)(`driver mqtt-device against mosquitto${missing === undefined ? '' : ` (${missing})`}`, () => {
  let broker: Mosquitto
  beforeAll(async () => {
    broker = await startMosquitto({ dynamicSecurity: false })
  })
  afterEach(async () => {
    await closeAll()
    expect(openSessions()).toBe(0)
  })
  afterAll(async () => broker?.dispose(), 20_000)
  const pub = (topic: string, payload: string | Record<string, unknown>, retain = false): Promise<void> =>
    mosquittoPub(broker.port, topic, payload, retain)

  driverContract({
    driver: mqttDeviceDriver,
    startPeer: async () => {
      const own = await startMosquitto({ dynamicSecurity: false })
      const sendAll = (retain = false): Promise<void> => mosquittoPub(own.port, 'tele/rack/SENSOR', SENSOR, retain)
      await sendAll(true)
      return {
        options: { url: own.url, format: 'tasmota', topic: 'rack' },
        report: () => sendAll(),
        goAway: own.stop,
        comeBack: own.start,
        dispose: own.dispose,
      }
    },
    unreachable: () => unusedPort('tcp', (port) => ({ url: `mqtt://127.0.0.1:${port}`, format: 'tasmota', topic: 'rack' })),
    silent: () => silentListener('tcp', (port) => ({ url: `mqtt://127.0.0.1:${port}`, format: 'tasmota', topic: 'rack' })),
    invalidOptions: [
      { options: { url: 'mqtt://h', format: 'tasmotta', topic: 'a' }, key: 'format' },
      { options: { format: 'tasmota', topic: 'a' }, key: 'url' },
      { options: { url: 'http://h', format: 'tasmota', topic: 'a' }, key: 'url' },
      { options: { url: 'mqtt://user:secret@h', format: 'tasmota', topic: 'a' }, key: 'url' },
      { options: { url: 'mqtt://h', format: 'tasmota' }, key: 'topic' },
      { options: { url: 'mqtt://h', format: 'tasmota', topic: 'a/#' }, key: 'topic' },
      { options: { url: 'mqtt://h', format: 'tasmota', topic: 'a', tpic: 'b' }, key: 'tpic' },
      { options: { url: 'mqtt://h', format: 'tasmota', topic: 'a', password: 'x' }, key: 'username' },
      { options: { url: 'mqtt://h', format: 'tasmota', topic: 'a', username: 'u', password: 'x', passwordEnv: 'Y' }, key: 'passwordEnv' },
      { options: { url: 'mqtt://h', format: 'tasmota', topic: 'a', ca: '/ca.pem' }, key: 'ca' },
      { options: { url: 'mqtt://h', format: 'tasmota', topic: 'a', reportsWithinMs: 5 }, key: 'reportsWithinMs' },
      {
        options: { url: 'mqtt://h', format: 'json', points: [{ key: 'a', kind: 'temperature', topic: 't', path: '..' }] },
        key: 'points.0.path',
      },
      { options: { url: 'mqtt://h', format: 'value', points: [{ key: 'a', kind: 'temperature', topic: 't/+' }] }, key: 'points.0.topic' },
      { options: { url: 'mqtt://h', format: 'value', points: [] }, key: 'points' },
    ],
  })

  it('takes a kept value for old until a message proves it', async () => {
    await pub('tele/kept/SENSOR', SENSOR, true)
    const connection = await open({ url: broker.url, format: 'tasmota', topic: 'kept' })
    expect((await connection.describe()).points).toMatchObject([
      { key: 'AM2301.Humidity', kind: 'humidity', unit: '%', reportsWithinMs: 300_000 },
      { key: 'AM2301.Temperature', kind: 'temperature', unit: 'Cel' },
    ])
    expect(await connection.read(NEVER)).toEqual([])
    // A second device with the same topics makes the broker send the kept message to both again.
    const second = await open({ url: broker.url, format: 'tasmota', topic: 'kept' })
    await second.describe()
    expect([await connection.read(NEVER), await second.read(NEVER)]).toEqual([[], []])
    // Kept again while someone listens: this one is new.
    await pub('tele/kept/SENSOR', SENSOR.replace('24.6', '25.1'), true)
    expect(await freshOf(connection)).toEqual({ 'AM2301.Temperature': 25.1, 'AM2301.Humidity': 58.2 })
    expect(await connection.read(NEVER)).toEqual([])
  })

  it('follows the last will: away at once, and back with the next message', async () => {
    await pub('tele/will/SENSOR', SENSOR, true)
    await pub('tele/will/LWT', 'Online', true)
    const connection = await open({ url: broker.url, format: 'tasmota', topic: 'will' })
    await connection.describe()
    const wakesBefore = wakes()
    await pub('tele/will/LWT', 'Offline', true)
    await vi.waitFor(() => expect(wakes()).toBeGreaterThan(wakesBefore), 20_000)
    await expect(connection.read(NEVER)).rejects.toMatchObject({ kind: 'unreachable', retryable: true })
    await expect(connection.describe()).rejects.toMatchObject({ kind: 'unreachable', message: expect.stringContaining('offline') })
    const late = await open({ url: broker.url, format: 'tasmota', topic: 'will' })
    await expect(late.describe()).rejects.toMatchObject({ kind: 'unreachable', message: expect.stringContaining('offline') })
    await pub('tele/will/LWT', 'Online', true)
    await pub('tele/will/SENSOR', SENSOR)
    expect(await freshOf(connection)).toMatchObject({ 'AM2301.Temperature': 24.6 })
  })

  it('waits for a first message, says which one, and keeps listening meanwhile', async () => {
    const connection = await open({ url: broker.url, format: 'tasmota', topic: 'quiet', reportsWithinMs: 10_000 }, { timeoutMs: 500 })
    const startedMs = performance.now()
    await expect(connection.describe()).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('no message yet on tele/quiet/SENSOR'),
    })
    expect(performance.now() - startedMs).toBeLessThan(1500)
    await expect(connection.read(NEVER)).rejects.toMatchObject({ kind: 'unreachable' })
    await pub('tele/quiet/SENSOR', SENSOR)
    expect((await connection.describe()).points).toMatchObject([{ reportsWithinMs: 10_000 }, { key: 'AM2301.Temperature' }])
    expect(await freshOf(connection)).toMatchObject({ 'AM2301.Temperature': 24.6 })
  })

  it('reads a leak within a second of its message, whatever the interval, also when the point was not known', async () => {
    const scans: { key: string; value: unknown; atMs: number }[] = []
    const described: number[] = []
    const faults: string[] = []
    const poller = new DevicePoller({
      driver: mqttDeviceDriver,
      options: mqttDeviceDriver.options.parse({ url: broker.url, format: 'zigbee2mqtt', device: 'floor/leak' }),
      intervalMs: 600_000,
      timeoutMs: 400,
      clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now() },
      log: pino({ level: 'silent' }),
      onDescribed: async ({ points }) => {
        described.push(points.length)
      },
      onScan: (raw) => scans.push(...raw.map(({ key, value }) => ({ key, value, atMs: performance.now() }))),
      onFault: (kind, message) => faults.push(`${kind} ${message}`),
      onDead() {},
      onWell() {},
    })
    poller.start()
    try {
      await vi.waitFor(() => expect(faults).toEqual([expect.stringContaining('no message yet on zigbee2mqtt/floor/leak')]), 20_000)
      // Between two attempts.
      await delay(300)
      await pub('zigbee2mqtt/floor/leak', { battery: 100, voltage: 3005, linkquality: 120 })
      await vi.waitFor(() => expect(described).toEqual([2]), 20_000)
      await vi.waitFor(
        () =>
          expect(scans).toMatchObject([
            { key: 'battery', value: 100 },
            { key: 'battery_voltage', value: 3.005 },
          ]),
        1000,
      )
      const sentMs = performance.now()
      await pub('zigbee2mqtt/floor/leak', { battery: 100, voltage: 3005, water_leak: true, linkquality: 120 })
      const leak = await vi.waitFor(() => {
        const found = scans.find(({ key }) => key === 'water_leak')
        expect(found).toBeDefined()
        return found
      }, 20_000)
      expect(leak?.value).toBe(true)
      expect((leak?.atMs ?? Number.POSITIVE_INFINITY) - sentMs).toBeLessThan(1000)
      expect(described).toEqual([2, 3])
      expect(faults).toHaveLength(1)
    } finally {
      await poller.stop()
    }
  })

  it('shares one connection between devices with the same credentials, and ends it with the last one', async () => {
    const own = await startMosquitto({ dynamicSecurity: false })
    try {
      const connected = (): number => (own.output().match(/New client connected/g) ?? []).length
      const a = await open({ url: own.url, format: 'tasmota', topic: 'a' }, { timeoutMs: 500 })
      const b = await open({ url: own.url, format: 'tasmota', topic: 'b' }, { timeoutMs: 500 })
      await expect(Promise.all([a.describe(), b.describe()])).rejects.toThrow('no message yet')
      expect(openSessions()).toBe(1)
      expect(connected()).toBe(1)
      await a.close()
      expect(openSessions()).toBe(1)
      // The other one still listens.
      await mosquittoPub(own.port, 'tele/b/SENSOR', SENSOR)
      await vi.waitFor(() => b.describe(), 20_000)
      expect(await freshOf(b)).toMatchObject({ 'AM2301.Temperature': 24.6 })
      await b.close()
      expect(openSessions()).toBe(0)
    } finally {
      await own.dispose()
    }
  })

  it('is denied with a wrong password, and gets in with the one of the environment', async () => {
    const secured = await startMosquitto()
    try {
      const { password } = new URL(secured.adminUrl)
      const options = { url: secured.url, username: 'admin', format: 'tasmota', topic: 'x' }
      const wrong = await open({ ...options, password: 'wrong' })
      await expect(wrong.describe()).rejects.toMatchObject({ kind: 'denied' })
      process.env.ROOMKEEPER_TEST_MQTT_PASSWORD = password
      const right = await open({ ...options, passwordEnv: 'ROOMKEEPER_TEST_MQTT_PASSWORD' })
      await expect(right.describe()).rejects.toMatchObject({ kind: 'unreachable', message: expect.stringContaining('no message yet') })
      delete process.env.ROOMKEEPER_TEST_MQTT_PASSWORD
      await expect(open({ ...options, passwordEnv: 'ROOMKEEPER_TEST_MQTT_PASSWORD' })).rejects.toMatchObject({ kind: 'configuration' })
      await wrong.close()
      await right.close()
    } finally {
      await secured.dispose()
    }
  })

  it('is denied what the broker does not let it subscribe to', async () => {
    const secured = await startMosquitto()
    try {
      const { password } = new URL(secured.adminUrl)
      const control = (...args: string[]) =>
        promisify(execFile)('/usr/bin/mosquitto_ctrl', [
          '-h',
          '127.0.0.1',
          '-p',
          String(secured.port),
          '-u',
          'admin',
          '-P',
          password,
          'dynsec',
          ...args,
        ])
      await control('createClient', 'reader', '-p', 'secret')
      await control('setDefaultACLAccess', 'subscribe', 'deny')
      const connection = await open({ url: secured.url, username: 'reader', password: 'secret', format: 'tasmota', topic: 'x' })
      await expect(connection.describe()).rejects.toMatchObject({ kind: 'denied', message: expect.stringContaining('tele/x/SENSOR') })
      await connection.close()
    } finally {
      await secured.dispose()
    }
  })

  it('is born from kept messages without a value, lives by fresh ones, and dies with its last will', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'roomkeeper-mqtt-device-'))
    await pub('tele/whole/SENSOR', SENSOR, true)
    await pub('tele/whole/LWT', 'Online', true)
    const host = new FakeHost({ url: broker.url, site: 'test', node: 'agent', hostId: 'host-whole' })
    const config = parseAgentConfig(
      JSON.stringify({
        site: 'test',
        node: 'agent',
        primaryHost: 'host-whole',
        mqtt: { url: broker.url },
        dataDir: dir,
        devices: [
          { id: 'rack', driver: 'mqtt-device', intervalMs: 1000, timeoutMs: 500, url: broker.url, format: 'tasmota', topic: 'whole' },
        ],
      }),
      { path: join(dir, 'agent.yaml'), env: {}, drivers: [mqttDeviceDriver] },
    )
    await host.start()
    const agent = await startAgent({ config, log: pino({ level: 'silent' }), drivers: [mqttDeviceDriver] })
    const births = () => host.messages.filter(({ type, device }) => type === 'DBIRTH' && device === 'rack')
    try {
      await vi.waitFor(() => expect(births()).toHaveLength(1), 20_000)
      const metrics = new Map(births()[0]?.payload.metrics.map((metric) => [metric.name, metric]))
      expect(metrics.get('AM2301.Temperature')?.value).toBeNull()
      expect(metrics.get('AM2301.Temperature')?.properties).toMatchObject({ [PROPERTY.intervalMs]: 300_000 })
      // Several scans without anything new.
      await delay(2500)
      expect(host.scans).toEqual([])
      expect(births()).toHaveLength(1)
      const sentMs = Date.now()
      await pub('tele/whole/SENSOR', '{"Time":"x","AM2301":{"Temperature":25.5,"Humidity":50},"SHT3X":{"Temperature":20},"TempUnit":"C"}')
      await vi.waitFor(
        () =>
          expect(
            host.scans.at(-1)?.values.get('SHT3X.Temperature')?.value ??
              births()
                .at(-1)
                ?.payload.metrics.find(({ name }) => name === 'SHT3X.Temperature')?.value,
          ).toBe(20),
        3000,
      )
      expect(Date.now() - sentMs).toBeLessThan(2500)
      expect(births().length).toBeGreaterThan(1)
      await pub('tele/whole/LWT', 'Offline', true)
      await vi.waitFor(() => expect(host.messages.some(({ type, device }) => type === 'DDEATH' && device === 'rack')).toBe(true), 8000)
      expect(host.violations).toEqual([])
    } finally {
      await agent.stop()
      await host.stop()
      await rm(dir, { recursive: true, force: true })
    }
  })
})
