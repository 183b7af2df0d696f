import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { loadAgentConfig } from '../../agent/src/config/index.ts'
import { DRIVERS } from '../../agent/src/drivers/index.ts'
import { startAgentProcess } from '../kit/services/agent-process.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { freeTcpPort } from '../kit/services/free-port.ts'
import { type ModbusPeer, startModbusPeer } from '../kit/services/modbus-peer.ts'
import { MOSQUITTO_PROGRAMS, type Mosquitto, startMosquitto } from '../kit/services/mosquitto.ts'
import { missingProgram } from '../kit/services/require-program.ts'
import { SNMPSIM_PATH, type Snmpsim, startSnmpsim } from '../kit/services/snmpsim.ts'
import { startUpsd, UPSD_PROGRAMS, type Upsd } from '../kit/services/upsd.ts'

const AGENT_CLI = fileURLToPath(new URL('../../agent/src/cli.ts', import.meta.url))
const missingUpsd = missingProgram(UPSD_PROGRAMS, 'nut-server')
const missingSnmpsim = missingProgram([SNMPSIM_PATH], 'snmpsim')
const missingMosquitto = missingProgram(MOSQUITTO_PROGRAMS, 'mosquitto')

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'roomkeeper-commands-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

interface Ended {
  status: number | null
  stdout: string
  stderr: string
  all: string
}

/** Runs the agent's command line to its end; the devices of this process go on answering meanwhile. */
function agent(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [AGENT_CLI, ...args], { cwd: dir, timeout: 40_000, env: { PATH: process.env.PATH, ...env } })
    const texts = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].setEncoding('utf8').on('data', (chunk: string) => {
        texts[stream] += chunk
      })
    child.once('error', reject)
    child.once('close', (status) => resolve({ status, ...texts, all: texts.stdout + texts.stderr }))
  })
}

const TOP = { site: '东院', node: 'agent-1', mqtt: { url: 'mqtt://127.0.0.1:1' }, dataDir: 'data', log: { maxMegabytes: 1 } }

async function writeConfig(name: string, top: Record<string, unknown>, devices: readonly Record<string, unknown>[]): Promise<string> {
  const file = join(dir, name)
  await writeFile(file, stringify({ ...TOP, ...top, devices }))
  return file
}

/** Puts what `discover` printed under `devices:` and loads it as the agent does. */
async function loadPrinted(block: string) {
  const file = join(dir, 'printed.yaml')
  await writeFile(file, `${stringify(TOP)}devices:\n${block}`)
  return loadAgentConfig({ path: file, env: {}, drivers: DRIVERS })
}

const row = (stdout: string, key: string): string | undefined => stdout.split('\n').find((line) => line.startsWith(`${key} `))

