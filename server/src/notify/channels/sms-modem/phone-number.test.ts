import { expect, it } from 'vitest'
import { normalisedNumber } from './phone-number.ts'

it.each([
  ['13800138000', '+8613800138000'],
  [' 138-0013 8000 ', '+8613800138000'],
  ['+86 138 0013 8000', '+8613800138000'],
  ['＋8613800138000', '+8613800138000'],
  ['008613800138000', '+8613800138000'],
  ['+49 (30) 123456', '+4930123456'],
  ['+85291234567', '+85291234567'],
])('%s is %s', (text, number) => expect(normalisedNumber(text)).toBe(number))

it.each(['', '10086', '12800138000', '1380013800', '138001380000', '+8613800', '+0123456789', '13800138000a', '+86\n13800138000\nX: y'])(
  '%j is no number',
  (text) => expect(normalisedNumber(text)).toBeUndefined(),
)
