import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { missingProgram } from '../../../../tests/kit/services/require-program.ts'
import { makeCertificates, OPENSSL_PATH, startTlsFront, type TestCertificates } from '../../../../tests/kit/services/tls-front.ts'
import type { AgentConfig } from '../../config/index.ts'
import { type Driver, DriverError } from '../../drivers/driver.ts'
import { checkBroker } from './broker.ts'
import { checkCertificate } from './certificate.ts'
import { checkClock } from './clock.ts'
import { checkDataFolder } from './data-folder.ts'
import { checkDevice } from './devices.ts'
import { findingText } from './finding.ts'
import { checkSerialPorts } from './serial-port.ts'
import { checkServerClock } from './server-clock.ts'

const missingOpenssl = missingProgram([OPENSSL_PATH], 'openssl')

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'roomkeeper-doctor-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const clock = { nowMs: () => Date.UTC(2026, 5, 1) }

describe('the clock', () => {
  it.each([
    [Date.UTC(2026, 0, 1), true],
    [0, false],
    [Date.UTC(2024, 11, 31), false],
    [Date.UTC(2205, 0, 1), false],
  ])('at %i ms is sane: %s', (nowMs, isOk) => {
    expect(checkClock({ nowMs: () => nowMs })).toMatchObject({ isOk, ...(isOk ? {} : { advice: expect.stringContaining('NTP') }) })
  })
})

describe('the clock against the server', () => {
  it.each([
    [0, true],
    [-60_000, false],
    [60_000, false],
  ])('off by %i ms is well: %s', async (offsetMs, isOk) => {
    const server = createHttpServer((_request, response) => response.end()).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const address = server.address()
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
    const finding = await checkServerClock(url, { nowMs: () => Date.now() + offsetMs })
    await new Promise((resolve) => server.close(resolve))
    expect(finding).toMatchObject({ isOk })
    if (!isOk) expect(finding.detail).toContain(offsetMs > 0 ? 'ahead' : 'behind')
    // A server that is away is no fault of the agent's.
    expect(await checkServerClock(url, clock)).toMatchObject({ isOk: true, detail: expect.stringContaining('not compared') })
  })
})

describe.skipIf(missingOpenssl)(`the broker’s certificate ${missingOpenssl ?? ''}`, () => {
  let certificates: TestCertificates
  let front: Awaited<ReturnType<typeof startTlsFront>>
  beforeEach(async () => {
    certificates = makeCertificates(30)
    front = await startTlsFront(1, certificates)
  })
  afterEach(async () => {
    await front.stop()
    certificates.dispose()
  })

  it('is told when it is about to expire', async () => {
    const check = (inDays: number) => checkCertificate(`mqtts://127.0.0.1:${front.port}`, { nowMs: () => Date.now() + inDays * 86_400_000 })
    expect(await check(0)).toMatchObject({ isOk: true })
    expect(await check(20)).toMatchObject({ isOk: false, detail: expect.stringContaining('expires in 9 days') })
    expect(await check(40)).toMatchObject({ isOk: false, detail: expect.stringContaining('has expired') })
    expect(await checkCertificate(`mqtt://127.0.0.1:${front.port}`, clock)).toBeUndefined()
  })
})

describe('a serial port', () => {
  it('is looked for, and a port that is not there is a problem', async () => {
    const on = (path: string) => ({ id: 'd', driver: 'modbus', intervalMs: 1, timeoutMs: 1, overrides: {}, options: { path } })
    expect(await checkSerialPorts([on('/dev/null'), on('/dev/null')])).toMatchObject([
      { isOk: true, subject: expect.stringContaining('/dev/null') },
    ])
    expect(await checkSerialPorts([on('/dev/ttyNOWHERE')])).toMatchObject([{ isOk: false, advice: expect.stringContaining('by-id') }])
    expect(await checkSerialPorts([on('no port')])).toEqual([])
  })
})

