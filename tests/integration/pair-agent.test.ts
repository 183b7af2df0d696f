import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Agent, Pairing } from '@roomkeeper/shared/http'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { runAgentCommand } from '../kit/services/agent-command.ts'
import { type ChildProgram, startChildProgram, waitFor } from '../kit/services/child-program.ts'
import { freeTcpPort } from '../kit/services/free-port.ts'
import { MOSQUITTO_PROGRAMS, type Mosquitto, startMosquitto } from '../kit/services/mosquitto.ts'
import { missingProgram } from '../kit/services/require-program.ts'
import { type ServerProcess, startServerProcess } from '../kit/services/server-process.ts'
import { makeCertificates, OPENSSL_PATH, startTlsFront, type TestCertificates } from '../kit/services/tls-front.ts'

const AGENT_CLI = fileURLToPath(new URL('../../agent/src/cli.ts', import.meta.url))
const missingMosquitto = missingProgram(MOSQUITTO_PROGRAMS, 'mosquitto')
const missingOpenssl = missingProgram([OPENSSL_PATH], 'openssl')

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roomkeeper-pair-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function newCode(server: ServerProcess, node: string, room?: string): Promise<string> {
  return (await server.send<{ code: string }>('POST', '/api/agents/pairings', { site: '总院', node, room })).code
}

async function agentOf(server: ServerProcess, node: string): Promise<Agent | undefined> {
  return (await server.get<Agent[]>('/api/agents')).find((agent) => agent.node === node)
}

const BROKERS: [string, string | undefined][] = [
  ['the embedded broker', undefined],
  [`Mosquitto${missingMosquitto ? ` ${missingMosquitto}` : ''}`, missingMosquitto],
]

describe.each(BROKERS)('an agent is paired, with %s', (name, missing) => {
  let mosquitto: Mosquitto | undefined
  let server: ServerProcess
  let running: ChildProgram | undefined

  beforeAll(async () => {
    if (missing) return
    if (name.startsWith('Mosquitto')) mosquitto = await startMosquitto()
    server = await startServerProcess({ env: mosquitto ? { ROOMKEEPER_MQTT_URL: mosquitto.adminUrl } : {} })
    await waitFor('the broker is there', 30_000, async () => ((await fetch(`${server.url}/healthz`)).ok ? true : undefined))
  })
  afterAll(async () => {
    await server?.dispose()
    await mosquitto?.dispose()
  })
  afterEach(async () => {
    await running?.stop()
    running = undefined
  })

  const runAgent = (): void => {
    running = startChildProgram(process.execPath, [AGENT_CLI, 'run', '--config', join(folder, 'agent.yaml')])
  }
  const isOnline = (node: string, wanted: boolean): Promise<true> =>
    waitFor(`${node} online: ${wanted}; it said ${running?.output()}`, 40_000, async () =>
      (await agentOf(server, node))?.online === wanted ? true : undefined,
    )

  it.skipIf(missing)(
    'with nothing there: files are made, it connects, runs, and is cut when it is revoked',
    async () => {
      const code = await newCode(server, 'n1', 'UPS 机房')
      const ended = await runAgentCommand(folder, ['pair', '--server', server.url, '--code', code])
      expect(ended, ended.stdout + ended.stderr).toMatchObject({ status: 0 })
      expect(ended.stdout).toContain('已配对 · paired: 总院 / n1')
      expect(ended.stdout).toContain('凭据有效 · reachable, the credential is accepted')
      expect(ended.stdout).toContain('roomkeeper agent discover')
      const text = await readFile(join(folder, 'agent.yaml'), 'utf8')
      const brokerPort = mosquitto?.port ?? server.mqttPort
      expect(parse(text)).toMatchObject({
        site: '总院',
        node: 'n1',
        primaryHost: 'roomkeeper',
        server: server.url,
        mqtt: { url: `mqtt://127.0.0.1:${brokerPort}`, username: '总院.n1', passwordFile: 'agent.password' },
        devices: [],
      })
      expect(text).toContain('UPS 机房')
      expect((await stat(join(folder, 'agent.password'))).mode & 0o777).toBe(0o600)
      const password = (await readFile(join(folder, 'agent.password'), 'utf8')).trim()
      expect(password).toHaveLength(43)
      expect(ended.stdout + ended.stderr + text).not.toContain(password)
      const [pairing] = await server.get<Pairing[]>('/api/agents/pairings')
      expect(pairing).toMatchObject({ node: 'n1', state: 'used', usedFrom: '127.0.0.1' })

      runAgent()
      await isOnline('n1', true)
      const agent = (await agentOf(server, 'n1')) as Agent
      const beganMs = performance.now()
      await server.send('DELETE', `/api/agents/${agent.id}/credential`, { reason: 'test' })
      await waitFor('the agent is cut', 1000 - (performance.now() - beganMs), async () =>
        running?.output().includes('not connected to the broker') ? true : undefined,
      )
      expect(await agentOf(server, 'n1')).toMatchObject({ online: false, credential: { revoked: true } })
      await waitFor(`it says why: ${running?.output()}`, 30_000, async () =>
        running?.output().includes('credential refused (revoked, or replaced by a newer pairing): pair this agent again')
          ? true
          : undefined,
      )
      // It tries for ever, and stays out.
      expect(await agentOf(server, 'n1')).toMatchObject({ online: false })

      const again = await runAgentCommand(folder, ['pair', '--server', server.url, '--code', await newCode(server, 'n1')])
      expect(again, again.stdout + again.stderr).toMatchObject({ status: 0 })
      await running?.stop()
      runAgent()
      await isOnline('n1', true)
    },
    120_000,
  )

  it.skipIf(missing)(
    'over an existing agent.yaml: comments and devices stay',
    async () => {
      const text = `# our own notes\nsite: old # the campus\nnode: old\nmqtt:\n  url: mqtt://old:1\n  password: secret # goes\nlog: { maxMegabytes: 7 }\ndataDir: readings\ndevices:\n  # the big one\n  - { id: ups1, driver: nut, host: 127.0.0.1, name: 主 UPS } # keep\n`
      await writeFile(join(folder, 'agent.yaml'), text, { mode: 0o640 })
      const ended = await runAgentCommand(folder, ['pair', '--server', server.url, '--code', await newCode(server, 'n2')])
      expect(ended.stdout, ended.stderr).toContain('已配对 · paired')
      const now = await readFile(join(folder, 'agent.yaml'), 'utf8')
      for (const kept of ['# our own notes', '# the campus', '# the big one', '# keep', 'maxMegabytes: 7', 'dataDir: readings'])
        expect(now).toContain(kept)
      expect(now).not.toContain('secret')
      expect(parse(now)).toMatchObject({ site: '总院', node: 'n2', devices: [{ id: 'ups1', name: '主 UPS' }] })
      expect((await stat(join(folder, 'agent.yaml'))).mode & 0o777).toBe(0o640)
    },
    120_000,
  )

  it.skipIf(missing)(
    'while the old agent runs: its session is cut',
    async () => {
      await runAgentCommand(folder, ['pair', '--server', server.url, '--code', await newCode(server, 'n3')])
      runAgent()
      await isOnline('n3', true)
      const ended = await runAgentCommand(folder, ['pair', '--server', server.url, '--code', await newCode(server, 'n3')])
      expect(ended.stdout).toContain('已配对 · paired')
      await waitFor('the old session is refused', 40_000, async () => (running?.output().includes('credential refused') ? true : undefined))
      await running?.stop()
      runAgent()
      await isOnline('n3', true)
    },
    120_000,
  )
})

