import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterEach, describe, expect, it, type TestContext } from 'vitest'
import { type ChannelConnection, ChannelError, type Notice, type Reply } from '../../server/src/notify/channels/channel.ts'
import { smsModemChannel } from '../../server/src/notify/channels/sms-modem/index.ts'
import { type ChannelTarget, channelContract, exampleNotice } from '../kit/channel-contract.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { SOCAT_PATH } from '../kit/services/modbus-serial-line.ts'
import { type ModemMood, type PtyModem, startPtyModem } from '../kit/services/pty-modem.ts'
import { missingProgram } from '../kit/services/require-program.ts'
import type { SmsPart } from '../kit/services/sms-pdu.ts'
import { prepareSmsd, SMSD_PATH, type Smsd } from '../kit/services/smsd.ts'

const missing = missingProgram([SMSD_PATH, SOCAT_PATH], 'smstools socat')
const NURSE = { name: '张护士', address: '+8613800138000' }

/** The texts as a telephone shows them: parts of one message joined. */
function joined(parts: readonly SmsPart[]): string[] {
  const texts: string[] = []
  for (const { text, part } of parts)
    if (part === undefined || part.index === 1) texts.push(text)
    else texts.push(`${texts.pop() ?? ''}${text}`)
  return texts
}

const open = async (smsd: Pick<Smsd, 'spoolPath' | 'logPath'>, replies: Reply[] = [], logged: string[] = []): Promise<ChannelConnection> =>
  smsModemChannel.open(smsModemChannel.settings.parse({ spoolPath: smsd.spoolPath, logPath: smsd.logPath }), {
    log: pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) }),
    clock: { nowMs: () => Date.now() },
    onReply: (reply) => void replies.push(reply),
  })

/** For a mood: does it the first time the condition is met. */
function once(condition: (line: string) => boolean, act: () => Promise<void>): (line?: string) => Promise<void> {
  let isDone = false
  return async (line = '') => {
    if (isDone || !condition(line)) return
    isDone = true
    await act()
  }
}

async function errorOf(work: Promise<unknown>): Promise<ChannelError> {
  const error: unknown = await work.then(
    () => expect.fail('it should have been rejected'),
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ChannelError)
  return error as ChannelError
}

