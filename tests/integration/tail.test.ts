import { spawn } from 'node:child_process'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AgentProcess, issueCredential, startAgentProcess } from '../kit/services/agent-process.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { MOSQUITTO_PROGRAMS, type Mosquitto, startMosquitto } from '../kit/services/mosquitto.ts'
import { missingProgram } from '../kit/services/require-program.ts'
import { type ServerProcess, startServerProcess } from '../kit/services/server-process.ts'

const SERVER_CLI = fileURLToPath(new URL('../../server/src/cli.ts', import.meta.url))
const missingMosquitto = missingProgram(MOSQUITTO_PROGRAMS, 'mosquitto')
const BROKERS: [string, string | undefined][] = [
  ['the embedded broker', undefined],
  [`Mosquitto${missingMosquitto ? ` ${missingMosquitto}` : ''}`, missingMosquitto],
]

/** Runs `roomkeeper tail` until `enough` of its output, then interrupts it as Ctrl-C does. */
async function tail(
  dataDir: string,
  args: readonly string[],
  enough: (output: string) => boolean,
): Promise<{ status: number | null; output: string; errors: string }> {
  const child = spawn(process.execPath, [SERVER_CLI, 'tail', ...args], { env: { ...process.env, ROOMKEEPER_DATA_DIR: dataDir } })
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    errors += chunk
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  try {
    await waitFor(
      () => `tail shows enough; it showed ${output} ${errors}`,
      20_000,
      async () => (enough(output) || child.exitCode !== null ? true : undefined),
    )
  } finally {
    child.kill('SIGINT')
  }
  return { status: await ended, output, errors }
}

describe.each(BROKERS)('roomkeeper tail, with %s', (name, missing) => {
  let mosquitto: Mosquitto | undefined
  let server: ServerProcess
  let agent: AgentProcess
  beforeAll(async () => {
    if (missing) return
    if (name.startsWith('Mosquitto')) mosquitto = await startMosquitto()
    server = await startServerProcess({ env: mosquitto ? { ROOMKEEPER_MQTT_URL: mosquitto.adminUrl } : {} })
    await waitFor('the broker is there', 30_000, async () => ((await fetch(`${server.url}/healthz`)).ok ? true : undefined))
    agent = await startAgentProcess({
      site: '总院',
      node: 'n1',
      mqttUrl: mosquitto?.url ?? `mqtt://127.0.0.1:${server.mqttPort}`,
      credential: await issueCredential(server, '总院', 'n1'),
      devices: [{ id: 'env', driver: 'simulator', role: 'environment', intervalMs: 300 }],
    })
    await waitFor('a reading is there', 40_000, async () =>
      (await server.get<{ leading: unknown[] }[]>('/api/rooms')).length > 0 ? true : undefined,
    )
  })
  afterAll(async () => {
    await agent?.dispose()
    await server?.dispose()
    await mosquitto?.dispose()
  })

  it.skipIf(missing)(
    'shows values with names and units, of births it has not seen, and commands',
    async () => {
      const { status, output } = await tail(
        server.dataDir,
        [],
        (text) => text.includes('Committed Offset') && text.includes('room-temperature'),
      )
      expect(status).toBe(0)
      const line = output.split('\n').find((each) => each.includes('room-temperature'))
      expect(line).toMatch(/^\d\d:\d\d:\d\d\.\d{3} {2}总院\/n1\/env +DDATA +room-temperature +\s*= -?[\d.]+ ℃$/)
      expect(output).toMatch(/总院\/n1 +NCMD +Node Control\/Committed Offset = \d+/)
      // No terminal, no colours.
      expect(output).not.toContain('\u001b')
      expect(output).not.toMatch(/alias \d/)
    },
    120_000,
  )

  it.skipIf(missing)(
    'filters, asks for births, and prints JSON',
    async () => {
      const { output } = await tail(
        server.dataDir,
        ['--rebirth', '--site', '总院', '--node', 'n1', '--json'],
        (text) => text.includes('"NBIRTH"') && text.includes('"DBIRTH"'),
      )
      const items = output
        .trim()
        .split('\n')
        .map((each) => JSON.parse(each) as Record<string, unknown>)
      expect(items.find(({ type }) => type === 'DBIRTH')).toMatchObject({
        site: '总院',
        node: 'n1',
        device: 'env',
        summary: expect.stringContaining('points'),
      })
      const point = await tail(
        server.dataDir,
        ['--device', 'env', '--point', 'room-humidity', '--json'],
        (text) => text.split('\n').length > 3,
      )
      const values = point.output
        .trim()
        .split('\n')
        .map((each) => JSON.parse(each) as Record<string, unknown>)
      expect(new Set(values.map((item) => item.point))).toEqual(new Set(['room-humidity']))
      expect(values[0]).toMatchObject({ type: 'DDATA', value: expect.any(Number), unit: '%', quality: 'good' })
    },
    120_000,
  )

  it.skipIf(missing)(
    'ends when its reader is gone, and leaves the server well',
    async () => {
      const child = spawn('sh', ['-c', `"${process.execPath}" "${SERVER_CLI}" tail | head -n 1`], {
        env: { ...process.env, ROOMKEEPER_DATA_DIR: server.dataDir },
      })
      let output = ''
      let errors = ''
      child.stdout.on('data', (chunk) => {
        output += chunk
      })
      child.stderr.on('data', (chunk) => {
        errors += chunk
      })
      await new Promise((resolve) => child.once('close', resolve))
      expect(output.split('\n')).toHaveLength(2)
      expect(errors).toBe('')
      expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
    },
    120_000,
  )

  it.skipIf(missing)('is for those who may read the data folder', async () => {
    expect((await stat(join(server.dataDir, 'tail.sock'))).mode & 0o777).toBe(0o600)
  })
})

it('says so when no server runs here', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'roomkeeper-tail-'))
  const { status, output, errors } = await tail(dir, [], () => false)
  expect({ status, output }).toEqual({ status: 1, output: '' })
  expect(errors).toContain('The server does not run here')
  expect(errors).not.toContain('    at ')
  await rm(dir, { recursive: true })
})
