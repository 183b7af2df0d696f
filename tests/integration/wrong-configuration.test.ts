import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freeTcpPort } from '../kit/services/free-port.ts'

const cli = (workspace: 'agent' | 'server'): string => fileURLToPath(new URL(`../../${workspace}/src/cli.ts`, import.meta.url))
const WRONG = 2
const CANNOT_RUN = 1

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'roomkeeper-wrong-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

/** Runs the program to its end, in an empty folder; one that wrongly starts is ended after 10 s. */
function run(workspace: 'agent' | 'server', args: string[], env: Record<string, string> = {}) {
  const { status, stderr, stdout } = spawnSync(process.execPath, [cli(workspace), ...args], {
    cwd: dir,
    encoding: 'utf8',
    timeout: 10_000,
    env: { PATH: process.env.PATH, ...env },
  })
  return { status, stderr, stdout, lines: stderr.trim().split('\n') }
}

describe('a wrong agent.yaml', () => {
  it('is refused with every mistake: the line, the key, what is meant and what is allowed', async () => {
    const file = join(dir, 'agent.yaml')
    const text = [
      'site: 本院',
      'node: "with/slash"',
      'mqtt:',
      '  url: localhost',
      '  usrname: agent',
      'dataDir: data',
      'log: { maxMegabytes: 0 }',
      'devices:',
      '  - { id: ups, driver: nutt, host: 192.0.2.1 }',
      '  - { id: climate, driver: nut, intervalMs: 5 }',
    ]
    await writeFile(file, text.join('\n'))
    const { status, lines } = run('agent', ['run', '--config', file])
    expect(status).toBe(WRONG)
    for (const expected of [
      /^agent\.yaml:2:\d+ node: .*without "\+", "#", "\/"/,
      /^agent\.yaml:4:\d+ mqtt\.url: .*mqtt:\/\/host:1883.*got "localhost"/,
      /^agent\.yaml:5:\d+ mqtt\.usrname: .*did you mean "username"\?.*allowed: .*password/,
      /^agent\.yaml:7:\d+ log\.maxMegabytes: .*at least 1, got 0/,
      /^agent\.yaml:9:\d+ devices\[0\]\.driver: .*did you mean "nut"\?.*allowed: .*modbus/,
      /^agent\.yaml:10:\d+ devices\[1\]\.intervalMs: .*at least 100, got 5/,
      /^agent\.yaml:10:\d+ devices\[1\]\.host: .*is missing/,
    ])
      expect(lines.filter((line) => expected.test(line)).length, String(expected)).toBe(1)
  })

  it.each([
    ['is not there', undefined, /nowhere\.yaml.*cannot be read/],
    ['is no YAML', 'site: [本院', /broken\.yaml:\d+/],
    ['is empty', '', /site.*is missing/],
  ])('%s: one sentence, and nothing starts', async (_, text, expected) => {
    const file = join(dir, text === undefined ? 'nowhere.yaml' : 'broken.yaml')
    if (text !== undefined) await writeFile(file, text)
    const { status, stderr } = run('agent', ['run', '--config', file])
    expect(status).toBe(WRONG)
    expect(stderr).toMatch(expected)
    expect(stderr).not.toMatch(/^\s+at /m)
  })
})

describe('wrong settings of the server', () => {
  it('are all named at once, with the variable, what it is for and what is allowed', () => {
    const { status, stderr } = run('server', ['server'], {
      ROOMKEEPER_HTTP_PORT: 'eighty',
      ROOMKEEPER_MQTT_URL: 'http://broker',
      ROOMKEEPER_INFLUX_URL: 'ftp://influx',
      ROOMKEEPER_INFLUX_VERSION: '3',
      ROOMKEEPER_HOST_ID: 'a/b',
      ROOMKEEPER_DEMO: 'perhaps',
      ROOMKEEPER_LOG_LEVEL: 'loud',
    })
    expect(status).toBe(WRONG)
    for (const variable of ['HTTP_PORT', 'MQTT_URL', 'INFLUX_URL', 'INFLUX_VERSION', 'HOST_ID', 'DEMO', 'LOG_LEVEL'])
      expect(stderr, variable).toMatch(new RegExp(`ROOMKEEPER_${variable}: \\w+: .+`))
    expect(stderr).toContain('mqtt://user:password@host:1883')
  })

  it('an InfluxDB 2 without a token says so', () => {
    const { status, stderr } = run('server', ['server'], { ROOMKEEPER_INFLUX_URL: 'http://127.0.0.1:8086' })
    expect(status).toBe(WRONG)
    expect(stderr).toContain('ROOMKEEPER_INFLUX_TOKEN')
  })

  it('roomkeeper.yaml: the line, the wrong key and the allowed ones', async () => {
    await writeFile(join(dir, 'roomkeeper.yaml'), 'httpPort: 8080\nhttpPrt: 8081\nmqttPort: 70000\n')
    const { status, stderr } = run('server', ['server'])
    await rm(join(dir, 'roomkeeper.yaml'))
    expect(status).toBe(WRONG)
    expect(stderr).toMatch(/roomkeeper\.yaml:2: httpPrt: .*allowed: .*httpPort/)
    expect(stderr).toMatch(/roomkeeper\.yaml:3: mqttPort: .*65535/)
  })

  it('a port that is taken is no wrong setting, but names the setting that moves it', async () => {
    const [httpPort, mqttPort] = [await freeTcpPort(), await freeTcpPort()]
    for (const [port, setting] of [
      [httpPort, 'ROOMKEEPER_HTTP_PORT'],
      [mqttPort, 'ROOMKEEPER_MQTT_PORT'],
    ] as const) {
      const holder = createServer()
      await new Promise<void>((resolve) => holder.listen(port, '0.0.0.0', resolve))
      const { status, stderr } = run('server', ['server'], {
        ROOMKEEPER_DATA_DIR: join(dir, setting),
        ROOMKEEPER_HTTP_PORT: String(httpPort),
        ROOMKEEPER_MQTT_PORT: String(mqttPort),
      })
      await new Promise((resolve) => holder.close(resolve))
      expect(status).toBe(CANNOT_RUN)
      expect(stderr).toContain(`${port}`)
      expect(stderr).toContain(setting)
    }
  })
})
