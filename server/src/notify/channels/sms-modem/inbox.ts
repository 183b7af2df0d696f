import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ChannelContext } from '../channel.ts'
import { plainLine, plainText } from '../plain-text.ts'
import { normalisedNumber } from './phone-number.ts'
import { parseSmsFile } from './sms-file.ts'
import type { Spool } from './spool.ts'

const POLL_MS = 1000
/** Ten joined parts; whoever writes more does not acknowledge. */
const MAX_FILE_BYTES = 64_000
/** Service numbers of the three Chinese networks and Guangdian. */
const CARRIERS = /^(\+?86)?(10086|10010|10000|10099)\d{0,4}$/

/** What the folder `incoming` brings. */
export interface Inbox {
  /** The network's own last message (balance, suspension), as one line. */
  carrierSaid(): string | undefined
  stop(): Promise<void>
}

/**
 * Looks into `incoming` until stopped. A message is handed over and then put away, so a crash in between repeats it and none is lost; a
 * code that is answered twice is acknowledged once.
 */
export function watchInbox(spool: Spool, context: ChannelContext): Inbox {
  const { log } = context
  const stopping = new AbortController()
  /** Sizes at the last look: the daemon writes a file under its final name, so it is complete when it no longer grows. */
  let sizes = new Map<string, number>()
  /** Handed over, but the folder did not let it be put away. */
  const handed = new Set<string>()
  let trouble: string | undefined
  let carrierSaid: string | undefined

  const take = async (name: string): Promise<void> => {
    const path = join(spool.path, 'incoming', name)
    const { mtimeMs, size } = await stat(path)
    if (!handed.has(name)) {
      const { headers, text } =
        size > MAX_FILE_BYTES ? { headers: new Map<string, string>(), text: undefined } : parseSmsFile(await readFile(path))
      const from = senderOf(headers)
      // A report of delivery is about a message of ours, not an answer; headers of a partial file are those of a message that lost a part.
      if (from === undefined || text === undefined || headers.has('Error') || /^SMS STATUS REPORT/.test(text))
        log.warn({ channel: 'sms-modem', file: name }, 'an incoming file that is no text message is put away')
      else {
        if (CARRIERS.test(from)) {
          carrierSaid = plainLine(text).slice(0, 120)
          log.info({ channel: 'sms-modem', from, text: carrierSaid }, 'the network wrote')
        }
        context.onReply({ from, text: plainText(text), atMs: Math.round(mtimeMs) })
      }
      handed.add(name)
    }
    await spool.putAway(name)
    handed.delete(name)
  }

  const look = async (): Promise<void> => {
    const seen = new Map<string, number>()
    for (const entry of await readdir(join(spool.path, 'incoming'), { withFileTypes: true })) {
      if (!entry.isFile() || entry.name.startsWith('.') || entry.name.endsWith('.LOCK')) continue
      const { size } = await stat(join(spool.path, 'incoming', entry.name))
      if (size > 0 && sizes.get(entry.name) === size) await take(entry.name)
      else seen.set(entry.name, size)
    }
    sizes = seen
  }

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await look()
        trouble = undefined
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        // Once for every new trouble: it is looked again every second.
        if (message !== trouble) log.error({ channel: 'sms-modem', error: message }, 'incoming messages cannot be read')
        trouble = message
      }
      await sleep(POLL_MS, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }

  const running = run()
  return {
    carrierSaid: () => carrierSaid,
    async stop() {
      stopping.abort()
      await running
    },
  }
}

/** As the channel writes numbers; a service number or a name as it came. */
function senderOf(headers: ReadonlyMap<string, string>): string | undefined {
  const from = headers.get('From')?.trim()
  if (from === undefined || from === '') return undefined
  // The daemon leaves the "+" of an international number away and tells it by the type of address.
  const isInternational = /^\d+$/.test(from) && headers.get('From_TOA')?.startsWith('91') === true
  return normalisedNumber(isInternational ? `+${from}` : from) ?? plainLine(from).slice(0, 40)
}