describe('pair, when something is wrong', () => {
  let server: ServerProcess
  beforeAll(async () => {
    server = await startServerProcess()
  })
  afterAll(() => server.dispose())

  const pair = (...args: string[]) => runAgentCommand(folder, ['pair', ...args])

  it.each([
    ['no address', ['--server', 'rooms', '--code', 'ABCD-2345'], '--server: 应为网址'],
    ['no code', ['--server', 'http://127.0.0.1:1', '--code', 'ABCD-0000'], '--code: 应为 8 位'],
    ['an unencrypted way', ['--server', 'http://192.0.2.1:8080', '--code', 'ABCD-2345'], '--insecure'],
    ['no fingerprint', ['--server', 'https://127.0.0.1:1', '--code', 'ABCD-2345', '--fingerprint', 'ab'], '--fingerprint: 应为 64 位'],
    ['a file that is not there', ['--server', 'https://127.0.0.1:1', '--code', 'ABCD-2345', '--ca', 'none.pem'], '--ca: 无法读取'],
    ['a folder that is not there', ['--server', 'http://127.0.0.1:1', '--code', 'ABCD-2345', '-c', 'no/agent.yaml'], '无法写入'],
  ])('%s is exit code 2 and a sentence', async (_what, args, sentence) => {
    const ended = await pair(...args)
    expect(ended.status).toBe(2)
    expect(ended.stderr).toContain(sentence)
    expect(ended.stderr).not.toContain('    at ')
  })

  it('agent.yaml that is none is exit code 2, and the code is not used', async () => {
    await writeFile(join(folder, 'agent.yaml'), 'site: "a\nnode: [')
    const code = await newCode(server, 'w1')
    expect(await pair('--server', server.url, '--code', code)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('不是有效的 YAML'),
    })
    await rm(join(folder, 'agent.yaml'))
    expect((await pair('--server', server.url, '--code', code)).status).toBe(0)
  })

  it('a wrong code, a server that is away, and one that is something else are exit code 1', async () => {
    const wrong = await pair('--server', server.url, '--code', 'ABCD-2345')
    expect(wrong).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('The code is not valid: mistyped, used, cancelled or expired'),
    })
    const away = await pair('--server', `http://127.0.0.1:${await freeTcpPort()}`, '--code', 'ABCD-2345')
    expect(away).toMatchObject({ status: 1, stderr: expect.stringContaining('the code was not used') })
    expect(away.stderr).toContain('ECONNREFUSED')
    await mkdir(join(folder, 'x'))
    const other = await pair('--server', `http://127.0.0.1:${server.mqttPort}`, '--code', 'ABCD-2345')
    expect(other.status).toBe(1)
  })

  describe.skipIf(missingOpenssl)(`over TLS ${missingOpenssl ?? ''}`, () => {
    let certificates: TestCertificates
    let front: Awaited<ReturnType<typeof startTlsFront>>
    beforeAll(async () => {
      certificates = makeCertificates()
      front = await startTlsFront(server.httpPort, certificates)
    })
    afterAll(async () => {
      await front.stop()
      certificates.dispose()
    })

    it('a certificate nobody vouches for gets no code; its fingerprint is shown and can be trusted', async () => {
      const url = `https://127.0.0.1:${front.port}`
      const code = await newCode(server, 't1')
      const untrusted = await pair('--server', url, '--code', code)
      expect(untrusted.status).toBe(1)
      expect(untrusted.stderr).toContain(`--fingerprint ${certificates.fingerprint}`)
      const other = certificates.fingerprint.replace(/^../, (first) => (first === '00' ? '11' : '00'))
      expect(await pair('--server', url, '--code', code, '--fingerprint', other)).toMatchObject({
        status: 1,
        stderr: expect.stringContaining('指纹不符'),
      })
      expect(await server.get<Pairing[]>('/api/agents/pairings')).toEqual(
        expect.arrayContaining([expect.objectContaining({ node: 't1', state: 'open' })]),
      )
      const trusted = await pair('--server', url, '--code', code, '--fingerprint', certificates.fingerprint)
      expect(trusted, trusted.stderr).toMatchObject({ status: 0 })
    })

    it('an authority can be given', async () => {
      const ended = await pair(
        '--server',
        `https://localhost:${front.port}`,
        '--code',
        await newCode(server, 't2'),
        '--ca',
        certificates.caFile,
      )
      expect(ended, ended.stderr).toMatchObject({ status: 0 })
    })
  })
})

