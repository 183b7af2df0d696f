import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DeviceConnection } from '../../agent/src/drivers/driver.ts'
import { httpJsonDriver } from '../../agent/src/drivers/http-json/index.ts'
import { driverContract, silentListener, unusedPort } from '../kit/driver-contract.ts'
import { freeTcpPort } from '../kit/services/free-port.ts'
import { missingProgram } from '../kit/services/require-program.ts'

const OPENSSL_PATH = '/usr/bin/openssl'
const missingOpenssl = missingProgram([OPENSSL_PATH], 'openssl')

type Answer = (request: IncomingMessage, response: ServerResponse) => void
const json =
  (body: unknown): Answer =>
  (_request, response) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body))

/** Documented answers: shelly-api-docs.shelly.cloud (Gen1 H&T and 1PM, Gen2 EM), tasmota.github.io/docs (DS18x20, Power Monitoring). */
const SHELLY_HT_GEN1 = {
  is_valid: true,
  tmp: { value: 22.88, units: 'C', tC: 22.88, tF: 73.18, is_valid: true },
  hum: { value: 53, is_valid: true },
  bat: { value: 98, voltage: 2.96 },
}
const SHELLY_PM_GEN1 = {
  relays: [{ ison: true }],
  meters: [{ power: 2.21, is_valid: true, timestamp: 1680779310, counters: [2.115, 2.114, 2.142], total: 439237 }],
  temperature: 34.48,
}
const SHELLY_GEN2 = {
  ble: {},
  cloud: { connected: false },
  'em:0': { id: 0, a_voltage: 229.4, a_current: 1.1, a_act_power: 251.2, a_freq: 50, total_current: 3.4, total_act_power: 711.9 },
  'emdata:0': { id: 0, total_act: 15210.36 },
  'temperature:0': { id: 0, tC: 46.2, tF: 115.2 },
  'temperature:100': { id: 100, tC: null, tF: null, errors: ['read'] },
}
const TASMOTA_STATUS_10 = {
  StatusSNS: {
    Time: '2019-01-01T00:00:00',
    'DS18B20-1': { Id: '000008D3C1F0', Temperature: 49.7 },
    'DS18B20-2': { Id: '000008D3C200', Temperature: 68 },
    TempUnit: 'C',
  },
}

const POINTS = [
  { key: 'temperature', kind: 'temperature', path: 'room.temperature', scale: 0.1 },
  { key: 'humidity', kind: 'humidity', path: "room['relative.humidity']" },
  { key: 'leak', kind: 'leak', path: 'inputs[0]', badWhen: ['wet'], wellWhen: ['dry'] },
  { key: 'door', kind: 'door', path: 'inputs[1]' },
  { key: 'missing', kind: 'temperature', path: 'room.none' },
]
const ROOM = { room: { temperature: 235, 'relative.humidity': '41.5' }, inputs: ['dry', true] }

