import { expect, it } from 'vitest'
import { outgoingFile, parseSmsFile } from './sms-file.ts'

it('writes Chinese as UCS-2 big endian and plain English for the 7-bit alphabet', () => {
  const chinese = outgoingFile('+8613800138000', '过热🔥')
  const header = 'To: 8613800138000\nAlphabet: UCS2\nAutosplit: 3\n\n'
  expect(chinese.subarray(0, header.length).toString()).toBe(header)
  expect(chinese.subarray(header.length).toString('hex')).toBe('8fc770edd83ddd25')
  expect(parseSmsFile(chinese).text).toBe('过热🔥')
  expect(outgoingFile('+4930123456', 'too warm').toString()).toBe('To: 4930123456\nAlphabet: UTF-8\nAutosplit: 3\n\ntoo warm')
})

it.each([
  ['ISO', Buffer.from([0x4f, 0x4b, 0x20, 0xa4]), 'OK €'],
  ['ISO', Buffer.from('确认'), '确认'],
  ['UCS2', Buffer.from([0x78, 0x6e, 0x8b, 0xa4]), '确认'],
  ['binary', Buffer.from([1, 2]), undefined],
])('reads a text in %s', (alphabet, body, text) => {
  const file = parseSmsFile(Buffer.concat([Buffer.from(`From: 8613800138000\nAlphabet: ${alphabet}\n\n`), body]))
  expect(file.headers.get('From')).toBe('8613800138000')
  expect(file.text).toBe(text)
})

it('reads garbage as a file without a text', () => {
  for (const garbage of [Buffer.alloc(0), Buffer.from([0xff, 0, 1]), Buffer.from('From: 1')])
    expect(parseSmsFile(garbage).text).toBeUndefined()
})
