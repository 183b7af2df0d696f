import { setTimeout as sleep } from 'node:timers/promises'
import { inspect } from 'node:util'
import pino from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  type Channel,
  type ChannelConnection,
  type ChannelContext,
  ChannelError,
  type ChannelErrorKind,
  type Notice,
  type Recipient,
} from '../../server/src/notify/channels/channel.ts'

/** Where one request of the contract leads: settings as a person enters them (before the schema) and whom to tell. */
export interface ChannelTarget {
  settings: Record<string, unknown>
  recipient: Recipient
  dispose(): Promise<void>
}

/** A real peer, or a program that stands for one. Its settings hold every secret the channel has, each at least 8 characters long. */
export interface ChannelPeer extends ChannelTarget {
  /** What arrived since the start, as its reader sees it (decoded), oldest first. One notice may arrive in several parts. */
  received(): Promise<readonly string[]>
}

/** Why a case of the suite cannot exist for this channel: shown as the reason of a skipped test. */
export interface NotApplicable {
  notApplicable: string
}
type Case = (() => Promise<ChannelTarget>) | NotApplicable

export interface ChannelContractSubject<Settings> {
  channel: Channel<Settings>
  startPeer(): Promise<ChannelPeer>
  /** An address where nobody answers at all (refused connection, missing modem). */
  unreachable: Case
  /** A peer that takes what it is sent and never answers. */
  silent: Case
  /** A peer that refuses everybody: wrong key, wrong password. */
  refusing: Case
  /** A peer that takes notices, but not for this recipient. */
  wrongRecipient: Case
  /** Wrong settings, and the path of the key that the message must name. */
  invalidSettings: readonly { settings: Record<string, unknown>; key: string }[]
  /** Addresses the channel's schema must refuse; empty for a channel without addresses. */
  invalidAddresses: readonly string[]
  /** False for a channel that only switches something: what arrives holds no words. */
  carriesText?: false
  /** What a channel that switches outputs is given. */
  switchOutput?: ChannelContext['switchOutput']
  /** For a peer that is slow by waiting: every case at the same time, each with a peer of its own. Only for channels without secrets. */
  sideBySide?: true
}

/** A shape of ordinary size: what the pipeline sends when a room becomes warm. */
export function exampleNotice(change: Partial<Notice> = {}): Notice {
  return {
    id: 'notice-4711-1',
    kind: 'raise',
    priority: 'high',
    language: 'zh',
    title: '中心机房 温度过高 31.5 ℃',
    text: '中心机房 温度过高\n当前 31.5 ℃，限值 28 ℃\n设备 th-1',
    url: 'https://roomkeeper.example/alarms/4711',
    replyCode: '482913',
    atMs: 1_790_000_000_000,
    facts: {
      alarmId: 4711,
      incidentId: 12,
      room: '中心机房',
      device: 'th-1',
      point: 'temperature',
      condition: 'high',
      value: '31.5 ℃',
      limit: '28 ℃',
      state: 'active',
    },
    ...change,
  }
}

const SEND_MS = 15_000
const DEADLINE_MS = 1000
/** Scheduling on a busy two-core machine, not a second time-out. */
const GRACE_MS = 1500

/** Texts nobody should send and somebody's device name will contain. */
const HOSTILE: readonly { what: string; change: Partial<Notice> }[] = [
  { what: '20 kB of Chinese', change: { text: '温度过高，请立即处理。\n'.repeat(600) } },
  { what: '20 kB without a space', change: { text: 'x'.repeat(20_000) } },
  { what: 'emoji at every possible border', change: { title: '🔥'.repeat(30), text: '👩‍🚒🔥🇨🇳é '.repeat(900) } },
  { what: 'newlines of every kind', change: { text: 'one\r\ntwo\rthree\n\n\n.\n..\nfour\u2028five' } },
  {
    what: 'control characters',
    change: { title: 'a\u0000b\u0007c\u001b[31md\u009be', text: 'a\u0000b\u0008\u001b]0;x\u0007\u001a\u0004c\u007f' },
  },
  { what: 'a lone surrogate', change: { title: 'a\ud83db', text: 'x\udc00y\ud83d' } },
  {
    what: 'headers in the title',
    change: { title: 'hot\r\nBcc: stranger@example.org\r\n\r\nhello', id: 'id\r\nBcc: stranger@example.org' },
  },
  {
    what: 'markup',
    change: { title: '<b>&amp;</b> "quote"', text: '<script>alert(1)</script> <at user_id="all">x</at> ](javascript:x) {{a}}' },
  },
  { what: 'an empty text', change: { text: '' } },
  { what: 'no address, no code, English', change: { url: undefined, replyCode: undefined, language: 'en', title: 'Room too warm' } },
]

