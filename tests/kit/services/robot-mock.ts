// MOCKS of the group robots of WeCom, DingTalk and Feishu, for the clouds cannot be had where the tests run. Written from the vendors'
// documents: "群机器人配置说明" (developer.work.weixin.qq.com/document/path/91770), "自定义机器人接入" and "自定义机器人安全设置"
// (open.dingtalk.com/document/robots/custom-robot-access), "自定义机器人使用指南" (open.feishu.cn/document/ukTMukTMukTM/ucTM5YjL3ETO24yNxkjN).
// What they cannot show: that the real robots take these messages, nor how they look in a chat.
import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'

type Vendor = 'wecom' | 'dingtalk' | 'feishu'

/** One message as the group sees it. */
export interface RobotMessage {
  text: string
  /** Mobile numbers and ids that get a notification; `*` for everybody. */
  mentions: string[]
}

export interface RobotMock {
  /** As a person copies it from the robot's settings. */
  webhook: string
  /** The key inside that address. */
  key: string
  messages: RobotMessage[]
  /** Messages a minute; more are refused with the vendor's number. */
  limitPerMinute: number
  /** Answers instead of the robot once, e.g. a gateway in front of it. */
  nextAnswer: { status: number; body: string } | undefined
  close(): Promise<void>
}

interface Verdict {
  code: number
  words: string
}
const OK: Verdict = { code: 0, words: 'ok' }
const HOUR_MS = 3_600_000

/** `secret`: the robot demands a signature with it. */
export async function startRobotMock(vendor: Vendor, key: string, secret?: string): Promise<RobotMock> {
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const forced = mock.nextAnswer
      mock.nextAnswer = undefined
      if (forced !== undefined) return response.writeHead(forced.status).end(forced.body)
      const verdict = judge(new URL(request.url ?? '/', 'http://robot'), body)
      // A refusal is HTTP 200 too.
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answerOf(vendor, verdict)))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no TCP port')
  const origin = `http://127.0.0.1:${address.port}`
  const sentAtMs: number[] = []

  const judge = (url: URL, body: string): Verdict => {
    const judged = { wecom: judgeWecom, dingtalk: judgeDingtalk, feishu: judgeFeishu }[vendor](url, body, key, secret)
    if ('code' in judged) return judged
    const minuteAgoMs = Date.now() - 60_000
    if (sentAtMs.filter((atMs) => atMs > minuteAgoMs).length >= mock.limitPerMinute) return TOO_FAST[vendor]
    sentAtMs.push(Date.now())
    mock.messages.push(judged)
    return OK
  }

  const mock: RobotMock = {
    webhook: {
      wecom: `${origin}/cgi-bin/webhook/send?key=${key}`,
      dingtalk: `${origin}/robot/send?access_token=${key}`,
      feishu: `${origin}/open-apis/bot/v2/hook/${key}`,
    }[vendor],
    key,
    messages: [],
    limitPerMinute: Number.POSITIVE_INFINITY,
    nextAnswer: undefined,
    close: () => {
      server.closeAllConnections()
      return new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
  return mock
}

const TOO_FAST: Record<Vendor, Verdict> = {
  wecom: { code: 45009, words: 'api freq out of limit, more info at https://open.work.weixin.qq.com/devtool/query?e=45009' },
  dingtalk: { code: 130101, words: 'send too fast, exceed 20 times per minute' },
  feishu: { code: 11232, words: 'frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]' },
}

function answerOf(vendor: Vendor, { code, words }: Verdict): unknown {
  if (vendor !== 'feishu') return { errcode: code, errmsg: words }
  return code === 0 ? { StatusCode: 0, StatusMessage: 'success', code: 0, data: {}, msg: 'success' } : { code, data: {}, msg: words }
}

interface WecomBody {
  msgtype?: string
  text?: { content?: string; mentioned_list?: string[]; mentioned_mobile_list?: string[] }
}

function judgeWecom(url: URL, body: string, key: string): Verdict | RobotMessage {
  if (url.searchParams.get('key') !== key)
    return { code: 93000, words: `invalid webhook url, hint: [1], more info, key ${url.searchParams.get('key')}` }
  const { msgtype, text } = parsed<WecomBody>(body)
  const content = text?.content
  if (msgtype !== 'text' || content === undefined || content === '') return { code: 40008, words: 'invalid message type' }
  if (Buffer.byteLength(content) > 2048)
    return { code: 40058, words: 'Invalid input : content exceed max length. invalid Request Parameter' }
  const inText = [...content.matchAll(/<@([^>]+)>/g)].map(([, id]) => id ?? '')
  return {
    text: content,
    mentions: everybody([...(text?.mentioned_list ?? []), ...(text?.mentioned_mobile_list ?? []), ...inText], '@all'),
  }
}

interface DingtalkBody {
  msgtype?: string
  text?: { content?: string }
  at?: { atMobiles?: string[]; atUserIds?: string[]; isAtAll?: boolean }
}

function judgeDingtalk(url: URL, body: string, key: string, secret: string | undefined): Verdict | RobotMessage {
  if (url.searchParams.get('access_token') !== key) return { code: 300005, words: 'token is not exist' }
  if (secret !== undefined) {
    const timestamp = url.searchParams.get('timestamp') ?? ''
    if (Math.abs(Date.now() - Number(timestamp)) > HOUR_MS) return { code: 310000, words: 'invalid timestamp' }
    const sign = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64')
    if (url.searchParams.get('sign') !== sign) return { code: 310000, words: 'sign not match' }
  }
  const { msgtype, text, at } = parsed<DingtalkBody>(body)
  const content = text?.content
  if (msgtype !== 'text' || content === undefined || content === '') return { code: 40035, words: 'empty content' }
  if (Buffer.byteLength(body) > 20_000) return { code: 460101, words: 'message too long, exceed 20000 bytes' }
  return { text: content, mentions: [...(at?.atMobiles ?? []), ...(at?.atUserIds ?? []), ...(at?.isAtAll === true ? ['*'] : [])] }
}

interface FeishuBody {
  timestamp?: string
  sign?: string
  msg_type?: string
  content?: { text?: string }
}

function judgeFeishu(url: URL, body: string, key: string, secret: string | undefined): Verdict | RobotMessage {
  if (url.pathname !== `/open-apis/bot/v2/hook/${key}`)
    return { code: 19001, words: 'param invalid: incoming webhook access token invalid' }
  if (Buffer.byteLength(body) > 20 * 1024) return { code: 9499, words: 'Bad Request' }
  const { timestamp = '', sign, msg_type, content } = parsed<FeishuBody>(body)
  if (secret !== undefined) {
    const right = createHmac('sha256', `${timestamp}\n${secret}`).update('').digest('base64')
    if (sign !== right || Math.abs(Date.now() / 1000 - Number(timestamp)) > 3600)
      return { code: 19021, words: 'sign match fail or timestamp is not within one hour from current time' }
  }
  const text = content?.text
  if (msg_type !== 'text' || text === undefined || text === '') return { code: 9499, words: 'Bad Request' }
  const mentions = [...text.matchAll(/<at\s+user_id\s*=\s*"([^"]*)"\s*>/g)].map(([, id]) => id ?? '')
  return { text, mentions: everybody(mentions, 'all') }
}

function everybody(mentions: string[], all: string): string[] {
  return mentions.map((mention) => (mention === all ? '*' : mention))
}

function parsed<T extends object>(body: string): Partial<T> {
  try {
    return JSON.parse(body) as Partial<T>
  } catch {
    return {}
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