const servers = new Set<Server>()
afterAll(() => {
  for (const server of servers) server.close()
})
/** A device on a port; `answer` may be another one for each request. */
async function serve(answer: Answer, port = 0): Promise<{ port: number; url: string; stop(): Promise<void> }> {
  const server = createServer(answer)
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
  servers.add(server)
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no TCP port')
  return {
    port: address.port,
    url: `http://127.0.0.1:${address.port}`,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function open(options: Record<string, unknown>, timeoutMs = 2000): Promise<DeviceConnection> {
  const context = { log: pino({ level: 'silent' }), clock: { nowMs: () => Date.now() }, timeoutMs, wake() {} }
  return httpJsonDriver.open(httpJsonDriver.options.parse(options), context)
}
const never = new AbortController().signal
async function valuesOf(options: Record<string, unknown>): Promise<Record<string, unknown>> {
  const connection = await open(options)
  await connection.describe()
  const readings = await connection.read(never)
  await connection.close()
  return Object.fromEntries(readings.map(({ key, value, bad }) => [key, bad ?? value]))
}
const failureOf = (options: Record<string, unknown>): Promise<unknown> => valuesOf(options).catch((error: unknown) => error)

describe('driver http-json against a device of JSON', () => {
  driverContract({
    driver: httpJsonDriver,
    startPeer: async () => {
      let device = await serve(json(ROOM))
      const { port, url } = device
      return {
        options: { url, points: POINTS },
        goAway: () => device.stop(),
        comeBack: async () => {
          device = await serve(json(ROOM), port)
        },
        dispose: () => device.stop(),
      }
    },
    unreachable: () => unusedPort('tcp', (port) => ({ url: `http://127.0.0.1:${port}`, points: POINTS })),
    silent: () => silentListener('tcp', (port) => ({ url: `http://127.0.0.1:${port}`, points: POINTS })),
    invalidOptions: [
      { options: { points: POINTS }, key: 'url' },
      { options: { url: 'ftp://host/', points: POINTS }, key: 'url' },
      { options: { url: 'http://user:secret@host/', points: POINTS }, key: 'url' },
      { options: { url: 'http://host/' }, key: 'points' },
      { options: { url: 'http://host/', preset: 'shelly-gen2', points: POINTS }, key: 'points' },
      { options: { url: 'http://host/', preset: 'shelley' }, key: 'preset' },
      { options: { url: 'http://host/', points: [{ key: 'a', kind: 'temperature', path: 'a..b' }] }, key: 'points.0.path' },
      { options: { url: 'http://host/', points: [{ key: 'a', kind: 'leak', path: 'a', badWhen: ['wet'] }] }, key: 'points.0.wellWhen' },
      {
        options: {
          url: 'http://host/',
          points: [
            { key: 'a', kind: 'leak', path: 'a' },
            { key: 'a', kind: 'leak', path: 'b' },
          ],
        },
        key: 'points.1.key',
      },
      { options: { url: 'http://host/', points: POINTS, password: 'x' }, key: 'username' },
      { options: { url: 'http://host/', points: POINTS, token: 'x', tokenEnv: 'Y' }, key: 'tokenEnv' },
      { options: { url: 'http://host/', points: POINTS, passwordFile: 'relative' }, key: 'passwordFile' },
      { options: { url: 'http://host/', points: POINTS, fingerprint: 'ab' }, key: 'fingerprint' },
      { options: { url: 'http://host/', points: POINTS, method: 'POST' }, key: 'method' },
    ],
  })

  it('takes values by their paths, and marks one by one what is not there', async () => {
    const { url } = await serve(json(ROOM))
    expect(await valuesOf({ url, points: POINTS })).toEqual({
      temperature: 23.5,
      humidity: 41.5,
      leak: false,
      door: true,
      missing: 'sensor-error',
    })
  })

  it('marks what is no value', async () => {
    const { url } = await serve(json({ room: { temperature: 'nan', 'relative.humidity': null }, inputs: ['damp', 'unavailable'] }))
    expect(await valuesOf({ url, points: POINTS })).toMatchObject({
      temperature: 'not-a-number',
      humidity: 'sensor-error',
      leak: 'sensor-error',
      door: 'sensor-error',
    })
  })

  it.each([
    ['shelly-gen1', '/status', SHELLY_HT_GEN1, { 'tmp.tC': 22.88, 'hum.value': 53, 'bat.value': 98, 'bat.voltage': 2.96 }],
    ['shelly-gen1', '/status', SHELLY_PM_GEN1, { 'meters.0.power': 2.21, 'meters.0.total': 7.320617, temperature: 34.48 }],
    [
      'shelly-gen2',
      '/rpc/Shelly.GetStatus',
      SHELLY_GEN2,
      {
        'em:0.a_voltage': 229.4,
        'em:0.total_act_power': 711.9,
        'emdata:0.total_act': 15.21036,
        'temperature:0.tC': 46.2,
        'temperature:100.tC': 'sensor-error',
      },
    ],
    [
      'tasmota',
      '/cm?cmnd=Status%2010',
      TASMOTA_STATUS_10,
      { 'DS18B20-000008D3C1F0.Temperature': 49.7, 'DS18B20-000008D3C200.Temperature': 68 },
    ],
  ])('knows %s at %s', async (preset, path, body, expected) => {
    const asked: (string | undefined)[] = []
    const device = await serve((request, response) => {
      asked.push(request.url)
      json(body)(request, response)
    })
    expect(await valuesOf({ url: device.url, preset })).toMatchObject(expected)
    expect(new Set(asked)).toEqual(new Set([path]))
  })

  it('describes a known make anew when it has more sensors, and misses one that is gone', async () => {
    let body: unknown = SHELLY_HT_GEN1
    const { url } = await serve((request, response) => json(body)(request, response))
    const connection = await open({ url, preset: 'shelly-gen1' })
    await connection.describe()
    body = { tmp: { tC: 20, is_valid: false }, flood: true }
    const readings = await connection.read(never)
    expect(readings.find(({ key }) => key === 'tmp.tC')).toMatchObject({ bad: 'sensor-error' })
    expect(readings.find(({ key }) => key === 'hum.value')).toMatchObject({ bad: 'sensor-error' })
    expect(connection.isDescriptionStale).toBe(true)
    expect((await connection.describe()).points.map(({ key }) => key)).toEqual(expect.arrayContaining(['flood', 'hum.value']))
    expect(connection.isDescriptionStale).toBe(false)
    expect(await connection.read(never)).toContainEqual({ key: 'flood', value: true })
    await connection.close()
  })

  it.each([
    [200, 'garbage', '<html>'],
    [401, 'denied', ''],
    [403, 'denied', ''],
    [404, 'configuration', ''],
    [302, 'configuration', ''],
    [418, 'garbage', ''],
    [429, 'unreachable', ''],
    [503, 'unreachable', ''],
  ])('HTTP %i is %s', async (status, kind, body) => {
    const { url } = await serve((_request, response) =>
      response.writeHead(status, status === 302 ? { location: 'http://elsewhere/' } : {}).end(body),
    )
    expect(await failureOf({ url, points: POINTS })).toMatchObject({ kind })
  })

  it('stops reading an endless answer', async () => {
    let sentBytes = 0
    const { url } = await serve((_request, response) => {
      const piece = ' '.repeat(65_536)
      const more = (): void => {
        if (response.destroyed) return
        sentBytes += piece.length
        if (response.write(piece)) setImmediate(more)
        else response.once('drain', more)
      }
      more()
    })
    expect(await failureOf({ url, points: POINTS })).toMatchObject({ kind: 'garbage' })
    expect(sentBytes).toBeLessThan(8_000_000)
  })

  it('is not an answer of that make', async () => {
    const { url } = await serve(json({ Status: {} }))
    expect(await failureOf({ url, preset: 'tasmota' })).toMatchObject({ kind: 'garbage' })
  })

  describe('with secrets', () => {
    let dir: string
    beforeAll(() => {
      dir = mkdtempSync(join(tmpdir(), 'roomkeeper-http-'))
    })
    afterAll(() => rmSync(dir, { recursive: true, force: true }))

    it('sends a user, a token and headers as they are asked for, from text, file and environment', async () => {
      const { url } = await serve((request, response) =>
        json({ said: request.headers.authorization ?? 'none', own: request.headers['x-own'] })(request, response),
      )
      const file = join(dir, 'secret')
      writeFileSync(file, 'from-file\nsecond line\n')
      process.env.ROOMKEEPER_TEST_TOKEN = 'from-env'
      const points = [{ key: 'said', kind: 'text', path: 'said' }]
      const said = async (options: Record<string, unknown>): Promise<unknown> => (await valuesOf({ url, points, ...options })).said
      expect(await said({})).toBe('none')
      expect(await said({ username: 'u', password: 'p' })).toBe(`Basic ${Buffer.from('u:p').toString('base64')}`)
      expect(await said({ username: 'u', passwordFile: file })).toBe(`Basic ${Buffer.from('u:from-file').toString('base64')}`)
      expect(await said({ tokenEnv: 'ROOMKEEPER_TEST_TOKEN' })).toBe('Bearer from-env')
      expect(await valuesOf({ url, headers: { 'X-Own': '7' }, points: [{ key: 'own', kind: 'number', path: 'own' }] })).toEqual({ own: 7 })
      delete process.env.ROOMKEEPER_TEST_TOKEN
      expect(await failureOf({ url, points, tokenEnv: 'ROOMKEEPER_TEST_TOKEN' })).toMatchObject({
        kind: 'configuration',
        message: expect.stringContaining('ROOMKEEPER_TEST_TOKEN'),
      })
      expect(await failureOf({ url, points, tokenFile: join(dir, 'none') })).toMatchObject({ kind: 'configuration' })
    })

    it.skipIf(missingOpenssl !== undefined)(
      'trusts a self-signed certificate by its fingerprint or as an authority, and nothing else',
      async () => {
        const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')]
        const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
        execFileSync(
          OPENSSL_PATH,
          ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', cert, ...subject],
          {
            stdio: 'ignore',
          },
        )
        const shown = execFileSync(OPENSSL_PATH, ['x509', '-in', cert, '-noout', '-fingerprint', '-sha256'], { encoding: 'utf8' })
        const fingerprint = shown.split('=')[1]?.trim() as string
        let requests = 0
        const port = await freeTcpPort()
        const server = createSecureServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
          requests += 1
          json(ROOM)(request, response)
        })
        await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
        try {
          const device = { url: `https://127.0.0.1:${port}/status`, points: POINTS }
          expect(await failureOf(device)).toMatchObject({ kind: 'denied', message: expect.stringMatching(/self.signed/i) })
          expect(await failureOf({ ...device, fingerprint: '0'.repeat(64) })).toMatchObject({ kind: 'denied' })
          expect(requests).toBe(0)
          expect(await valuesOf({ ...device, fingerprint })).toMatchObject({ temperature: 23.5 })
          expect(await valuesOf({ ...device, ca: cert })).toMatchObject({ temperature: 23.5 })
          expect(requests).toBe(4)
        } finally {
          await new Promise((resolve) => server.close(resolve))
        }
      },
    )
  })
})
