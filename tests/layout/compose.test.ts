import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { ENVIRONMENT as AGENT_VARIABLES } from '../../agent/src/config/index.ts'
import { missingProgram } from '../kit/services/require-program.ts'
import { isThere, repositoryFiles, textOf } from './repository.ts'

interface Service {
  image?: string
  build?: { context: string; dockerfile: string }
  restart?: string
  command?: string[]
  environment?: Record<string, string>
  volumes?: string[]
  networks?: string[]
  ports?: string[]
  healthcheck?: { test: string[] }
  depends_on?: Record<string, { condition: string }>
}
interface Compose {
  services: Record<string, Service>
  networks: Record<string, { internal?: boolean }>
  volumes: Record<string, unknown>
}

const compose = parse(textOf('docker-compose.yml')) as Compose
const services = Object.entries(compose.services)
const dockerfiles = services.flatMap(([, { build }]) => (build ? [build.dockerfile] : []))
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const ANALYZE_PATH = '/usr/bin/systemd-analyze'
const missingAnalyze = missingProgram([ANALYZE_PATH], 'systemd')
const SECRET = /PASSWORD|TOKEN|SECRET|_KEY/

describe('docker-compose.yml', () => {
  it('has the four services', () => {
    expect(services.map(([name]) => name).sort()).toEqual(['agent', 'influxdb', 'mosquitto', 'server'])
  })

  it.each(services)('%s: its version is pinned, it restarts, it is checked, and gains no privileges', (_name, service) => {
    expect(service.image).toMatch(/:\d+\.\d+\.\d+$/)
    expect(service.restart).toBe('unless-stopped')
    expect(service.healthcheck?.test[0]).toMatch(/^CMD/)
    expect(service).toMatchObject({ security_opt: ['no-new-privileges:true'] })
  })

  it.each(services)('%s: no secret is written here, each comes from the environment and is required', (_name, { environment = {} }) => {
    for (const [variable, value] of Object.entries(environment)) {
      if (SECRET.test(variable)) expect(value, variable).toMatch(/^\$\{ROOMKEEPER_\w+:\?[^}]+\}$/)
      const credential = /:\/\/[^/@:]*:(\$\{[^}]*\}|[^@]*)@/.exec(value)?.[1]
      if (credential !== undefined) expect(credential, variable).toMatch(/^\$\{ROOMKEEPER_\w+:\?[^}]+\}$/)
    }
  })

  it('has defaults for names only', () => {
    const optional = [...textOf('docker-compose.yml').matchAll(/\$\{(\w+):-/g)].map(([, name]) => name)
    expect(new Set(optional)).toEqual(new Set(['ROOMKEEPER_AGENT_SITE', 'ROOMKEEPER_AGENT_NODE']))
  })

  it('makes, with the command at its top, every secret it requires', () => {
    const text = textOf('docker-compose.yml')
    const made = [...(/for name in ([A-Z_ ]+);/.exec(text)?.[1] ?? '').split(' ')].map((name) => `ROOMKEEPER_${name}`)
    const required = new Set([...text.matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name))
    expect(made.sort()).toEqual([...required].sort())
  })

  it('uses only variables that their programs know', () => {
    const server = repositoryFiles()
      .filter((path) => /^server\/src\/config\/.*\.ts$/.test(path) && !path.endsWith('.test.ts'))
      .map(textOf)
      .concat(textOf('deploy/server-start.sh'))
      .join('\n')
    const known: Record<string, (variable: string) => boolean> = {
      server: (variable) => new RegExp(`\\b${variable}\\b`).test(server),
      agent: (variable) => Object.hasOwn(AGENT_VARIABLES, variable),
      mosquitto: (variable) => textOf('deploy/mosquitto-start.sh').includes(variable),
    }
    const unknown = services.flatMap(([name, { environment = {} }]) =>
      Object.keys(environment).filter((variable) => variable.startsWith('ROOMKEEPER_') && !known[name]?.(variable)),
    )
    expect(unknown).toEqual([])
  })

  it('keeps broker and database on the internal network, and publishes only the server', () => {
    expect(compose.networks.inside?.internal).toBe(true)
    for (const name of ['mosquitto', 'influxdb']) expect(compose.services[name]?.networks).toEqual(['inside'])
    expect(services.filter(([, { ports }]) => ports !== undefined).map(([name]) => name)).toEqual(['server'])
  })

  it('mounts only files that are here and volumes that are declared', () => {
    for (const [name, { volumes = [] }] of services) {
      for (const volume of volumes) {
        const source = volume.split(':')[0] ?? ''
        if (source.startsWith('./')) expect(isThere(source.slice(2)), `${name}: ${source}`).toBe(true)
        else expect(Object.keys(compose.volumes), `${name}: ${source}`).toContain(source)
      }
    }
  })
})