describe.skipIf(missing !== undefined)(
  `sms-modem with smsd and a modem on a pseudo-terminal${missing === undefined ? '' : ` (${missing})`}`,
  // smsd pauses for 0.1 s at every command, 2 s a message: each test has a daemon and a modem of its own, and they wait at the same time.
  { concurrent: true },
  () => {
    const target = async (mood: Partial<ModemMood>, withDaemon = true): Promise<ChannelTarget & { modem: PtyModem; smsd: Smsd }> => {
      const modem = await startPtyModem()
      Object.assign(modem.mood, mood)
      const smsd = prepareSmsd(modem.path)
      if (withDaemon) await smsd.start()
      return {
        modem,
        smsd,
        settings: { spoolPath: smsd.spoolPath, logPath: smsd.logPath },
        recipient: NURSE,
        dispose: async () => {
          await smsd.stop()
          await modem.stop()
        },
      }
    }

    describe('contract', () => {
      channelContract({
        channel: smsModemChannel,
        sideBySide: true,
        startPeer: async () => {
          const peer = await target({})
          return { ...peer, received: async () => joined(peer.modem.accepted) }
        },
        unreachable: () => target({}, false),
        silent: () => target({ silent: true }),
        refusing: () => target({ sendErrors: Array<string>(9).fill('+CMS ERROR: 21') }),
        wrongRecipient: () => target({ sendErrors: Array<string>(9).fill('+CMS ERROR: 1') }),
        invalidSettings: [
          { settings: { spoolPath: 'spool' }, key: 'spoolPath' },
          { settings: { maxParts: 0 }, key: 'maxParts' },
          { settings: { device: '/dev/ttyUSB0' }, key: 'device' },
        ],
        invalidAddresses: ['', '12345', '1380013800', '+86 1380013800', 'nurse@example.org', '+8613800138000\nAlphabet: binary'],
      })
    })

    describe('messages', () => {
      /** One test's daemon, modem and open channel. */
      const start = async ({ onTestFinished }: TestContext) => {
        const { modem, smsd, dispose } = await target({})
        const replies: Reply[] = []
        const logged: string[] = []
        let connection = await open(smsd, replies, logged)
        onTestFinished(() => connection.close().finally(dispose))
        const send = (notice: string | Notice, { timeoutMs = 30_000, address = NURSE.address } = {}): Promise<{ answer: string }> =>
          connection.send(
            typeof notice === 'string' ? exampleNotice({ id: notice }) : notice,
            { ...NURSE, address },
            AbortSignal.timeout(timeoutMs),
          )
        const reopen = async (): Promise<void> => {
          connection = await open(smsd, replies, logged)
        }
        return { modem, smsd, replies, logged, send, reopen, close: () => connection.close() }
      }

      it('reach the modem exactly, Chinese in one and in two parts', async (context) => {
        const { modem, send } = await start(context)
        const { answer } = await send('one')
        expect(answer).toMatch(/^smsd Modem: GSM1, Sent: [\d: -]+, 1 SMS$/)
        expect(modem.accepted).toHaveLength(1)
        expect(modem.accepted[0]).toMatchObject({ number: '+8613800138000', part: undefined })
        expect(modem.accepted[0]?.text).toMatch(/^【机房告警】中心机房 温度过高 31.5 ℃，th-1，\d\d-\d\d \d\d:\d\d。回复 482913 确认$/)

        const long = exampleNotice({ id: 'two', title: `中心机房 ${'精密空调回风温度过高'.repeat(20)}🔥` })
        await send(long, { address: '138 0013 8001' })
        const parts = modem.accepted.slice(1)
        expect(parts.map(({ number, part }) => [number, part?.index, part?.count])).toEqual([
          ['+8613800138001', 1, 2],
          ['+8613800138001', 2, 2],
        ])
        expect(joined(parts)[0]).toMatch(/^【机房告警】中心机房 精密空调回风温度过高.*…。回复 482913 确认$/)
      })

      it('are sent once: a second attempt of the same id finds the first', async (context) => {
        const { modem, send, close, reopen } = await start(context)
        await send('same')
        await close()
        await reopen()
        expect((await send('same')).answer).toContain('Modem: GSM1')
        expect(modem.accepted).toHaveLength(1)
      })

      it('that failed with +CMS ERROR 500 come once when the network is back', async (context) => {
        const { modem, send } = await start(context)
        modem.mood.sendErrors = ['+CMS ERROR: 500']
        await send('once')
        modem.mood.sendErrors = Array<string>(3).fill('+CMS ERROR: 500')
        const error = await errorOf(send('again'))
        expect(error.kind).toBe('unreachable')
        expect(error.message).toContain('+CMS ERROR: 500 (Unknown error)')
        await send('again')
        expect(modem.accepted).toHaveLength(2)
      })

      it('are kept back while the modem searches its network, and taken back when time is over', async (context) => {
        const { modem, smsd, send } = await start(context)
        modem.mood.registration = 2
        await waitFor('smsd sees no network', 40_000, async () => (/NOT REGISTERED/.test(smsd.log()) ? true : undefined))
        const error = await errorOf(send('searching', { timeoutMs: 2500 }))
        expect(error).toMatchObject({ kind: 'unreachable' })
        expect(error.message).toMatch(/NOT REGISTERED.*天线/)
        const slow = send('slow network')
        await waitFor('it waits in checked', 30_000, async () =>
          readdirSync(join(smsd.spoolPath, 'checked')).length === 1 ? true : undefined,
        )
        modem.mood.registration = 1
        await slow
        expect(modem.accepted).toHaveLength(1)
      })

      const KILLS: readonly { when: string; arm(modem: PtyModem, kill: () => Promise<void>): void }[] = [
        {
          when: 'as it looks whether the modem is there',
          arm: ({ mood }, kill) => (mood.onCommand = once((line) => /^AT$/.test(line), kill)),
        },
        { when: 'before the first part', arm: ({ mood }, kill) => (mood.onCommand = once((line) => line.includes('+CMGS='), kill)) },
        {
          when: 'after the first part',
          arm: ({ mood, accepted }, kill) => (mood.onAccepted = once(() => accepted.length === 1, kill)),
        },
        {
          when: 'after the last part',
          arm: ({ mood, accepted }, kill) => (mood.onAccepted = once(() => accepted.length === 2, kill)),
        },
        {
          when: 'while it notes that it was sent',
          arm: ({ mood, accepted }, kill) =>
            (mood.onAccepted = once(
              () => accepted.length === 2,
              async () => void setTimeout(() => void kill(), 150),
            )),
        },
      ]
      for (const { when, arm } of KILLS)
        it(`survive kill -9 of the daemon ${when}: not lost, one more at most`, async (context) => {
          const { modem, smsd, send, close, reopen } = await start(context)
          const killed = Promise.withResolvers<void>()
          arm(modem, () => smsd.kill().finally(killed.resolve))
          const long = exampleNotice({ id: 'killed', title: '精密空调回风温度过高'.repeat(9) })
          const sending = send(long).catch((error: unknown) => error)
          await killed.promise
          // The server goes down in the same power cut.
          await close()
          await sending
          await smsd.start()
          await reopen()
          await send(long)
          await send('next')
          const texts = joined(modem.accepted)
          const whole = texts.filter((text) => /^【机房告警】精密.*回复 482913 确认$/.test(text))
          expect(whole.length).toBeGreaterThanOrEqual(1)
          expect(whole.length).toBeLessThanOrEqual(2)
          expect(modem.accepted.length).toBeLessThanOrEqual(5)
          expect(readdirSync(join(smsd.spoolPath, 'checked'))).toEqual([])
        })

      it('wait for a daemon that was killed before it took them', async (context) => {
        const { modem, smsd, send } = await start(context)
        await smsd.kill()
        const error = await errorOf(send('no daemon', { timeoutMs: 1000 }))
        expect(error.kind).toBe('unreachable')
        expect(error.message).toContain('systemctl status smstools')
        expect(readdirSync(join(smsd.spoolPath, 'outgoing'))).toEqual([])
        const sending = send('patient')
        await waitFor('it is queued', 20_000, async () => (readdirSync(join(smsd.spoolPath, 'outgoing')).length === 1 ? true : undefined))
        await smsd.start()
        await sending
        expect(modem.accepted).toHaveLength(1)
      })

      it('that come in are replies, once each, also over a restart', async (context) => {
        const { modem, smsd, replies, logged, send, close, reopen } = await start(context)
        modem.receive({ from: '+8613800138000', text: '482913', alphabet: 'gsm7' })
        modem.receive({ from: '+8613800138001', text: '收到，482913 已处理', alphabet: 'ucs2' })
        modem.receive({ from: '10086', text: '您的余额不足，将停机', alphabet: 'ucs2' })
        const came = (count: number): Promise<true> =>
          waitFor(
            () => `${count} replies: ${JSON.stringify(replies)} ${smsd.log()}`,
            20_000,
            async () => (replies.length >= count ? true : undefined),
          )
        await came(3)
        expect(replies.map(({ from, text }) => [from, text]).sort()).toEqual([
          ['+8613800138000', '482913'],
          ['+8613800138001', '收到，482913 已处理'],
          ['10086', '您的余额不足，将停机'],
        ])
        expect(Math.abs((replies[0]?.atMs ?? 0) - Date.now())).toBeLessThan(60_000)
        await waitFor('the SIM is empty', 20_000, async () => (modem.stored() === 0 ? true : undefined))

        await close()
        writeFileSync(join(smsd.spoolPath, 'incoming', 'garbage'), Buffer.from([0, 1, 2, 255]))
        writeFileSync(join(smsd.spoolPath, 'incoming', 'binary'), 'From: 8613800138000\nAlphabet: binary\n\n\u0001\u0002')
        modem.receive({ from: '+4930123456', text: 'after the restart', alphabet: 'gsm7' })
        await reopen()
        await came(4)
        await waitFor('all are put away', 20_000, async () =>
          readdirSync(join(smsd.spoolPath, 'incoming')).length === 0 ? true : undefined,
        )
        expect(replies.slice(3).map(({ from, text }) => [from, text])).toEqual([['+4930123456', 'after the restart']])
        expect(logged.filter((line) => line.includes('no text message'))).toHaveLength(2)

        modem.mood.sendErrors = Array<string>(3).fill('+CMS ERROR: 21')
        modem.receive({ from: '10086', text: '您已欠费停机', alphabet: 'ucs2' })
        await came(5)
        const error = await errorOf(send('no credit'))
        expect(error.kind).toBe('refused')
        expect(error.message).toMatch(/\+CMS ERROR: 21 .*余额.*“您已欠费停机”/)
      })
    })

    it('says what to do about a SIM that asks for its PUK', async ({ onTestFinished }) => {
      const { smsd, dispose } = await target({ pin: '+CPIN: SIM PUK' })
      onTestFinished(dispose)
      const connection = await open(smsd)
      onTestFinished(() => connection.close())
      await waitFor('smsd sees it', 30_000, async () => (/SIM/.test(smsd.log().split('has started').at(-1) ?? '') ? true : undefined))
      const error = await errorOf(connection.send(exampleNotice(), NURSE, AbortSignal.timeout(3000)))
      expect(error.kind, smsd.log()).toBe('configuration')
      expect(error.message).toMatch(/SIM.*PUK/)
    })
  },
)

