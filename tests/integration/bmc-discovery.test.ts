import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { loadAgentConfig } from '../../agent/src/config/index.ts'
import { DRIVERS } from '../../agent/src/drivers/index.ts'
import { type EndedCommand, runAgentCommand } from '../kit/services/agent-command.ts'
import { IPMI_PROGRAMS, IPMI_USER, type IpmiSim, SENSOR, SENSOR_UNIT, startIpmiSim } from '../kit/services/ipmi-sim.ts'
import { REDFISH_USER, type RedfishMock, startRedfishMock } from '../kit/services/redfish-mock.ts'
import { legacyServer } from '../kit/services/redfish-trees.ts'
import { missingProgram } from '../kit/services/require-program.ts'
import { OPENSSL_PATH } from '../kit/services/tls-front.ts'

const missingSim = missingProgram(IPMI_PROGRAMS, 'openipmi, ipmitool')
const missingOpenssl = missingProgram([OPENSSL_PATH], 'openssl')
const TOP = { site: '东院', node: 'agent-1', mqtt: { url: 'mqtt://127.0.0.1:1' }, dataDir: 'data' }

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'roomkeeper-bmc-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

/** Puts what `discover` printed under `devices:` and loads it as the agent does. */
async function loadPrinted({ stdout }: EndedCommand) {
  const file = join(dir, 'printed.yaml')
  await writeFile(file, `${stringify(TOP)}devices:\n${stdout}`)
  return loadAgentConfig({ path: file, env: {}, drivers: DRIVERS })
}

describe.skipIf(missingSim !== undefined)(`ipmi:// at OpenIPMI's simulator${missingSim === undefined ? '' : ` (${missingSim})`}`, () => {
  let bmc: IpmiSim
  const secret = { ROOMKEEPER_IPMI_PASSWORD: IPMI_USER.password }
  // The simulator does not tell its cipher suites; asking would take ten seconds.
  const url = (user: string = IPMI_USER.user): string => `ipmi://${user}@127.0.0.1:${bmc.port}?cipherSuite=3`
  beforeAll(async () => {
    bmc = await startIpmiSim([{ name: 'Inlet Temp', type: SENSOR.temperature, unit: SENSOR_UNIT.celsius, entity: 0x37, raw: 23 }], [])
  })
  afterAll(() => bmc?.dispose())

  it('discover prints a block that loads, with the name of the variable and not the password', async () => {
    const ended = await runAgentCommand(dir, ['discover', url()], secret)
    expect(ended).toMatchObject({ status: 0, stderr: '' })
    expect(ended.stdout).toMatch(/inlet-temp\.01 .*23 ℃/)
    expect(ended.stdout).not.toContain(IPMI_USER.password)
    const { devices, invalidDevices } = await loadPrinted(ended)
    expect(invalidDevices).toEqual([])
    expect(devices[0]).toMatchObject({
      id: 'ipmi-127.0.0.1',
      driver: 'ipmi',
      options: { port: bmc.port, user: IPMI_USER.user, passwordEnv: 'ROOMKEEPER_IPMI_PASSWORD', cipherSuite: 3 },
    })
  })

  it('read lists the sensors; a wrong password is denied', async () => {
    const ended = await runAgentCommand(dir, ['read', url()], secret)
    expect(ended).toMatchObject({ status: 0, stdout: expect.stringMatching(/inlet-temp\.01 .*温度 temperature +23 ℃/) })
    const wrong = await runAgentCommand(dir, ['read', url()], { ROOMKEEPER_IPMI_PASSWORD: 'wrong-one' })
    expect(wrong).toMatchObject({ status: 1, stderr: expect.stringMatching(/^denied: /) })
    expect(wrong.stderr).not.toContain('wrong-one')
  })
})

describe.skipIf(missingOpenssl !== undefined)(
  `redfish:// at a mock service${missingOpenssl === undefined ? '' : ` (${missingOpenssl})`}`,
  () => {
    let bmc: RedfishMock
    const secret = { ROOMKEEPER_REDFISH_PASSWORD: REDFISH_USER.password }
    const url = (query = ''): string => `redfish://${REDFISH_USER.username}@127.0.0.1:${bmc.port}${query}`
    beforeAll(async () => {
      bmc = await startRedfishMock(legacyServer())
    })
    afterAll(() => bmc?.dispose())

    it('discover shows the fingerprint of an unknown certificate; with it, it prints a block that loads', async () => {
      const first = await runAgentCommand(dir, ['discover', url()], secret)
      const seen = /fingerprint: ([0-9A-F:]{95})/.exec(first.stdout)?.[1]
      expect(first.status).toBe(1)
      expect(first.stdout).toContain('denied:')
      expect(seen).toBe(bmc.certificates.fingerprint)
      expect(bmc.requests).toEqual([])
      const ended = await runAgentCommand(dir, ['discover', url(`?fingerprint=${seen}`)], secret)
      expect(ended).toMatchObject({ status: 0, stderr: '' })
      expect(ended.stdout).toMatch(/1U\.Thermal\.Temperatures\.2 .*25 ℃/)
      expect(ended.stdout).not.toContain(REDFISH_USER.password)
      const { devices, invalidDevices } = await loadPrinted(ended)
      expect(invalidDevices).toEqual([])
      expect(devices[0]).toMatchObject({
        id: 'redfish-127.0.0.1',
        driver: 'redfish',
        name: { zh: 'Contoso 3500RX' },
        options: { port: bmc.port, username: REDFISH_USER.username, passwordEnv: 'ROOMKEEPER_REDFISH_PASSWORD' },
      })
    })

    it('read lists the points, also without a check of the certificate when told so', async () => {
      const ended = await runAgentCommand(dir, ['read', url('?insecure=true&session=true')], secret)
      expect(ended).toMatchObject({ status: 0, stdout: expect.stringMatching(/温度 temperature +25 ℃/) })
      expect(bmc.sessions.size).toBe(0)
    })
  },
)
