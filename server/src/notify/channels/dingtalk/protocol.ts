// Source: 钉钉开放平台 "自定义机器人接入" and "自定义机器人安全设置" (https://open.dingtalk.com/document/robots/custom-robot-access,
// https://open.dingtalk.com/document/robots/customize-robot-security-settings). The numbers of errors are those that robots are known to
// answer with; the vendor has listed them differently over the years, so an unknown number is a refusal and shown with its words.
import { createHmac } from 'node:crypto'
import type { ChannelConnection, ChannelContext } from '../channel.ts'
import { cutNote, fitBody, openRobot, type RobotFailure, type RobotProtocol } from '../robot.ts'
import type { DingtalkSettings } from './index.ts'

/** "message too long, exceed 20000 bytes". */
const MAX_BODY_BYTES = 20_000
/** More than 20 messages a minute silence the robot for 10 minutes. */
const SILENCED_MS = 600_000

const TOO_FAST: RobotFailure = {
  kind: 'unreachable',
  retryAfterMs: SILENCED_MS,
  hint: '每分钟最多 20 条，超出后停 10 分钟 · more than 20 a minute silence the robot for 10 minutes',
}
const FAILURES: Readonly<Record<number, RobotFailure>> = {
  [-1]: { kind: 'unreachable', retryAfterMs: 30_000, hint: '系统繁忙 · busy' },
  130101: TOO_FAST,
  410100: TOO_FAST,
  // One number for three faults; the vendor's words before the hint say which.
  310000: {
    kind: 'refused',
    hint: '安全设置不符：核对加签密钥、服务器时钟、关键词或 IP 段 · security setting: check the key, the server’s clock, keywords or IP ranges',
  },
}

export function openDingtalk(settings: DingtalkSettings, context: ChannelContext): ChannelConnection {
  return openRobot(settings, context, dingtalkProtocol(settings.webhook, settings.secret))
}

export function dingtalkProtocol(webhook: string, secret: string | undefined): RobotProtocol {
  return {
    vendor: '钉钉',
    request: (text, { address }, notice, nowMs) => {
      const url = new URL(webhook)
      if (secret !== undefined) {
        url.searchParams.set('timestamp', String(nowMs))
        url.searchParams.set('sign', dingtalkSignature(secret, nowMs))
      }
      const isMobile = /^\+?\d[\d-]+$/.test(address)
      // The mention stands where the text has it; without it some clients show none.
      const mention = address === '' ? '' : `\n@${address}`
      const at = address === '' ? {} : isMobile ? { atMobiles: [address] } : { atUserIds: [address] }
      const body = fitBody(text, MAX_BODY_BYTES, cutNote(notice), (shortened) => ({
        msgtype: 'text',
        text: { content: shortened + mention },
        at: { ...at, isAtAll: false },
      }))
      return { url, body }
    },
    verdict: ({ errcode, errmsg, punish, wait }) => {
      if (typeof errcode === 'number') return { code: errcode, words: typeof errmsg === 'string' ? errmsg : '' }
      // The gateway before the robot, when it is asked too often: {"status":1111,"wait":5,"punish":"deny",…}.
      if (punish === 'deny') return { code: 130101, words: `punish deny, wait ${Number(wait)}` }
      return undefined
    },
    failure: (code) => FAILURES[code] ?? { kind: 'refused' },
  }
}

/** Base64 of HMAC-SHA256 with the secret over "timestamp\nsecret"; the time in ms, at most an hour off. Not yet escaped for a URL. */
export function dingtalkSignature(secret: string, nowMs: number): string {
  return createHmac('sha256', secret).update(`${nowMs}\n${secret}`).digest('base64')
}
