// Source: 飞书开放平台 "自定义机器人使用指南" (https://open.feishu.cn/document/ukTMukTMukTM/ucTM5YjL3ETO24yNxkjN).
import { createHmac } from 'node:crypto'
import type { ChannelConnection, ChannelContext } from '../channel.ts'
import { plainLine } from '../plain-text.ts'
import { cutNote, fitBody, openRobot, type RobotFailure, type RobotProtocol } from '../robot.ts'
import type { FeishuSettings } from './index.ts'

/** The request body may have 20 kB. */
const MAX_BODY_BYTES = 20_000

const FAILURES: Readonly<Record<number, RobotFailure>> = {
  11232: { kind: 'unreachable', retryAfterMs: 60_000, hint: '限流：每分钟 100 条、每秒 5 条 · limit: 100 a minute, 5 a second' },
  19001: { kind: 'refused', hint: '地址无效或机器人已被移出群 · the address is wrong, or the robot has left the group' },
  19021: { kind: 'refused', hint: '核对签名密钥和服务器时钟 · check the key of the signature and the server’s clock' },
  19022: { kind: 'refused', hint: '本机地址不在机器人的 IP 白名单中 · this address is not on the robot’s IP list' },
  19024: { kind: 'refused', hint: '消息中没有机器人的关键词 · the message has none of the robot’s keywords' },
}

export function openFeishu(settings: FeishuSettings, context: ChannelContext): ChannelConnection {
  return openRobot(settings, context, feishuProtocol(settings.webhook, settings.secret))
}

export function feishuProtocol(webhook: string, secret: string | undefined): RobotProtocol {
  return {
    vendor: '飞书',
    request: (text, { name, address }, notice, nowMs) => {
      const timestamp = String(Math.floor(nowMs / 1000))
      const signed = secret === undefined ? {} : { timestamp, sign: feishuSignature(secret, timestamp) }
      const mention = address === '' ? '' : `\n<at user_id="${address}">${withoutTags(plainLine(name))}</at>`
      const body = fitBody(withoutTags(text), MAX_BODY_BYTES, cutNote(notice), (shortened) => ({
        ...signed,
        msg_type: 'text',
        content: { text: shortened + mention },
      }))
      return { url: new URL(webhook), body }
    },
    verdict: ({ code, msg, StatusCode, StatusMessage }) => {
      if (typeof code === 'number') return { code, words: typeof msg === 'string' ? msg : '' }
      // Older robots answer with these names only.
      return typeof StatusCode === 'number'
        ? { code: StatusCode, words: typeof StatusMessage === 'string' ? StatusMessage : '' }
        : undefined
    },
    failure: (code, words) =>
      // 9499 is "Bad Request" and, under load, "frequency limited" too.
      FAILURES[code] ?? (/frequency|too many/i.test(words) ? (FAILURES[11232] ?? { kind: 'unreachable' }) : { kind: 'refused' }),
  }
}

/** Base64 of HMAC-SHA256 of nothing with "timestamp\nsecret" as the key; the time in Unix seconds, at most an hour off. */
export function feishuSignature(secret: string, timestamp: string): string {
  return createHmac('sha256', `${timestamp}\n${secret}`).update('').digest('base64')
}

/** `<at user_id="all">` mentions from inside a text: a device's name must not. */
function withoutTags(text: string): string {
  return text.replace(/<(?=\s*\/?\s*at\b)/gi, '＜')
}