describe.skipIf(missingUpsd !== undefined)(`nut:// at a real upsd${missingUpsd ? ` (${missingUpsd})` : ''}`, () => {
  const UPS =
    'ups.mfr: Contoso\nups.model: Line 1500\nups.status: OL CHRG\nbattery.charge: 96\ninput.voltage: 229.8\nups.temperature: 31.5\n'
  let upsd: Upsd
  beforeAll(async () => {
    upsd = await startUpsd({ upses: { main: { dev: UPS }, odd: { dev: 'ups.status: OL OB\ninput.voltage: -159357104.0\n' } } })
  })
  afterAll(() => upsd?.stop())
  const url = (ups = ''): string => `nut://127.0.0.1:${upsd.port}${ups}`

  it('read prints the points with units and what cannot be true with its reason', async () => {
    const main = await agent(['read', url('/main')])
    expect(main).toMatchObject({ status: 0, stderr: '' })
    expect(main.stdout).toContain('Contoso Line 1500')
    expect(row(main.stdout, 'input.voltage')).toMatch(/电压 voltage +229\.8 V +良好 good$/)
    expect(row(main.stdout, 'battery.charge')).toMatch(/battery-charge +96 % +良好 good$/)
    expect(row(main.stdout, 'ups.status')).toMatch(/OL CHRG \(市电 充电\)/)
    const odd = await agent(['read', url('/odd')])
    expect(row(odd.stdout, 'ups.status')).toMatch(/bad: contradiction/)
    expect(row(odd.stdout, 'input.voltage')).toMatch(/-159357104 V +不可信 bad: out-of-range/)
  })

  it('read --json gives the same as data', async () => {
    const { status, stdout } = await agent(['read', url('/main'), '--json'])
    expect(status).toBe(0)
    const printed = JSON.parse(stdout) as { points: { key: string }[] }
    expect(printed).toMatchObject({ driver: 'nut', maker: 'Contoso', model: 'Line 1500' })
    expect(printed.points.find(({ key }) => key === 'input.voltage')).toMatchObject({
      kind: 'voltage',
      unit: 'V',
      value: 229.8,
      quality: 'good',
    })
  })

  it('read says which UPSes there are', async () => {
    const several = await agent(['read', url()])
    expect(several).toMatchObject({ status: 1, stdout: '' })
    expect(several.stderr).toMatch(/^configuration: .*main.*odd/)
    expect((await agent(['read', url('/none')])).stderr).toContain('has no UPS "none"')
  })

  it('discover lists every UPS, and its output is a block that loads', async () => {
    const { status, stdout } = await agent(['discover', url()])
    expect(status).toBe(0)
    expect(stdout).toMatch(/2 台 UPS · UPSes: (main, odd|odd, main)/)
    expect(stdout).toMatch(/# +battery\.charge .*96 %/)
    const config = await loadPrinted(stdout)
    expect(config.invalidDevices).toEqual([])
    expect(config.devices).toHaveLength(2)
    expect(config.devices.find(({ id }) => id === 'main')).toMatchObject({
      driver: 'nut',
      name: { zh: 'Contoso Line 1500' },
      options: { host: '127.0.0.1', port: upsd.port, ups: 'main' },
    })
  })

  it('discover tells of a UPS that is known but silent, and prints the others', async () => {
    await upsd.stopDriver('odd')
    const { stdout } = await waitFor('upsd misses the driver', 30_000, async () => {
      const ended = await agent(['discover', url()])
      return ended.stdout.includes('# odd: unreachable:') ? ended : undefined
    })
    expect((await loadPrinted(stdout)).devices.map(({ id }) => id)).toEqual(['main'])
  })
})

describe.skipIf(missingSnmpsim !== undefined)(`snmp:// at real agents by snmpsim${missingSnmpsim ? ` (${missingSnmpsim})` : ''}`, () => {
  const USER = {
    name: 'reader',
    authPassword: 'auth-secret',
    authProtocol: 'SHA',
    privPassword: 'priv-secret',
    privProtocol: 'AES',
  } as const
  const SYSTEM = '1.3.6.1.2.1.1.1.0|4|Contoso card\n1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.99999.1\n'
  const UPS = '1.3.6.1.2.1.33.1'
  const ups = `${SYSTEM}${UPS}.1.1.0|4|Contoso\n${UPS}.1.2.0|4|Line 3000\n${UPS}.2.1.0|2|2\n${UPS}.2.4.0|2|87\n${UPS}.4.1.0|2|3\n${UPS}.6.1.0|66|0\n`
  let sim: Snmpsim
  beforeAll(async () => {
    sim = await startSnmpsim({ devices: { 'geheim-ups': ups, plain: SYSTEM }, user: USER })
  })
  afterAll(() => sim?.stop())
  const url = (before: string, query = ''): string => `snmp://${before}@127.0.0.1:${sim.port}${query}`

  it('reads with a community from the URL or the environment, and with version 3 credentials from the environment', async () => {
    const community = await agent(['read', url('geheim-ups'), '--json'])
    const points = ({ stdout }: Ended) => (JSON.parse(stdout) as { points: { kind: string; value: unknown }[] }).points
    expect(points(community)).toContainEqual(expect.objectContaining({ kind: 'battery-charge', unit: '%', value: 87, quality: 'good' }))
    const hidden = await agent(['read', `snmp://127.0.0.1:${sim.port}?version=1`, '--json'], { ROOMKEEPER_SNMP_COMMUNITY: 'geheim-ups' })
    expect(points(hidden)).toContainEqual(expect.objectContaining({ kind: 'battery-charge', value: 87 }))
    const v3 = await agent(['read', url('reader', '?version=3&context=geheim-ups'), '--json'], {
      ROOMKEEPER_SNMP_AUTH_PASSWORD: USER.authPassword,
      ROOMKEEPER_SNMP_PRIV_PASSWORD: USER.privPassword,
    })
    expect(points(v3)).toContainEqual(expect.objectContaining({ kind: 'battery-charge', value: 87 }))
  })

  it('discover names profile, sysObjectID and sysDescr; the block loads and holds no secret', async () => {
    const v2c = await agent(['discover', url('geheim-ups')])
    const v3 = await agent(['discover', url('reader', '?version=3&context=geheim-ups&authPassword=auth-secret&privPassword=priv-secret')])
    for (const { status, stdout, all } of [v2c, v3]) {
      expect(status).toBe(0)
      expect(stdout).toContain('sysObjectID: 1.3.6.1.4.1.99999.1')
      expect(stdout).toContain('sysDescr: Contoso card')
      expect(stdout).toContain('profile: ups-mib')
      expect(stdout).toMatch(/# .*battery-charge +87 % +良好 good/)
      expect(all).not.toMatch(/auth-secret|priv-secret/)
      expect(stdout).toContain('CHANGE-ME')
      const config = await loadPrinted(stdout)
      expect(config.invalidDevices).toEqual([])
      expect(config.devices).toMatchObject([{ id: 'snmp-127.0.0.1', driver: 'snmp', options: { host: '127.0.0.1', port: sim.port } }])
    }
    expect(v2c.all).not.toContain('geheim')
  })

  it('a device no profile fits is still described; a wrong community is no answer', async () => {
    const plain = await agent(['discover', url('plain')])
    expect(plain.status).toBe(1)
    expect(plain.stdout).toContain('sysObjectID: 1.3.6.1.4.1.99999.1')
    expect(plain.stderr).toMatch(/no profile fits.*ups-mib/)
    const wrong = await agent(['read', url('geheim-falsch'), '--timeout-ms', '300'])
    expect(wrong).toMatchObject({ status: 1, stdout: '' })
    expect(wrong.stderr).toMatch(/^unreachable: .*wrong community/)
    expect(wrong.stderr).not.toContain('geheim')
  })
})

describe('modbus://', () => {
  let peer: ModbusPeer
  const asked: number[] = []
  beforeAll(async () => {
    peer = await startModbusPeer((unitId, address) => {
      asked.push(address)
      return unitId === 3 ? ([235, 461][address] ?? 0) : 0
    })
  })
  afterAll(() => peer?.stop())

  it('asks for a register map where no profile recognises the device, after a look at few registers', async () => {
    const url = `modbus://127.0.0.1:${peer.port}/3`
    // Both wait for profiles that nobody answers.
    const [read, discover] = await Promise.all([agent(['read', url]), agent(['discover', url])])
    expect([read.status, discover.status]).toEqual([2, 1])
    for (const { stderr } of [read, discover]) expect(stderr).toContain('--map')
    expect(discover.stdout).toContain('unit 3 answers')
    expect(asked.length).toBeLessThan(150)
  })

  it('reads by the map, and prints a block with it', async () => {
    const map = join(dir, 'map.yaml')
    await writeFile(
      map,
      '- { key: temperature, kind: temperature, register: 0, scale: 0.1 }\n- { key: humidity, kind: humidity, register: 1, scale: 0.1 }\n',
    )
    const url = `modbus://127.0.0.1:${peer.port}/3`
    const { status, stdout } = await agent(['read', url, '--map', map])
    expect(status).toBe(0)
    expect(row(stdout, 'temperature')).toMatch(/23\.5 ℃ +良好 good/)
    expect(row(stdout, 'humidity')).toMatch(/46\.1 %/)
    expect(row(stdout, 'dew-point')).toMatch(/11\.\d+ ℃/)
    const config = await loadPrinted((await agent(['discover', url, '--map', map])).stdout)
    expect(config).toMatchObject({
      invalidDevices: [],
      devices: [{ driver: 'modbus', options: { unitId: 3, points: [{ scale: 0.1 }, {}] } }],
    })
  })
})

describe('doctor', () => {
  const SIMULATED = { id: 'room', driver: 'simulator', role: 'environment' }
  const lines = ({ stdout }: Ended): string[] => stdout.trim().split('\n')

  it('a wrong configuration: exit code 2, with line, key and what is allowed', async () => {
    const broken = await agent(['doctor', '--config', join(dir, 'nowhere.yaml')])
    expect(broken.status).toBe(2)
    expect(lines(broken)).toEqual([expect.stringMatching(/^问题 problem {2}配置 · configuration: .*cannot be read.* → /)])
    const file = await writeConfig('typo.yaml', {}, [SIMULATED, { id: 'ups', driver: 'nutt' }])
    const typo = await agent(['doctor', '--config', file])
    expect(typo.status).toBe(2)
    expect(typo.stdout).toMatch(/problem {2}配置 · configuration: typo\.yaml:\d+:\d+ devices\[1\]\.driver: .*did you mean "nut"/)
    // The device that is right is checked all the same.
    expect(typo.stdout).toMatch(/ok +设备 · device room/)
  })

  it('one line for each check; a device and a broker that are not there are problems', async () => {
    const port = await freeTcpPort()
    const file = await writeConfig('problems.yaml', { mqtt: { url: `mqtt://x:geheim@127.0.0.1:${port}` } }, [
      SIMULATED,
      { id: 'ups', driver: 'nut', host: '127.0.0.1', port },
    ])
    const ended = await agent(['doctor', '--config', file])
    expect(ended.status).toBe(1)
    expect(lines(ended).map((line) => line.replace(/:.*/, ''))).toEqual([
      '正常 ok       配置 · configuration',
      '正常 ok       数据目录 · data folder',
      '正常 ok       磁盘空间 · disk space',
      '正常 ok       时钟 · clock',
      '正常 ok       设备 · device room (simulator)',
      '问题 problem  设备 · device ups (nut)',
      '问题 problem  MQTT 服务器 · broker',
    ])
    expect(ended.all).not.toContain('geheim')
    expect(await readdir(dir)).not.toContain('data')
  })

  describe.skipIf(missingMosquitto !== undefined)(`with a real broker${missingMosquitto ? ` (${missingMosquitto})` : ''}`, () => {
    let broker: Mosquitto
    let admin: { username: string; password: string }
    beforeAll(async () => {
      broker = await startMosquitto()
      const { username, password } = new URL(broker.adminUrl)
      admin = { username, password }
    })
    afterAll(() => broker?.dispose())

    it('all is well: exit code 0; a refused credential: exit code 1, and where to get another', async () => {
      const good = await agent(['doctor', '--config', await writeConfig('good.yaml', { mqtt: { url: broker.url, ...admin } }, [SIMULATED])])
      expect(good.stdout).toContain('the credential is accepted')
      expect(good.stdout).not.toContain('problem')
      expect(good.status).toBe(0)
      const mqtt = { url: broker.url, username: 'agent-1', password: 'geheim' }
      const refused = await agent(['doctor', '--config', await writeConfig('refused.yaml', { mqtt }, [SIMULATED])])
      expect(refused.status).toBe(1)
      expect(lines(refused).filter((line) => line.startsWith('问题'))).toEqual([
        expect.stringMatching(/broker: .*press Pair again on the page Agents/),
      ])
      expect(refused.all).not.toContain('geheim')
    })

    it('does not cut off the agent that runs', async () => {
      const running = await startAgentProcess({
        site: '东院',
        node: 'agent-1',
        mqttUrl: broker.url,
        credential: admin,
        devices: [SIMULATED],
      })
      try {
        const ended = await agent(['doctor', '--config', join(running.folder, 'agent.yaml')])
        expect(ended.stdout).toMatch(/broker: .*the credential was not tried since the agent runs/)
        expect(running.output()).not.toMatch(/connection was closed|disconnect/i)
        expect(broker.output()).not.toMatch(/already connected/)
      } finally {
        await running.dispose()
      }
    })
  })
})
