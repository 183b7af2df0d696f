import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Driver } from '../drivers/driver.ts'
import { DRIVERS } from '../drivers/index.ts'
import { ConfigError, loadAgentConfig, parseAgentConfig } from './index.ts'
import { deviceShape } from './schema.ts'
import { knownKeys } from './schema-keys.ts'

const driver = (name: string, options: z.ZodType): Driver => ({
  name,
  summary: { zh: name, en: name },
  options,
  open: () => Promise.reject(new Error('never opened here')),
})
const drivers = [
  driver('nut', z.strictObject({ host: z.string().min(1), port: z.number().int().min(1).max(65535).default(3493) })),
  driver('snmp', z.object({ host: z.string(), version: z.enum(['v1', 'v2c', 'v3']) })),
]
const source = { path: '/etc/roomkeeper/agent.yaml', env: {}, drivers }

const TOP = `site: 东院
node: agent-1
mqtt:
  url: mqtt://broker:1883
dataDir: data
`

function refusal(text: string, env = {}): string {
  try {
    parseAgentConfig(text, { ...source, env })
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    return (error as Error).message
  }
  throw new Error('it was accepted')
}

describe('agent.yaml', () => {
  it('fills in defaults', () => {
    const config = parseAgentConfig(`${TOP}devices:\n  - {id: ups1, driver: nut, host: h, name: 主 UPS}\n`, source)
    expect(config).toMatchObject({
      primaryHost: 'roomkeeper',
      dataDir: '/etc/roomkeeper/data',
      log: { maxMegabytes: 1024 },
      invalidDevices: [],
    })
    expect(config.devices).toEqual([
      {
        id: 'ups1',
        driver: 'nut',
        name: { zh: '主 UPS', en: '主 UPS' },
        intervalMs: 10_000,
        timeoutMs: 5000,
        overrides: {},
        options: { host: 'h', port: 3493 },
      },
    ])
  })

  it('names key, line, column, fault and what is allowed, all problems at once', () => {
    const message = refusal(`site: a/b
nod: x
mqtt:
  url: http://x
  usernme: u
log: {maxMegabytes: 0}
dataDir: data
devices:
  - id: ups1
    driver: nutt
`)
    const lines = message.split('\n')
    expect(lines).toHaveLength(7)
    expect(message).toContain('agent.yaml:1:1 site: 格式不对 · must be 1–64 characters')
    expect(message).toMatch(/agent\.yaml:2:1 nod: .*did you mean "node"\?; allowed: dataDir, devices, log/)
    expect(message).toContain('node: 缺少 · is missing')
    expect(message).toContain('agent.yaml:4:3 mqtt.url: 格式不对 · must be a URL such as mqtt://host:1883')
    expect(message).toMatch(/agent\.yaml:5:3 mqtt\.usernme: .*did you mean "username"/)
    expect(message).toContain('agent.yaml:6:7 log.maxMegabytes: 太小 · must be at least 1, got 0')
    expect(message).toContain(
      'agent.yaml:10:5 devices[0].driver: 不允许的值 · "nutt" is not allowed; did you mean "nut"?; allowed: nut, snmp',
    )
  })

  it('says where YAML itself is broken', () => {
    expect(refusal('site: "a\nnode: [')).toMatch(/agent\.yaml:\d+:\d+ .*not valid YAML/)
    expect(refusal('- a')).toContain('must be a map')
  })

  it('skips a device that is wrong and keeps the others', () => {
    const config = parseAgentConfig(
      `${TOP}devices:
  - {id: good, driver: nut, host: h}
  - {id: port, driver: nut, host: h, port: 99999}
  - {id: typo, driver: snmp, host: h, versoin: v1}
  - {id: enum, driver: snmp, host: h, version: v4}
  - {id: good, driver: nut, host: h}
  - {id: fast, driver: nut, host: h, intervalMs: 5}
  - 17
`,
      source,
    )
    expect(config.devices.map((device) => device.id)).toEqual(['good'])
    const faults = Object.fromEntries(config.invalidDevices.map((device) => [device.id, device.message]))
    expect(faults.port).toContain('agent.yaml:8:38 devices[1].port: 太大 · must be at most 65535, got 99999')
    expect(faults.typo).toContain('did you mean "version"?')
    expect(faults.typo).toContain('devices[2].version: 缺少 · is missing; allowed: v1, v2c, v3')
    expect(faults.enum).toContain('"v4" is not allowed; did you mean "v1"?; allowed: v1, v2c, v3')
    expect(faults.good).toContain('already the id of devices[0]')
    expect(faults.fast).toContain('at least 100, got 5')
    expect(faults['devices[6]']).toContain('must be a map')
  })

  it('repeats no password, also not inside a larger value that is wrong', () => {
    const device = '  - { id: d, driver: snmp, host: h, version: 2c, user: { name: reader, authPassword: geheim-geheim } }'
    const { invalidDevices } = parseAgentConfig(`${TOP}devices:\n${device}\n`, { ...source, drivers: DRIVERS })
    expect(invalidDevices[0]?.message).toContain('has no users')
    expect(invalidDevices[0]?.message).not.toContain('geheim')
  })

  it('lets the environment replace keys, and names the variable when it is wrong', () => {
    const env = { ROOMKEEPER_AGENT_MQTT_URL: 'mqtts://other:8883', ROOMKEEPER_AGENT_MQTT_PASSWORD: 'secret', ROOMKEEPER_AGENT_SITE: '' }
    expect(parseAgentConfig(TOP, { ...source, env })).toMatchObject({
      site: '东院',
      mqtt: { url: 'mqtts://other:8883', password: 'secret' },
    })
    expect(refusal(TOP, { ROOMKEEPER_AGENT_NODE: 'a+b' })).toContain('ROOMKEEPER_AGENT_NODE: 格式不对')
  })

  it('reads the password file, and says which file it cannot read', () => {
    const folder = mkdtempSync(join(tmpdir(), 'roomkeeper-config-'))
    try {
      writeFileSync(join(folder, 'secret'), 'p w\n')
      writeFileSync(join(folder, 'agent.yaml'), TOP.replace('1883', '1883\n  passwordFile: secret'))
      const here = { ...source, path: join(folder, 'agent.yaml') }
      expect(loadAgentConfig(here).mqtt.password).toBe('p w')
      rmSync(join(folder, 'secret'))
      expect(() => loadAgentConfig(here)).toThrow(/agent\.yaml:5:3 mqtt\.passwordFile: .*ENOENT/)
      expect(() => loadAgentConfig({ ...here, path: join(folder, 'none.yaml') })).toThrow(/cannot be read/)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('keeps the names of the common keys out of every driver', () => {
    for (const { name, options } of DRIVERS) {
      expect({ name, clashes: Object.keys(deviceShape).filter((key) => knownKeys(options)?.includes(key)) }).toEqual({ name, clashes: [] })
    }
    expect(knownKeys(drivers[0]?.options)).toEqual(['host', 'port'])
  })
})

it('accepts the sample that is shipped', () => {
  const path = join(import.meta.dirname, '../../agent.sample.yaml')
  const config = loadAgentConfig({ path, env: {}, drivers: DRIVERS })
  expect(config.invalidDevices).toEqual([])
  expect(config.devices).toHaveLength(1)
})
