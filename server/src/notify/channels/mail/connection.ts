import { type ChannelConnection, type ChannelContext, ChannelError, type Notice, type Recipient } from '../channel.ts'
import { guardedConnection } from '../guarded-connection.ts'
import { shownAnswer } from '../plain-text.ts'
import { FILES_LEFT_OUT, isTooLarge, withoutFiles } from './large-files.ts'
import { mailMessage } from './message.ts'
import type { MailSettings } from './settings.ts'
import { type SmtpErrorFacts, smtpError } from './smtp-error.ts'
import { openSmtpSession, type SmtpSession } from './smtp-session.ts'

/** A flood goes through one session; afterwards it is given back, for servers count them. */
const IDLE_MS = 5000

/** One message at a time over one session, which is kept for the next message. */
export function openMail(settings: MailSettings, { clock }: ChannelContext): ChannelConnection {
  const sender = { address: settings.from, name: settings.fromName }
  // What a login sends, in the forms an answer could quote.
  const login = settings.password === undefined ? undefined : `\0${settings.user}\0${settings.password}`
  const secrets = [settings.password, login]
  let session: SmtpSession | undefined
  let idle: NodeJS.Timeout | undefined
  let turn: Promise<void> = Promise.resolve()

  const sendOnce = async (message: Buffer, to: string, signal: AbortSignal): Promise<string> => {
    if (session?.isOpen !== true) session = await openSmtpSession(settings, signal)
    try {
      return await session.send(settings.from, to, message, signal)
    } catch (error) {
      // After a refused message the conversation may be anywhere.
      session.quit()
      session = undefined
      throw error
    }
  }

  const deliver = async (message: Buffer, recipient: Recipient, signal: AbortSignal): Promise<{ answer: string }> => {
    clearTimeout(idle)
    const isReused = session?.isOpen === true
    try {
      const said = await sendOnce(message, recipient.address, signal).catch((error: unknown) => {
        // A kept session may have been ended by the server in the meantime, which says nothing about the message.
        if (isReused && factsOf(error).responseCode === undefined && !signal.aborted) return sendOnce(message, recipient.address, signal)
        throw error
      })
      return { answer: shownAnswer(said, secrets) || '250' }
    } catch (error) {
      const facts = factsOf(error)
      throw smtpError(facts, shownAnswer(facts.response ?? facts.message, secrets))
    } finally {
      idle = setTimeout(() => session?.quit(), IDLE_MS).unref()
    }
  }

  /** With its files, or with a sentence in their place where they are too large for the settings or for the server. */
  const deliverNotice = async (notice: Notice, recipient: Recipient, signal: AbortSignal): Promise<{ answer: string }> => {
    const messageOf = (one: Notice) => mailMessage(one, recipient, sender, clock.nowMs())
    const bytes = (notice.files ?? []).reduce((sum, file) => sum + file.bytes.length, 0)
    if (bytes > settings.maxFilesMb * 1e6) {
      const { answer } = await deliver(await messageOf(withoutFiles(notice, bytes)), recipient, signal)
      return { answer: `${answer}（${FILES_LEFT_OUT}）` }
    }
    try {
      return await deliver(await messageOf(notice), recipient, signal)
    } catch (error) {
      if (bytes === 0 || !isTooLarge(error)) throw error
      const { answer } = await deliver(await messageOf(withoutFiles(notice, bytes)), recipient, signal)
      return { answer: `${answer}（${FILES_LEFT_OUT}）` }
    }
  }

  return guardedConnection(
    async (notice, recipient, signal) => {
      const before = turn
      const mine = Promise.withResolvers<void>()
      turn = mine.promise
      try {
        await untilAborted(before, signal)
        return await deliverNotice(notice, recipient, signal)
      } finally {
        // Who gave up waiting does not let the next one in before its time.
        void before.then(mine.resolve)
      }
    },
    async () => {
      clearTimeout(idle)
      session?.quit()
    },
  )
}

/** Waits for its turn, and no longer than the signal. */
async function untilAborted(turn: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<void>()
  signal.addEventListener('abort', () => aborted.resolve(), { once: true })
  await Promise.race([turn, aborted.promise])
  if (signal.aborted) throw new ChannelError('unreachable', '未轮到发送 · its turn did not come')
}

function factsOf(error: unknown): SmtpErrorFacts {
  const facts = error as Partial<SmtpErrorFacts & { rejectedErrors?: Partial<SmtpErrorFacts>[] }>
  // Of a refused recipient only the inner error has the number.
  const inner = facts.rejectedErrors?.[0]
  return {
    message: error instanceof Error ? error.message : String(error),
    code: facts.code,
    command: inner?.command ?? facts.command,
    response: inner?.response ?? facts.response,
    responseCode: inner?.responseCode ?? facts.responseCode,
  }
}
