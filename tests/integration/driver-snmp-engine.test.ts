import pino from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import { snmpDriver } from '../../agent/src/drivers/snmp/index.ts'
import { missingProgram } from '../kit/services/require-program.ts'
import { SNMPD_PATH, SNMPD_USER, type Snmpd, startSnmpd } from '../kit/services/snmpd.ts'

const missing = missingProgram([SNMPD_PATH], 'snmpd')
const UPS = '1.3.6.1.2.1.33.1'
const NEVER = new AbortController().signal
const OBJECTS = {
  [`${UPS}.1.1.0`]: 'string Contoso',
  [`${UPS}.2.1.0`]: 'integer 2',
  [`${UPS}.2.4.0`]: 'integer 97',
  [`${UPS}.4.1.0`]: 'integer 3',
}

describe.skipIf(missing !== undefined)(`SNMPv3 engines, by snmpd${missing === undefined ? '' : ` (${missing})`}`, () => {
  const agents: Snmpd[] = []
  afterEach(async () => {
    for (const agent of agents.splice(0)) await agent.stop()
  })
  const startAgent = async (engineId: string): Promise<Snmpd> => {
    const agent = await startSnmpd(UPS, OBJECTS, engineId)
    agents.push(agent)
    return agent
  }
  const open = (port: number) =>
    snmpDriver.open(snmpDriver.options.parse({ host: '127.0.0.1', port, version: 3, user: SNMPD_USER }), {
      log: pino({ level: 'silent' }),
      clock: { nowMs: () => Date.now() },
      timeoutMs: 3000,
      wake() {},
    })
  const charge = async (connection: Awaited<ReturnType<typeof open>>): Promise<unknown> =>
    (await connection.read(NEVER)).find(({ key }) => key === 'battery.charge')?.value

  it('reads on after the card was exchanged for one with another engine id', async () => {
    const agent = await startAgent('0x80001f880300000000000a')
    const connection = await open(agent.port)
    expect(await charge(connection)).toBe(97)
    await agent.replace('0x80001f880300000000000b')
    expect(await charge(connection)).toBe(97)
    await connection.close()
  })

  it('reads on after a restart that lost the count of boots', async () => {
    const agent = await startAgent('0x80001f880300000000000c')
    const connection = await open(agent.port)
    expect(await charge(connection)).toBe(97)
    await agent.replace('0x80001f880300000000000c')
    expect(await charge(connection)).toBe(97)
    await connection.close()
  })

  it('keeps two cards apart that were cloned with one engine id', async () => {
    const [one, other] = [await startAgent('0x80001f880300000000000d'), await startAgent('0x80001f880300000000000d')]
    await other.setObjects({ ...OBJECTS, [`${UPS}.2.4.0`]: 'integer 12' })
    const connections = [await open(one.port), await open(other.port)] as const
    for (let i = 0; i < 3; i++) {
      expect(await Promise.all(connections.map(charge))).toEqual([97, 12])
      if (i === 0) await other.replace('0x80001f880300000000000d')
    }
    await Promise.all(connections.map((connection) => connection.close()))
  })
})
