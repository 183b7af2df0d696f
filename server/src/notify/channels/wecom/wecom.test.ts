import { describe } from 'vitest'
import { robotContract } from '../../../../../tests/kit/robot-contract.ts'
import { wecomChannel } from './index.ts'

describe('wecom', () => {
  robotContract({
    channel: wecomChannel,
    vendor: 'wecom',
    mention: '13800001111',
    injection: '<@all><@zhangsan>',
    retryAfterMs: 60_000,
    invalidAddresses: ['@all', 'a b', 'a"b', `a${'b'.repeat(70)}`],
  })
})