describe('the data folder', () => {
  it('is tried by writing, and left as it was', async () => {
    expect((await checkDataFolder(folder, 1)).map(({ isOk }) => isOk)).toEqual([true, true])
    const absent = await checkDataFolder(join(folder, 'a', 'b'), 1)
    expect(absent.map(({ isOk }) => isOk)).toEqual([true, true])
    expect(absent[0]?.detail).toContain('not there yet')
    expect(readdirSync(folder)).toEqual([])
  })

  it('that is a file cannot be used', async () => {
    const path = join(folder, 'file')
    writeFileSync(path, '')
    const [writable] = await checkDataFolder(path, 1)
    expect(writable).toMatchObject({ isOk: false, advice: expect.stringContaining('dataDir') })
  })

  it('on a disk smaller than the log may become is a problem that names the key', async () => {
    const [, space] = await checkDataFolder(folder, 1e12)
    expect(space).toMatchObject({ isOk: false, advice: expect.stringContaining('log.maxMegabytes') })
  })
})

describe('a device', () => {
  const device = { id: 'd', driver: 'fake', intervalMs: 1000, timeoutMs: 100, overrides: {}, options: {} }
  const fake = (read: () => Promise<{ key: string; value: number }[]>): Driver => ({
    name: 'fake',
    summary: { zh: '', en: '' },
    options: undefined as unknown as Driver['options'],
    open: async () => ({
      describe: async () => ({ points: [{ key: 't\u001b[2J', kind: 'temperature' as const, unit: 'Cel' as const }] }),
      read,
      close: async () => {},
    }),
  })
  const check = (read: () => Promise<{ key: string; value: number }[]>) => checkDevice(device, [fake(read)], { clock })

  it('that is well', async () => {
    expect(await check(async () => [{ key: 't\u001b[2J', value: 21 }])).toMatchObject({ isOk: true })
  })

  it('with a value that cannot be true is a problem that names point and reason', async () => {
    const finding = await check(async () => [{ key: 't\u001b[2J', value: 400 }])
    expect(finding).toMatchObject({ isOk: false, detail: expect.stringContaining('(out-of-range)') })
    expect(findingText(finding)).not.toContain('\u001b')
  })

  it('that does not answer, or whose driver breaks, is one line', async () => {
    const silent = await check(() => Promise.reject(new DriverError('unreachable', 'no answer\nat all')))
    expect(findingText(silent)).toMatch(/^问题 problem {2}设备 · device d \(fake\): unreachable: no answer at all → .*check power/)
    expect(await check(() => Promise.reject(new TypeError('x is not a function')))).toMatchObject({
      detail: expect.stringContaining('bug'),
    })
  })

  it('that never settles is given up by the agent’s own deadlines', async () => {
    expect(await check(() => new Promise(() => {}))).toMatchObject({ isOk: false, detail: expect.stringContaining('did not end within') })
  })
})

describe('the broker', () => {
  const config = (url: string): AgentConfig => ({
    site: 's',
    node: 'n',
    primaryHost: 'h',
    dataDir: folder,
    mqtt: { url, username: 'n', password: 'geheim' },
    log: { maxMegabytes: 1, maxAgeDays: 1 },
    devices: [],
    invalidDevices: [],
  })

  it('that is no MQTT broker, or not there, is a problem; no password is repeated', async () => {
    const server = createServer((socket) => socket.destroy())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    const closing = await checkBroker(config(`mqtt://u:geheim@127.0.0.1:${port}`))
    await new Promise((resolve) => server.close(resolve))
    const absent = await checkBroker(config(`mqtt://u:geheim@127.0.0.1:${port}`))
    expect(findingText(closing)).toContain(`mqtt://127.0.0.1:${port}`)
    expect(absent.detail).toContain('ECONNREFUSED')
    for (const finding of [closing, absent]) {
      expect(finding).toMatchObject({ isOk: false, advice: expect.stringContaining('mqtt.url') })
      expect(findingText(finding)).not.toContain('geheim')
    }
  })
})
