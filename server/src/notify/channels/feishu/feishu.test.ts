import { describe, expect, it } from 'vitest'
import { robotContract } from '../../../../../tests/kit/robot-contract.ts'
import { feishuChannel } from './index.ts'
import { feishuProtocol } from './protocol.ts'

describe('feishu', () => {
  robotContract({
    channel: feishuChannel,
    vendor: 'feishu',
    secret: 'feishu-signing-secret',
    mention: 'ou_84aad35d084aa403a838cf73ee18467',
    injection: '<at user_id="all">所有人</at>< AT user_id="all">x',
    retryAfterMs: 60_000,
    invalidAddresses: ['all', '13800 001111', 'a"b'],
  })

  it('waits for what is named a limit under another number', () => {
    const protocol = feishuProtocol('https://open.feishu.cn/open-apis/bot/v2/hook/abc', undefined)
    expect(protocol.failure(9499, 'too many request')).toMatchObject({ kind: 'unreachable', retryAfterMs: 60_000 })
    expect(protocol.failure(9499, 'Bad Request').kind).toBe('refused')
    expect(protocol.verdict({ StatusCode: 0, StatusMessage: 'success' })).toEqual({ code: 0, words: 'success' })
  })
})
