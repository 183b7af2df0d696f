import { describe, expect, it } from 'vitest'
import { robotContract } from '../../../../../tests/kit/robot-contract.ts'
import { dingtalkChannel } from './index.ts'
import { dingtalkProtocol, dingtalkSignature } from './protocol.ts'

describe('dingtalk', () => {
  robotContract({
    channel: dingtalkChannel,
    vendor: 'dingtalk',
    secret: 'SEC0123456789abcdef',
    mention: '13800001111',
    injection: '@all @所有人',
    retryAfterMs: 600_000,
    invalidAddresses: ['@all', 'a b', 'a"b'],
  })

  it('puts the escaped signature behind the copied address', () => {
    const { url } = dingtalkProtocol('https://oapi.dingtalk.com/robot/send?access_token=abc', 'this is secret').request(
      'x',
      { name: '', address: '' },
      { language: 'zh' } as never,
      1_590_000_000_000,
    )
    expect(url.searchParams.get('access_token')).toBe('abc')
    expect(url.searchParams.get('timestamp')).toBe('1590000000000')
    expect(url.searchParams.get('sign')).toBe(dingtalkSignature('this is secret', 1_590_000_000_000))
    expect(url.search).not.toMatch(/sign=[^&]*[+/]/)
  })

  it('takes the refusal of the gateway before the robot as being too fast', () => {
    const protocol = dingtalkProtocol('https://oapi.dingtalk.com/robot/send?access_token=abc', undefined)
    const verdict = protocol.verdict({ status: 1111, wait: 5, source: 'x5', punish: 'deny' })
    expect(protocol.failure(verdict?.code ?? 0, '')).toMatchObject({ kind: 'unreachable', retryAfterMs: 600_000 })
  })
})
