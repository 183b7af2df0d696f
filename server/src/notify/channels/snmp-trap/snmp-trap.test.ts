import { spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { channelContract, exampleNotice } from '../../../../../tests/kit/channel-contract.ts'
import { waitFor } from '../../../../../tests/kit/services/child-program.ts'
import { freeUdpPort } from '../../../../../tests/kit/services/free-port.ts'
import { missingProgram } from '../../../../../tests/kit/services/require-program.ts'
import { SNMPTRAPD_PATH, type Snmptrapd, startSnmptrapd } from '../../../../../tests/kit/services/snmptrapd.ts'
import type { Notice } from '../channel.ts'
import { snmpTrapChannel } from './index.ts'
import { snmp } from './net-snmp.ts'
import { EXAMPLE_ENTERPRISE_OID, snmpTrapSettings } from './settings.ts'
import { notificationOid, varbindsOf } from './varbinds.ts'

const missing = missingProgram([SNMPTRAPD_PATH], 'snmptrapd')
const SMILINT_PATH = '/usr/bin/smilint'
const missingSmilint = missingProgram([SMILINT_PATH], 'smitools')
const MIB = fileURLToPath(new URL('ROOMKEEPER-MIB.txt', import.meta.url))
const host = '127.0.0.1'
const nobody = { name: '', address: '' }
const COMMUNITY = 'community-of-the-test'
const [AUTH, PRIV] = ['auth-of-the-test', 'priv-of-the-test']
/** All secrets, whatever the version uses of them. */
const secrets = { community: COMMUNITY, authPassword: AUTH, privPassword: PRIV }
const { engineId } = snmpTrapSettings.parse({ host })
const objects = `${EXAMPLE_ENTERPRISE_OID}.1.1`

const startStation = (): Promise<Snmptrapd> =>
  startSnmptrapd([
    `authCommunity log ${COMMUNITY}`,
    `createUser keeper SHA ${AUTH} AES ${PRIV}`,
    `createUser -e 0x${engineId} keeper SHA ${AUTH} AES ${PRIV}`,
    'authUser log keeper priv',
  ])

const open = (settings: Record<string, unknown>) =>
  snmpTrapChannel.open(snmpTrapSettings.parse({ host, ...secrets, ...settings }), {
    log: pino({ level: 'silent' }),
    clock: { nowMs: () => Date.now() },
    onReply: () => undefined,
  })
const send = async (settings: Record<string, unknown>, notice: Notice, timeoutMs = 8000): Promise<string> => {
  const connection = await open(settings)
  try {
    return (await connection.send(notice, nobody, AbortSignal.timeout(timeoutMs))).answer
  } finally {
    await connection.close()
  }
}

const MODES = [
  { version: '2c', mode: 'inform' },
  { version: '2c', mode: 'trap' },
  { version: '3', mode: 'inform', user: 'keeper' },
  { version: '3', mode: 'trap', user: 'keeper' },
] as const

describe.skipIf(missing !== undefined)(`snmp-trap with snmptrapd${missing === undefined ? '' : ` (${missing})`}`, () => {
  describe.each(MODES)('$version $mode', (mode) => {
    const isInform = mode.mode === 'inform'
    const isV3 = mode.version === '3'
    const settings = { host, ...secrets, ...mode }
    const at = (port: number, more: Record<string, unknown> = {}) => ({
      settings: { ...settings, port, ...more },
      recipient: nobody,
      dispose: async () => undefined,
    })
    const noAnswer = { notApplicable: 'a trap is not answered' }
    channelContract({
      channel: snmpTrapChannel,
      async startPeer() {
        const station = await startStation()
        return {
          ...at(station.port),
          received: async () => station.received().map((notification) => [...notification.values()].join('\n')),
          dispose: () => station.stop(),
        }
      },
      unreachable: isInform ? async () => at(await freeUdpPort()) : noAnswer,
      silent: isInform
        ? async () => {
            const socket = createSocket('udp4')
            await new Promise<void>((resolve) => socket.bind(0, host, resolve))
            return { ...at(socket.address().port), dispose: () => new Promise((resolve) => socket.close(() => resolve())) }
          }
        : noAnswer,
      refusing:
        isInform && isV3
          ? async () => {
              const station = await startStation()
              return { ...at(station.port, { authPassword: 'a-wrong-password' }), dispose: () => station.stop() }
            }
          : { notApplicable: isInform ? 'a wrong community is answered by silence' : 'a trap is not answered' },
      wrongRecipient: { notApplicable: 'a station has no recipients' },
      invalidSettings: [
        { settings: {}, key: 'host' },
        { settings: { host: 'a b' }, key: 'host' },
        { settings: { host, port: 0 }, key: 'port' },
        { settings: { host, version: '1' }, key: 'version' },
        { settings: { host, version: '3' }, key: 'user' },
        { settings: { host, authPassword: 'short' }, key: 'authPassword' },
        { settings: { host, privPassword: PRIV }, key: 'authPassword' },
        { settings: { host, enterpriseOid: '1.3.6.1.4.1' }, key: 'enterpriseOid' },
        { settings: { host, engineId: 'xyz' }, key: 'engineId' },
        { settings: { host, recipient: 'x' }, key: 'recipient' },
      ],
      invalidAddresses: [],
    })
  })

  describe('what arrives', () => {
    let station: Snmptrapd
    beforeAll(async () => {
      station = await startStation()
    })
    afterAll(async () => station?.stop())
    const arrived = (id: string) =>
      waitFor(`${id} has arrived`, 5000, async () => station.received().find((objectsOf) => objectsOf.get(`${objects}.1.0`) === id))

    it.each(MODES)('$version $mode: every object, Chinese too', async (mode) => {
      const notice = exampleNotice({ id: `all-${mode.version}-${mode.mode}`, text: '中心机房 温度过高\n当前 31.5 ℃' })
      const answer = await send({ ...mode, port: station.port }, notice)
      expect(answer).toMatch(mode.mode === 'inform' ? /已应答.*acknowledged/ : /无从得知.*not known/)
      const got = await arrived(notice.id)
      expect(got.get('1.3.6.1.6.3.1.1.4.1.0')).toBe(`OID: .${notificationOid(EXAMPLE_ENTERPRISE_OID)}`)
      expect(Object.fromEntries(Array.from({ length: 15 }, (_, n) => [n + 1, got.get(`${objects}.${n + 1}.0`)]))).toEqual({
        1: notice.id,
        2: 'INTEGER: 1',
        3: 'INTEGER: 3',
        4: '中心机房 温度过高 31.5 ℃',
        5: '中心机房 温度过高\n当前 31.5 ℃',
        6: '中心机房',
        7: 'th-1',
        8: 'temperature',
        9: 'high',
        10: '31.5 ℃',
        11: '28 ℃',
        12: 'active',
        13: expect.any(String),
        14: 'https://roomkeeper.example/alarms/4711',
        15: 'Gauge32: 4711',
      })
    })

    it('takes the own enterprise number', async () => {
      await send({ port: station.port, enterpriseOid: '1.3.6.1.4.1.99999' }, exampleNotice())
      await waitFor('it has arrived', 5000, async () => station.received().find((got) => got.has('1.3.6.1.4.1.99999.1.1.1.0')))
    })

    it('a wrong community is no answer, a wrong user or password a refusal; nothing is logged there', async () => {
      const before = station.received().length
      const wrong = exampleNotice({ id: 'wrong' })
      const { port } = station
      await expect(send({ port, community: 'not-the-community' }, wrong, 1500)).rejects.toMatchObject({ kind: 'unreachable' })
      await expect(send({ port, version: '3', user: 'stranger' }, wrong)).rejects.toMatchObject({ kind: 'refused' })
      const other = { port, version: '3', user: 'keeper', privPassword: 'not-the-password' }
      await expect(send(other, wrong, 3000)).rejects.toMatchObject({ name: 'ChannelError' })
      expect(station.received()).toHaveLength(before)
    })
  })
})

describe('objects', () => {
  it('are the ones of the MIB, under the same numbers', () => {
    const store = snmp.createModuleStore()
    store.loadFromFile(MIB)
    const module = store.getModule('ROOMKEEPER-MIB') ?? {}
    expect(module.rkNotice?.OID).toBe(notificationOid(EXAMPLE_ENTERPRISE_OID))
    const names = ['Id', 'Kind', 'Priority', 'Title', 'Text', 'Room', 'Device', 'Point', 'Condition', 'Value', 'Limit', 'State']
    const inMib = [...names, 'Time', 'Url', 'AlarmId'].map((name) => `${module[`rk${name}`]?.OID}.0`)
    expect(varbindsOf(exampleNotice(), EXAMPLE_ENTERPRISE_OID).map(({ oid }) => oid)).toEqual(inMib)
  })

  it.skipIf(missingSmilint !== undefined)(
    `make a MIB that smilint finds no fault with${missingSmilint === undefined ? '' : ` (${missingSmilint})`}`,
    () => {
      const library = createRequire(import.meta.url)
        .resolve('net-snmp')
        .replace(/index\.js$/, 'lib/mibs/')
      const preload = ['SNMPv2-SMI', 'SNMPv2-TC', 'SNMPv2-CONF'].flatMap((name) => ['-p', `${library}${name}.mib`])
      const { stdout, stderr, status } = spawnSync(SMILINT_PATH, [...preload, '-s', '-l', '5', MIB], { encoding: 'utf8' })
      const ofOurs = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('ROOMKEEPER'))
      expect([ofOurs, status]).toEqual([[], 0])
    },
  )

  it('keep their sizes, cut between characters', () => {
    const long = varbindsOf(exampleNotice({ title: '热'.repeat(200), text: '热'.repeat(2000) }), EXAMPLE_ENTERPRISE_OID)
    const [title, text] = [long[3]?.value as Buffer, long[4]?.value as Buffer]
    expect([title.length, text.length]).toEqual([255, 600])
    expect(title.toString()).toBe(`${'热'.repeat(84)}…`)
    expect(text.toString()).toBe(`${'热'.repeat(199)}…`)
  })

  it('have the time as DateAndTime in UTC', () => {
    const [time] = varbindsOf(exampleNotice({ atMs: Date.UTC(2026, 10, 23, 1, 2, 3, 456) }), EXAMPLE_ENTERPRISE_OID).slice(12)
    expect(time?.value).toEqual(Buffer.from('07ea0b17010203042b0000', 'hex'))
  })
})