describe.each(dockerfiles)('%s', (path) => {
  const lines = textOf(path).split('\n')
  const instructions = (name: string) => lines.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1))

  it('pins its base images, installs from the lock file, and runs as nobody special under a health check', () => {
    for (const from of instructions('FROM')) expect(from).toMatch(/^node:24\.\d+\.\d+-\w+-slim\b/)
    expect(instructions('RUN').filter((run) => run.includes('npm') && /\b(install|i)\b/.test(run))).toEqual([])
    expect(instructions('RUN').some((run) => run.startsWith('npm ci'))).toBe(true)
    expect(instructions('USER').at(-1)).toBe('node')
    expect(instructions('HEALTHCHECK')).toHaveLength(1)
  })

  it('copies and runs only what is here', () => {
    const sources = instructions('COPY')
      .filter((copy) => !copy.startsWith('--from'))
      .flatMap((copy) => copy.split(' ').slice(0, -1))
    const programs = [...instructions('CMD'), ...instructions('HEALTHCHECK')].flatMap((text) => text.match(/[\w/-]+\.(?:ts|sh)/g) ?? [])
    expect(programs.length).toBeGreaterThan(1)
    for (const source of [...sources, ...programs]) expect(isThere(source), source).toBe(true)
  })
})

describe('mosquitto.conf', () => {
  const text = textOf('deploy/mosquitto.conf')

  it('lets nobody in without a credential, and leaves access to the dynamic-security plugin', () => {
    expect(text).toMatch(/^allow_anonymous false$/m)
    expect(text).toMatch(/^per_listener_settings false$/m)
    expect(text).toMatch(/^plugin \S*mosquitto_dynamic_security\.so$/m)
    expect(text).not.toMatch(/^(password_file|acl_file)/m)
  })

  it('keeps its list of clients where mosquitto-start.sh makes it', () => {
    const file = /^plugin_opt_config_file (\S+)$/m.exec(text)?.[1]
    expect(textOf('deploy/mosquitto-start.sh')).toContain(`clients=${file}\n`)
  })
})

const units = repositoryFiles().filter((path) => /^deploy\/systemd\/.*\.service$/.test(path))

describe.each(units)('%s', (path) => {
  const text = textOf(path)

  it('runs a program that is here, as its own user, for ever', () => {
    const program = /^ExecStart=\S+\/node (?:--\S+ )*(\S+)/m.exec(text)?.[1] ?? ''
    expect(isThere(program), program).toBe(true)
    expect(text).toMatch(/^User=roomkeeper/m)
    expect(text).toMatch(/^Restart=always$/m)
    expect(text).toMatch(/^StartLimitIntervalSec=0$/m)
  })

  it.each([
    'NoNewPrivileges=yes',
    'CapabilityBoundingSet=',
    'ProtectSystem=strict',
    'ProtectHome=yes',
    'PrivateTmp=yes',
    'RestrictNamespaces=yes',
    'SystemCallFilter=@system-service',
    'UMask=0077',
  ])('is hardened: %s', (line) => {
    expect(text.split('\n')).toContain(line)
  })

  it('is watched: it says READY and gives signs of life, as tests/integration/watchdog.test.ts shows', () => {
    const lines = text.split('\n')
    for (const line of ['Type=notify', 'NotifyAccess=all', 'WatchdogSec=60']) expect(lines).toContain(line)
  })

  it.skipIf(missingAnalyze)(`is as exposed as both READMEs say ${missingAnalyze ?? ''}`, () => {
    const output = execFileSync(ANALYZE_PATH, ['security', '--offline=yes', '--no-pager', path], { cwd: ROOT, encoding: 'utf8' })
    const figure = /Overall exposure level for \S+: ([\d.]+)/.exec(output)?.[1]
    const unit = path.split('/').at(-1)
    for (const readme of ['README.md', 'README.zh-CN.md']) expect(textOf(readme), readme).toContain(`\`${unit}\` ${figure}`)
  })
})

it('has a unit for the server, one for the agent and one for the watchdog', () => {
  expect(units).toEqual(['agent', 'server', 'watchdog'].map((name) => `deploy/systemd/roomkeeper-${name}.service`))
})
