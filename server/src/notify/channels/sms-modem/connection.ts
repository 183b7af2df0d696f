import { open } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ChannelConnection, type ChannelContext, ChannelError, type Notice, type Recipient } from '../channel.ts'
import { plainLine } from '../plain-text.ts'
import { watchInbox } from './inbox.ts'
import type { SmsModemSettings } from './index.ts'
import { countParts, messageText } from './message-text.ts'
import { normalisedNumber } from './phone-number.ts'
import { outgoingFile, type SmsFile } from './sms-file.ts'
import { Spool, type Whereabouts } from './spool.ts'
import { refusalOf, stuckError } from './verdict.ts'

const POLL_MS = 250
/** So often in a row a message must be in no folder before it is believed: the daemon may be moving it. */
const GONE_LOOKS = 12
/** Of the daemon's log, from its end. */
const LOG_TAIL_BYTES = 16_384

const CLOSED = '通道已关闭；已交给守护进程的短信仍会发出 · the channel is closed; a message the daemon has may still be sent'
const TOO_LATE = '未开始发送，时限已到 · the time was over before it began'

/**
 * Messages by the spool folders of smsd. What the daemon has when the connection closes stays with it: an alarm still goes out while the
 * server restarts, and its next attempt finds it. What is not yet being sent when a signal aborts is taken back, so that nobody gets a
 * pile of old alarms when a dead modem comes back.
 */
export function openModem(settings: SmsModemSettings, context: ChannelContext): ChannelConnection {
  const spool = new Spool(settings.spoolPath)
  const inbox = watchInbox(spool, context)
  const closing = new AbortController()
  const underWay = new Map<string, Promise<{ answer: string }>>()

  const send = async (name: string, content: Buffer, parts: number, signal: AbortSignal): Promise<{ answer: string }> => {
    if (signal.aborted) throw new ChannelError('unreachable', TOO_LATE)
    await spool.check()
    const before = await spool.find(name)
    if (before.at === 'sent') return { answer: proofOf(before.file, parts) }
    if (before.at === 'failed') await spool.forgetFailure(name)
    if (before.at === 'failed' || before.at === 'gone') await spool.put(name, content)

    const either = AbortSignal.any([signal, closing.signal])
    let gone = 0
    for (;;) {
      const now = await spool.find(name)
      if (now.at === 'sent') return { answer: proofOf(now.file, parts) }
      if (now.at === 'failed') throw refusalOf(now.file.headers.get('Fail_reason'), inbox.carrierSaid())
      gone = now.at === 'gone' ? gone + 1 : 0
      if (gone >= GONE_LOOKS) throw withoutTrace(settings.spoolPath)
      if (closing.signal.aborted) throw new ChannelError('unreachable', CLOSED)
      if (signal.aborted) throw await givenUp(name, now)
      await sleep(POLL_MS, undefined, { signal: either }).catch(() => undefined)
    }
  }

  const givenUp = async (name: string, { at }: Whereabouts): Promise<ChannelError> => {
    const isWithdrawn = await spool.withdraw(name)
    const stuckAt = at === 'outgoing' ? 'outgoing' : isWithdrawn ? 'checked' : 'sending'
    return stuckError(stuckAt, settings.spoolPath, await endOf(settings.logPath))
  }

  return {
    async send(notice: Notice, recipient: Recipient, signal: AbortSignal) {
      if (closing.signal.aborted) throw new ChannelError('unreachable', CLOSED)
      if (signal.aborted) throw new ChannelError('unreachable', TOO_LATE)
      const number = normalisedNumber(recipient.address)
      if (number === undefined)
        throw new ChannelError('recipient', `“${plainLine(recipient.address).slice(0, 40)}” 不是手机号 · is not a mobile number`)
      const text = messageText(notice, settings.maxParts)
      const name = spool.nameOf(notice.id, number)
      // Two attempts of one notice at a time would put two files of one name into the spool.
      const previous = underWay.get(name)
      const sending = (async () => {
        await previous?.catch(() => undefined)
        return send(name, outgoingFile(number, text), countParts(text), signal)
      })()
      underWay.set(name, sending)
      try {
        return await sending
      } finally {
        if (underWay.get(name) === sending) underWay.delete(name)
      }
    },
    async close() {
      closing.abort()
      await Promise.allSettled(underWay.values())
      await inbox.stop()
    },
  }
}

function withoutTrace(spoolPath: string): ChannelError {
  return new ChannelError(
    'configuration',
    `守护进程取走了短信，但 ${spoolPath}/sent 和 failed 中都没有：请在 smsd.conf 中写 sent = … 和 failed = … · the daemon took the message and left no trace: set sent = … and failed = … in smsd.conf`,
  )
}

/** The daemon's own words of a message that was sent. */
function proofOf({ headers }: SmsFile, parts: number): string {
  const said = ['Modem', 'Sent', 'Message_id'].flatMap((key) => (headers.has(key) ? [`${key}: ${headers.get(key)}`] : []))
  return `smsd ${said.join(', ')}, ${parts} SMS`
}

async function endOf(path: string): Promise<string | undefined> {
  try {
    await using file = await open(path)
    const { size } = await file.stat()
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(LOG_TAIL_BYTES), position: Math.max(0, size - LOG_TAIL_BYTES) })
    return buffer.subarray(0, bytesRead).toString('utf8')
  } catch {
    return undefined
  }
}
