import { z } from 'zod'
import { type ChannelConnection, type ChannelContext, ChannelError, type Notice, type Recipient } from './channel.ts'
import { guardedConnection } from './guarded-connection.ts'
import { type HttpAnswer, postJson, statusError } from './http-post.ts'
import { networkAccess } from './network-access.ts'
import { cutToBytes, plainLine, plainText, shownAnswer } from './plain-text.ts'

/** The setting that holds a robot's address, which is its key too. */
export function robotUrl(example: string, isRobotUrl: (url: URL) => boolean): z.ZodType<string> {
  return z
    .url({ protocol: /^https?$/, error: '应为机器人的 Webhook 地址 · the robot’s webhook address' })
    .refine((text) => URL.canParse(text) && isRobotUrl(new URL(text)), `应形如 ${example} · it looks like ${example}`)
    .describe(
      `从群机器人设置中复制的 Webhook 地址（${example}），任何人凭它都能发言，请保密 · Webhook address copied from the robot’s settings; who has it can post, keep it secret`,
    )
}

/** What one vendor's robot wants and says. */
export interface RobotProtocol {
  vendor: string
  /** `text` is the whole message without control characters. */
  request(text: string, recipient: Recipient, notice: Notice, nowMs: number): { url: URL; body: string }
  /** The vendor's number and words, or undefined when the JSON is not the vendor's. */
  verdict(json: Record<string, unknown>): { code: number; words: string } | undefined
  /** What a number other than 0 means. */
  failure(code: number, words: string): RobotFailure
}

/** `hint`: what a person can do, `zh · en`. */
export interface RobotFailure {
  kind: 'refused' | 'unreachable'
  retryAfterMs?: number
  hint?: string
}

interface RobotSettings {
  webhook: string
  secret?: string | undefined
  allowedNetworks: readonly string[]
  ca?: string | undefined
}

/**
 * A group robot: one POST per notice, the answer's own number decides and not the HTTP status, which is 200 for a refusal too. The robots
 * know no message ids, so a repeated notice is posted again.
 */
export function openRobot(settings: RobotSettings, { clock }: ChannelContext, protocol: RobotProtocol): ChannelConnection {
  const access = networkAccess(settings.allowedNetworks)
  // An answer may quote the whole address, its query or only the key.
  const { pathname, searchParams } = new URL(settings.webhook)
  const secrets = [settings.webhook, settings.secret, ...searchParams.values(), pathname.split('/').at(-1)].filter(
    (part) => part !== undefined && part.length >= 8,
  )
  return guardedConnection(async (notice, recipient, signal) => {
    const { url, body } = protocol.request(messageText(notice), recipient, notice, clock.nowMs())
    const answer = await postJson({ url, body, access, ca: settings.ca }, signal)
    const verdict = verdictOf(answer, protocol)
    if (verdict === undefined)
      throw (
        statusError(answer, shownAnswer(answer.body, secrets)) ??
        new ChannelError(
          'configuration',
          `答复不是${protocol.vendor}机器人的格式，请核对地址 · not the answer of such a robot; check the address`,
        )
      )
    const said = `${verdict.code} ${shownAnswer(verdict.words, secrets)}`.trim()
    if (verdict.code === 0) return { answer: said }
    const { kind, retryAfterMs, hint } = protocol.failure(verdict.code, verdict.words)
    throw new ChannelError(kind, `${protocol.vendor}：${said}${hint === undefined ? '' : `。${hint}`}`, {
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    })
  })
}

/** The note at the end of a text that was too long for the channel. */
export function cutNote(notice: Notice): string {
  return notice.language === 'zh' ? '\n……（内容过长，已截断）' : '\n… (cut, too long)'
}

/**
 * The request with as much of the text as the vendor takes. `build` makes the whole body: line ends and quotes grow when they are escaped,
 * so the text is cut until the body fits.
 */
export function fitBody(text: string, maxBodyBytes: number, note: string, build: (text: string) => unknown): string {
  let maxTextBytes = maxBodyBytes
  for (;;) {
    const body = JSON.stringify(build(cutToBytes(text, maxTextBytes, note)))
    const excessBytes = Buffer.byteLength(body) - maxBodyBytes
    if (excessBytes <= 0 || maxTextBytes <= 0) return body
    maxTextBytes -= excessBytes
  }
}

/** The reply code is for SMS only: in a group everybody would read it. */
function messageText(notice: Notice): string {
  return [plainLine(notice.title), plainText(notice.text).trim(), notice.url === undefined ? '' : plainLine(notice.url)]
    .filter((part) => part !== '')
    .join('\n')
}

function verdictOf(answer: HttpAnswer, protocol: RobotProtocol): { code: number; words: string } | undefined {
  let json: unknown
  try {
    json = JSON.parse(answer.body)
  } catch {
    return undefined
  }
  if (typeof json !== 'object' || json === null) return undefined
  return protocol.verdict(json as Record<string, unknown>)
}