describe('sms-modem without its folders', () => {
  const folder = mkdtempSync(join(tmpdir(), 'roomkeeper-spool-'))
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('names the folder that is missing, or may not be written, and logs the inbox once', async () => {
    const spoolPath = join(folder, 'sms')
    const logged: string[] = []
    const connection = await open({ spoolPath, logPath: join(folder, 'none') }, [], logged)
    const send = (): Promise<ChannelError> => errorOf(connection.send(exampleNotice(), NURSE, AbortSignal.timeout(2000)))
    const absent = await send()
    expect(absent.kind).toBe('configuration')
    expect(absent.message).toContain(join(spoolPath, 'outgoing'))
    for (const name of ['outgoing', 'checked', 'sent', 'failed', 'incoming']) mkdirSync(join(spoolPath, name), { recursive: true })
    // Root may write everywhere.
    if (process.getuid?.() !== 0) {
      chmodSync(join(spoolPath, 'outgoing'), 0o500)
      expect(await send()).toMatchObject({ kind: 'configuration', message: expect.stringContaining(join(spoolPath, 'outgoing')) })
    }
    await connection.close()
    expect(logged.filter((line) => line.includes('cannot be read'))).toHaveLength(1)
    expect(existsSync(join(spoolPath, 'roomkeeper'))).toBe(false)
  })
})