const missingTls = missingMosquitto ?? missingOpenssl
describe.skipIf(missingTls)(`a broker with TLS and an authority of its own ${missingTls ?? ''}`, () => {
  it('is reached by the server, and by an agent that got the authority when it was paired', async () => {
    const certificates = makeCertificates()
    const tlsPort = await freeTcpPort()
    const { caFile, certFile, keyFile } = certificates
    const mosquitto = await startMosquitto({
      config: [`listener ${tlsPort} 127.0.0.1`, `cafile ${caFile}`, `certfile ${certFile}`, `keyfile ${keyFile}`],
    })
    const own = new URL(mosquitto.adminUrl)
    const server = await startServerProcess({
      env: {
        ROOMKEEPER_MQTT_URL: `mqtts://${own.username}:${own.password}@127.0.0.1:${tlsPort}`,
        ROOMKEEPER_MQTT_AGENT_URL: `mqtts://localhost:${tlsPort}`,
        ROOMKEEPER_MQTT_CA: caFile,
      },
    })
    try {
      await waitFor(`the broker is there ${server.output()}`, 30_000, async () =>
        (await fetch(`${server.url}/healthz`)).ok ? true : undefined,
      )
      const ended = await runAgentCommand(folder, ['pair', '--server', server.url, '--code', await newCode(server, 'tls')])
      expect(ended, ended.stdout + ended.stderr).toMatchObject({ status: 0 })
      expect(await readFile(join(folder, 'agent.broker-ca.pem'), 'utf8')).toBe(await readFile(caFile, 'utf8'))
      const { mqtt } = parse(await readFile(join(folder, 'agent.yaml'), 'utf8')) as { mqtt: unknown }
      expect(mqtt).toMatchObject({ url: `mqtts://localhost:${tlsPort}`, ca: 'agent.broker-ca.pem' })
      const doctor = await runAgentCommand(folder, ['doctor'])
      expect(doctor, doctor.stdout).toMatchObject({ status: 0 })
      expect(doctor.stdout).toContain('broker certificate: 有效期至')
      expect(doctor.stdout).toContain('clock against the server: 相差')
    } finally {
      await server.dispose()
      await mosquitto.dispose()
      certificates.dispose()
    }
  })
})
