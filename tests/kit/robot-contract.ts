import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Channel, type ChannelConnection, ChannelError } from '../../server/src/notify/channels/channel.ts'
import { channelContract, exampleNotice } from './channel-contract.ts'
import { silentListener, unusedPort } from './driver-contract.ts'
import { type RobotMock, startRobotMock } from './services/robot-mock.ts'

export interface RobotContractSubject<Settings> {
  channel: Channel<Settings>
  vendor: 'wecom' | 'dingtalk' | 'feishu'
  /** Of a robot that demands a signature; WeCom has none. */
  secret?: string
  /** An address of a person and how the robot mentions it. */
  mention: string
  /** A text that would mention everybody. */
  injection: string
  /** The robot's wait after too many messages, ms. */
  retryAfterMs: number
  invalidAddresses: readonly string[]
}

const KEY = 'robot-key-4f1a2b3c'
const LOCAL = ['127.0.0.1']
const dispose = async (): Promise<void> => undefined

/** What all group robots have in common: the channel contract against the vendor's mock, limits, mentions, keys that stay secret. */
export function robotContract<Settings>(subject: RobotContractSubject<Settings>): void {
  const { channel, vendor, secret, mention } = subject
  const signed = secret === undefined ? {} : { secret }
  const recipient = { name: '张工', address: mention }
  const pathOf = (port: number): string =>
    ({
      wecom: `http://127.0.0.1:${port}/cgi-bin/webhook/send?key=${KEY}`,
      dingtalk: `http://127.0.0.1:${port}/robot/send?access_token=${KEY}`,
      feishu: `http://127.0.0.1:${port}/open-apis/bot/v2/hook/${KEY}`,
    })[vendor]
  const settingsFor = (webhook: string): Record<string, unknown> => ({ webhook, allowedNetworks: LOCAL, ...signed })

  channelContract({
    channel,
    startPeer: async () => {
      const mock = await startRobotMock(vendor, KEY, secret)
      return {
        settings: settingsFor(mock.webhook),
        recipient,
        received: async () => mock.messages.map(({ text }) => text),
        dispose: mock.close,
      }
    },
    unreachable: async () => {
      const { options } = await unusedPort('tcp', (port) => settingsFor(pathOf(port)))
      return { settings: options, recipient, dispose }
    },
    silent: async () => {
      const listener = await silentListener('tcp', (port) => settingsFor(pathOf(port)))
      return { settings: listener.options, recipient, dispose: listener.dispose }
    },
    refusing: async () => {
      const mock = await startRobotMock(vendor, 'another-key-99', secret)
      return { settings: settingsFor(mock.webhook.replace('another-key-99', KEY)), recipient, dispose: mock.close }
    },
    wrongRecipient: { notApplicable: 'the robots ignore a mention they do not know' },
    invalidSettings: [
      { settings: { ...settingsFor(pathOf(1)), webhook: 'https://example.org/' }, key: 'webhook' },
      { settings: { ...settingsFor(pathOf(1)), webhook: `ftp://example.org/?key=${KEY}` }, key: 'webhook' },
      { settings: {}, key: 'webhook' },
      { settings: { ...settingsFor(pathOf(1)), allowedNetworks: ['10.0.0.0/33'] }, key: 'allowedNetworks.0' },
      { settings: { ...settingsFor(pathOf(1)), colour: 'red' }, key: 'colour' },
    ],
    invalidAddresses: subject.invalidAddresses,
  })

  describe('as a robot', () => {
    let mock: RobotMock
    let connection: ChannelConnection
    const send = (change = {}, to = recipient): Promise<{ answer: string }> =>
      connection.send(exampleNotice(change), to, AbortSignal.timeout(5000))
    const failure = async (change = {}): Promise<ChannelError> => {
      const error: unknown = await send(change).catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(ChannelError)
      expect((error as ChannelError).message).not.toContain(KEY)
      return error as ChannelError
    }
    beforeEach(async () => {
      mock = await startRobotMock(vendor, KEY, secret)
      const context = { log: pino({ level: 'silent' }), clock: { nowMs: () => Date.now() }, onReply: () => undefined }
      connection = await channel.open(channel.settings.parse(settingsFor(mock.webhook)), context)
    })
    afterEach(async () => {
      await connection.close()
      await mock.close()
    })

    it('mentions the recipient, and nobody when there is no address', async () => {
      await send()
      await send({}, { name: '群', address: '' })
      expect(mock.messages.map(({ mentions }) => mentions)).toEqual([[mention], []])
      expect(mock.messages[1]?.text).toContain('中心机房 温度过高 31.5 ℃\n')
    })

    it('mentions nobody from inside a text', async () => {
      await send({ title: subject.injection, text: subject.injection })
      expect(mock.messages[0]?.mentions).toEqual([mention])
    })

    it('keeps the reply code out of the group', async () => {
      await send({ replyCode: '482913' })
      expect(mock.messages[0]?.text).not.toContain('482913')
    })

    it('says that a long text was cut, and keeps its beginning', async () => {
      await send({ text: `第一行\n${'"温度"\n'.repeat(4000)}` })
      expect(mock.messages[0]?.text).toContain('第一行')
      expect(mock.messages[0]?.text).toContain('已截断')
    })

    it('is told to wait when it posts too often', async () => {
      mock.limitPerMinute = 2
      await send()
      await send()
      expect(await failure()).toMatchObject({ kind: 'unreachable', retryable: true, retryAfterMs: subject.retryAfterMs })
    })

    it('does not believe a HTTP 200 of somebody else', async () => {
      mock.nextAnswer = { status: 200, body: `<html>login first ${mock.webhook}</html>` }
      expect((await failure()).kind).toBe('configuration')
      mock.nextAnswer = { status: 502, body: `bad gateway ${KEY}` }
      expect((await failure()).kind).toBe('unreachable')
      mock.nextAnswer = { status: 302, body: '' }
      expect((await failure()).kind).toBe('configuration')
    })

    it('does not show the key that a refusal quotes', async () => {
      const [number, words] = vendor === 'feishu' ? ['code', 'msg'] : ['errcode', 'errmsg']
      mock.nextAnswer = { status: 200, body: JSON.stringify({ [number]: 40035, [words]: `wrong: ${mock.webhook} ${KEY}` }) }
      const error = await failure()
      expect(error.kind).toBe('refused')
      expect(error.message).toContain('***')
    })
  })
}
