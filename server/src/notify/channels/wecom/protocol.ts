// Source: 企业微信开发者中心 "群机器人配置说明" (https://developer.work.weixin.qq.com/document/path/91770) and "全局错误码"
// (https://developer.work.weixin.qq.com/document/path/90313).
import type { ChannelConnection, ChannelContext } from '../channel.ts'
import { cutToBytes } from '../plain-text.ts'
import { cutNote, openRobot, type RobotFailure, type RobotProtocol } from '../robot.ts'
import type { WecomSettings } from './index.ts'

/** Longest `text.content`. Plain text and not markdown: markdown cannot mention by mobile number and is not shown inside WeChat. */
const MAX_TEXT_BYTES = 2048

/** Everything else, such as 93000 (wrong key, robot deleted) and 40058 (parameters), stays so at the next attempt. */
const FAILURES: Readonly<Record<number, RobotFailure>> = {
  [-1]: { kind: 'unreachable', hint: '系统繁忙 · busy' },
  45009: { kind: 'unreachable', retryAfterMs: 60_000, hint: '每分钟最多 20 条 · at most 20 messages a minute' },
  45033: { kind: 'unreachable', retryAfterMs: 10_000, hint: '并发过多 · too many at a time' },
  93000: { kind: 'refused', hint: '地址中的 key 无效或机器人已被移出群 · the key is wrong, or the robot has left the group' },
}

export function openWecom(settings: WecomSettings, context: ChannelContext): ChannelConnection {
  return openRobot(settings, context, wecomProtocol(settings.webhook))
}

export function wecomProtocol(webhook: string): RobotProtocol {
  return {
    vendor: '企业微信',
    request: (text, { address }, notice) => ({
      url: new URL(webhook),
      body: JSON.stringify({
        msgtype: 'text',
        text: {
          // `<@userid>` mentions from inside a text: a device's name must not.
          content: cutToBytes(text.replaceAll('<@', '＜@'), MAX_TEXT_BYTES, cutNote(notice)),
          ...mentions(address),
        },
      }),
    }),
    verdict: ({ errcode, errmsg }) =>
      typeof errcode === 'number' ? { code: errcode, words: typeof errmsg === 'string' ? errmsg : '' } : undefined,
    failure: (code) => FAILURES[code] ?? { kind: 'refused' },
  }
}

function mentions(address: string): Record<string, string[]> {
  if (address === '') return {}
  return /^\+?\d+$/.test(address) ? { mentioned_mobile_list: [address] } : { mentioned_list: [address] }
}
