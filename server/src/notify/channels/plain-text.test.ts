import { describe, expect, it } from 'vitest'
import { cutToBytes, plainLine, plainText, shownAnswer } from './plain-text.ts'

describe('plainLine', () => {
  it('makes one line without control characters or half characters', () => {
    expect(plainLine(' a\r\nBcc: x\u0000\u001b[31m\u009b\u2028b\ud83d ')).toBe('a Bcc: x [31m b\ufffd')
  })
})

describe('plainText', () => {
  it('keeps lines and tabs only', () => {
    expect(plainText('a\r\nb\rc\u2029d\te\u0000\u0007f\u007f')).toBe('a\nb\nc\nd\te  f ')
  })
})

describe('cutToBytes', () => {
  it('leaves what fits', () => expect(cutToBytes('温度', 6, '…')).toBe('温度'))

  it.each([
    ['Chinese', '温度过高', 9, '温度+'],
    ['a family', 'a👩‍👩‍👧b', 14, 'a+'],
    ['an accent of its own', `e\u0301${'x'.repeat(20)}`, 3, '+'],
    ['no room at all', 'abc', 1, '+'],
  ])('cuts at the border of a character: %s', (_what, text, maxBytes, expected) => {
    expect(cutToBytes(text, maxBytes, '+')).toBe(expected)
  })

  it('stays within every limit, whatever the text', () => {
    const text = `a温👩‍👩‍👧é${'\u0301'.repeat(100)}🇨🇳`.repeat(3)
    for (let maxBytes = 1; maxBytes < Buffer.byteLength(text); maxBytes += 1) {
      const cut = cutToBytes(text, maxBytes, '+')
      expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(maxBytes)
      expect(cut.isWellFormed()).toBe(true)
      expect(text.startsWith(cut.slice(0, -1))).toBe(true)
    }
  })
})

describe('shownAnswer', () => {
  it('shows the beginning, on one line, without secrets in any form', () => {
    const secret = 'geheim/1'
    const answer = `ok\n${secret} ${encodeURIComponent(secret)} ${Buffer.from(secret).toString('base64')} ${'x'.repeat(500)}`
    expect(shownAnswer(answer, [secret, undefined, ''])).toMatch(/^ok \*\*\* \*\*\* \*\*\* x{185}$/)
  })
})
