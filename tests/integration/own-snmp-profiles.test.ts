import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { snmpDriver } from '../../agent/src/drivers/snmp/index.ts'
import { missingProgram } from '../kit/services/require-program.ts'
import { SNMPSIM_PATH, type Snmpsim, startSnmpsim } from '../kit/services/snmpsim.ts'

const missing = missingProgram([SNMPSIM_PATH], 'snmpsim')
const AGENT_CLI = fileURLToPath(new URL('../../agent/src/cli.ts', import.meta.url))

/** A maker nobody has heard of, and a net monitor of AKCP. */
const DEVICES = {
  own: `
    1.3.6.1.2.1.1.1.0|4|Thermobox
    1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.99999.7
    1.3.6.1.4.1.99999.7.1.1.1|4|East aisle
    1.3.6.1.4.1.99999.7.1.2.1|2|236`,
  akcp: `
    1.3.6.1.2.1.1.1.0|4|SensorProbe
    1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.3854.1
    1.3.6.1.4.1.3854.1.1.2.0|2|2`,
}
const THERMOBOX = `
name: thermobox
protocol: snmp
title: { zh: 测温盒, en: Thermobox }
source: data sheet of the maker
detect: { sysObjectIds: [1.3.6.1.4.1.99999.7] }
vendor: Ours
tables:
  - key: temperature.{row}
    column: 1.3.6.1.4.1.99999.7.1.2
    nameColumn: 1.3.6.1.4.1.99999.7.1.1
    kind: temperature
    scale: 0.1
    name: { zh: "{row} 温度", en: "{row} temperature" }
`
/** Stands in place of the standard profile of that name. */
const AKCP = `
name: akcp
protocol: snmp
title: { zh: 我们的 AKCP, en: Our AKCP }
source: SPAGENT-MIB
detect: { sysObjectIds: [1.3.6.1.4.1.3854] }
points:
  - { key: our-status, oid: 1.3.6.1.4.1.3854.1.1.2.0, kind: number, name: { zh: 状态码, en: Status code } }
`
const WRONG = THERMOBOX.replace('name: thermobox', 'name: wrong').replace('scale: 0.1', 'scael: 0.1')

describe.skipIf(missing !== undefined)(`own SNMP profiles in a folder${missing === undefined ? '' : ` (${missing})`}`, () => {
  let snmpsim: Snmpsim
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'roomkeeper-own-profiles-'))
    for (const [name, text] of Object.entries({ thermobox: THERMOBOX, akcp: AKCP, wrong: WRONG }))
      await writeFile(join(folder, `${name}.yaml`), text)
    snmpsim = await startSnmpsim({ devices: DEVICES })
  })
  afterAll(async () => {
    await snmpsim?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  async function described(community: keyof typeof DEVICES, profile = 'auto') {
    const warnings: string[] = []
    const log = pino({ level: 'warn' }, { write: (line: string) => void warnings.push(line) })
    const connection = await snmpDriver.open(snmpDriver.options.parse({ host: '127.0.0.1', port: snmpsim.port, community, profile }), {
      log,
      clock: { nowMs: () => Date.now() },
      timeoutMs: 2000,
      profilesDir: folder,
      wake() {},
    })
    try {
      const { maker, points } = await connection.describe()
      return { maker, points, readings: await connection.read(AbortSignal.timeout(5000)), warnings }
    } finally {
      await connection.close()
    }
  }

  it('are used, a wrong file is told with file and key, and stops nothing else', async () => {
    const { maker, points, readings, warnings } = await described('own')
    expect(maker).toBe('Ours')
    expect(points).toMatchObject([{ key: 'temperature.1', kind: 'temperature', unit: 'Cel', name: { zh: 'East aisle 温度' } }])
    expect(readings).toEqual([{ key: 'temperature.1', value: 23.6 }])
    expect(warnings).toHaveLength(1)
    expect(JSON.parse(warnings[0] ?? '')).toMatchObject({ profile: 'wrong', mistake: expect.stringMatching(/wrong\.yaml[\s\S]*scael/) })
  })

  it('stand in place of the standard one of the same name', async () => {
    expect((await described('akcp')).points.map(({ key }) => key)).toEqual(['our-status'])
  })

  it('say what is wrong when the wrong one is asked for by name', async () => {
    await expect(described('own', 'wrong')).rejects.toMatchObject({
      kind: 'configuration',
      message: expect.stringMatching(/wrong\.yaml[\s\S]*scael/),
    })
  })

  it('are found by the command line with --profiles, and without it no profile fits', async () => {
    const url = `snmp://own@127.0.0.1:${snmpsim.port}`
    const { status, stdout } = await agent(['read', url, '--json', '--profiles', folder])
    expect(status).toBe(0)
    expect(JSON.stringify(JSON.parse(stdout))).toContain('"temperature.1"')
    const without = await agent(['read', url])
    expect(without.status).not.toBe(0)
    expect(without.stderr).toMatch(/no profile fits/)
  })
})

function agent(args: readonly string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [AGENT_CLI, ...args], { timeout: 25_000, env: { PATH: process.env.PATH } })
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString()
    })
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString()
    })
    child.once('error', reject)
    child.once('close', (status) => resolve({ status, stdout, stderr }))
  })
}