/**
 * The suite every channel must pass. Call it inside a `describe` of its own. Whatever the channel answers, throws or logs on the way is
 * searched for the secrets of the settings that were used.
 */
export function channelContract<Settings>(subject: ChannelContractSubject<Settings>): void {
  const { channel } = subject
  const carriesText = subject.carriesText !== false
  // What one case shows could not be told from what another one does.
  if (subject.sideBySide && channel.secrets.length > 0) throw new Error(`${channel.name} has secrets: its cases run one after the other`)
  /** Everything a person could come to see since the test began, and what must not be in it. */
  let shown: string[] = []
  const secretsInUse = new Set<string>()
  const log = pino({ level: 'trace' }, { write: (line: string) => void shown.push(line) })
  const context = {
    log,
    clock: { nowMs: () => Date.now() },
    onReply: () => undefined,
    ...(subject.switchOutput ? { switchOutput: subject.switchOutput } : {}),
  }

  const secretsOf = (settings: Record<string, unknown>): string[] =>
    channel.secrets.map((key) => settings[key]).filter((value): value is string => typeof value === 'string')

  const open = async (settings: Record<string, unknown>): Promise<ChannelConnection> => {
    for (const secret of secretsOf(settings)) secretsInUse.add(secret)
    return channel.open(channel.settings.parse(settings), context)
  }

  /** The answer, or a failed test. */
  const sent = async (connection: ChannelConnection, notice: Notice, recipient: Recipient): Promise<string> => {
    const { answer } = await connection.send(notice, recipient, AbortSignal.timeout(SEND_MS))
    shown.push(answer)
    expect(answer.trim()).not.toBe('')
    return answer
  }

  /** The error, which must be a ChannelError of the kind and come within the time. */
  const failed = async (work: Promise<unknown>, kind: ChannelErrorKind | undefined, limitMs: number): Promise<void> => {
    const startedMs = performance.now()
    const error: unknown = await work.then(
      (answer) => expect.fail(`it should have been rejected, it answered ${inspect(answer)}`),
      (reason: unknown) => reason,
    )
    const tookMs = performance.now() - startedMs
    shown.push(inspect(error, { depth: 8 }), error instanceof Error ? (error.stack ?? '') : '')
    expect(error, inspect(error)).toBeInstanceOf(ChannelError)
    if (kind !== undefined) expect((error as ChannelError).kind, (error as ChannelError).message).toBe(kind)
    expect((error as ChannelError).message.trim()).not.toBe('')
    expect(tookMs).toBeLessThan(limitMs)
  }

  const withTarget = async (start: () => Promise<ChannelTarget>, use: (target: ChannelTarget) => Promise<void>): Promise<void> => {
    const target = await start()
    try {
      await use(target)
    } finally {
      await target.dispose()
    }
  }

  const itWhere = (name: string, start: Case, run: (start: () => Promise<ChannelTarget>) => Promise<void>): void => {
    if (typeof start === 'function') it(name, () => run(start), 30_000)
    else it.skip(`${name} (${start.notApplicable})`, () => undefined)
  }

  afterEach(() => {
    // Taken away first: what one test leaked is not the next one's fault.
    const [texts, secrets] = [shown, [...secretsInUse]]
    shown = []
    secretsInUse.clear()
    for (const secret of secrets)
      for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')])
        for (const text of texts) expect(text.includes(form), `a secret is shown in: ${text.replaceAll(form, '***')}`).toBe(false)
  })

  it('describes every setting in both languages, and its secrets are settings', () => {
    const properties = propertiesOf(z.toJSONSchema(channel.settings, { io: 'input', unrepresentable: 'any' }))
    for (const [key, description] of properties) expect(description, key).toMatch(/\p{Script=Han}.* · .*[a-zA-Z]/su)
    expect([...properties.keys()]).toEqual(expect.arrayContaining([...channel.secrets]))
    for (const text of [channel.title, channel.summary]) {
      expect(text.zh).toMatch(/\p{L}/u)
      expect(text.en).toMatch(/[a-zA-Z]/)
    }
    expect(channel.summary.zh).toMatch(/\p{Script=Han}/u)
  })

  it.each(subject.invalidSettings)('names the wrong setting $key', ({ settings, key }) => {
    const parsed = channel.settings.safeParse(settings)
    const paths = parsed.error?.issues.map((issue) =>
      // An unknown key's path is that of its parent; zod gives the key beside it.
      [...issue.path, ...(issue.code === 'unrecognized_keys' ? issue.keys : [])].join('.'),
    )
    expect(paths).toContain(key)
    for (const secret of secretsOf(settings)) expect(inspect(parsed.error, { depth: 8 })).not.toContain(secret)
  })

  if (channel.address === null) it('has no address, and none that is wrong', () => expect(subject.invalidAddresses).toEqual([]))
  else
    it.each(subject.invalidAddresses)('refuses the address %j', (address) => {
      expect(channel.address?.schema.safeParse(address).success).toBe(false)
    })

  describe('with a real peer', { concurrent: subject.sideBySide }, () => {
    let shared: ChannelPeer | undefined
    if (!subject.sideBySide) {
      beforeAll(async () => {
        shared = await subject.startPeer()
      }, 60_000)
      afterAll(async () => shared?.dispose(), 20_000)
    }
    const itWithPeer = (name: string, use: (peer: ChannelPeer) => Promise<void>): void =>
      it(name, async () => {
        if (shared) return use(shared)
        const own = await subject.startPeer()
        return use(own).finally(own.dispose)
      }, 60_000)

    /** Sends, waits until it has arrived, and gives what arrived since. */
    const delivered = async (peer: ChannelPeer, connection: ChannelConnection, notice: Notice): Promise<string> => {
      const before = (await peer.received()).length
      await sent(connection, notice, peer.recipient)
      const deadlineMs = performance.now() + 5000
      for (;;) {
        const news = (await peer.received()).slice(before)
        if (news.length > 0 || performance.now() > deadlineMs) {
          expect(news, 'nothing arrived').not.toEqual([])
          return news.join('\n')
        }
        await sleep(20)
      }
    }

    itWithPeer('keeps its settings through JSON, with its defaults, and the peer has all its secrets', async (peer) => {
      const settings = channel.settings.parse(peer.settings)
      expect(channel.settings.parse(JSON.parse(JSON.stringify(settings)))).toEqual(settings)
      for (const key of channel.secrets) {
        const secret = peer.settings[key]
        expect(typeof secret === 'string' && secret.length >= 8, `the peer's settings need a secret ${key}`).toBe(true)
      }
      if (channel.address !== null) expect(channel.address.schema.parse(peer.recipient.address)).toBe(peer.recipient.address)
    })

    itWithPeer('delivers a notice in both languages and answers with the words of the other side', async (peer) => {
      const connection = await open(peer.settings)
      const chinese = await delivered(peer, connection, exampleNotice({ id: 'plain-zh' }))
      const english = await delivered(peer, connection, exampleNotice({ id: 'plain-en', language: 'en', title: 'Room A is too warm' }))
      await connection.close()
      if (!carriesText) return
      expect(chinese).toContain('中心机房')
      expect(english).toContain('Room A is too warm')
    })

    itWithPeer('takes every kind of notice', async (peer) => {
      const connection = await open(peer.settings)
      const kinds = ['raise', 're-alarm', 'escalation', 'drill', 'test', 'all-clear', 'system', 'clear'] as const
      for (const kind of kinds) await sent(connection, exampleNotice({ id: `kind-${kind}`, kind }), peer.recipient)
      await connection.close()
    })

    itWithPeer('takes the same notice twice, and two at a time', async (peer) => {
      const connection = await open(peer.settings)
      for (const id of ['twice', 'twice']) await sent(connection, exampleNotice({ id }), peer.recipient)
      await Promise.all(['side-1', 'side-2'].map((id) => sent(connection, exampleNotice({ id }), peer.recipient)))
      await connection.close()
    })

    for (const { what, change } of HOSTILE)
      itWithPeer(`is not harmed by ${what}, nor is the next notice`, async (peer) => {
        const connection = await open(peer.settings)
        await delivered(peer, connection, exampleNotice({ id: `hostile ${what}`, ...change }))
        const next = await delivered(peer, connection, exampleNotice({ id: `after ${what}` }))
        await connection.close()
        if (carriesText) expect(next).toContain('中心机房')
      })

    itWithPeer('rejects when the signal is already aborted, and sends nothing', async (peer) => {
      const connection = await open(peer.settings)
      const before = (await peer.received()).length
      await failed(
        connection.send(exampleNotice({ id: 'aborted', title: 'aborted 17' }), peer.recipient, AbortSignal.abort()),
        undefined,
        GRACE_MS,
      )
      await sent(connection, exampleNotice({ id: 'after-abort' }), peer.recipient)
      await connection.close()
      if (carriesText) expect((await peer.received()).slice(before).join('\n')).not.toContain('aborted 17')
    })

    itWithPeer('closes twice, before and after use, and rejects what is sent then', async (peer) => {
      const unused = await open(peer.settings)
      await unused.close()
      const connection = await open(peer.settings)
      await sent(connection, exampleNotice({ id: 'before-close' }), peer.recipient)
      await Promise.all([connection.close(), connection.close()])
      await connection.close()
      for (const closed of [unused, connection])
        await failed(closed.send(exampleNotice({ id: 'closed' }), peer.recipient, AbortSignal.timeout(SEND_MS)), undefined, GRACE_MS)
    })
  })

  itWhere('says unreachable within the time when nobody is there', subject.unreachable, (start) =>
    withTarget(start, async ({ settings, recipient }) => {
      const connection = await open(settings)
      const sending = connection.send(exampleNotice(), recipient, AbortSignal.timeout(DEADLINE_MS))
      await failed(sending, 'unreachable', DEADLINE_MS + GRACE_MS)
      await connection.close()
    }),
  )

  itWhere('says unreachable within the time when the peer never answers', subject.silent, (start) =>
    withTarget(start, async ({ settings, recipient }) => {
      const connection = await open(settings)
      for (const id of ['silent-1', 'silent-2']) {
        const sending = connection.send(exampleNotice({ id }), recipient, AbortSignal.timeout(DEADLINE_MS))
        await failed(sending, 'unreachable', DEADLINE_MS + GRACE_MS)
      }
      await connection.close()
    }),
  )

  itWhere('stops waiting when it is aborted, and when it is closed', subject.silent, (start) =>
    withTarget(start, async ({ settings, recipient }) => {
      const connection = await open(settings)
      const abort = new AbortController()
      const aborted = failed(connection.send(exampleNotice(), recipient, abort.signal), 'unreachable', GRACE_MS)
      setTimeout(() => abort.abort(), 100)
      await aborted
      const closing = failed(connection.send(exampleNotice(), recipient, AbortSignal.timeout(SEND_MS)), undefined, 100 + GRACE_MS)
      await sleep(100)
      await connection.close()
      await closing
    }),
  )

  itWhere('says refused, which is not tried again', subject.refusing, (start) =>
    withTarget(start, async ({ settings, recipient }) => {
      const connection = await open(settings)
      await failed(connection.send(exampleNotice(), recipient, AbortSignal.timeout(SEND_MS)), 'refused', SEND_MS)
      await connection.close()
    }),
  )

  itWhere('says that only the recipient is wrong', subject.wrongRecipient, (start) =>
    withTarget(start, async ({ settings, recipient }) => {
      const connection = await open(settings)
      await failed(connection.send(exampleNotice(), recipient, AbortSignal.timeout(SEND_MS)), 'recipient', SEND_MS)
      await connection.close()
    }),
  )
}

/** Name and help text of the settings, those inside alternatives too. */
function propertiesOf(schema: z.core.JSONSchema.BaseSchema): Map<string, string | undefined> {
  const found = new Map<string, string | undefined>()
  for (const [key, property] of Object.entries(schema.properties ?? {}))
    found.set(key, typeof property === 'object' ? property.description : undefined)
  for (const part of [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])])
    if (typeof part === 'object') for (const [key, description] of propertiesOf(part)) found.set(key, found.get(key) ?? description)
  return found
}
