import { describe, expect, it } from 'vitest'
import { errorOfToken, parseListAnswer, splitWords } from './protocol.ts'

const answerTo = (text: string, what = 'VAR rack1') => parseListAnswer(Buffer.from(text), what)
const garbage = expect.objectContaining({ kind: 'garbage' })

describe('splitWords', () => {
  it.each([
    ['VAR su700 ups.mfr "APC"', ['VAR', 'su700', 'ups.mfr', 'APC']],
    ['VAR su700 ups.id ""', ['VAR', 'su700', 'ups.id', '']],
    [String.raw`UPS a "say \"hi\" \\ bye"`, ['UPS', 'a', String.raw`say "hi" \ bye`]],
    ['UPS a "机房 一"', ['UPS', 'a', '机房 一']],
    ['  two   words ', ['two', 'words']],
    ['', []],
  ])('splits %j', (line, words) => {
    expect(splitWords(line)).toEqual(words)
  })

  it('refuses an open quote', () => {
    expect(() => splitWords('VAR a b "open')).toThrow(garbage)
  })
})

describe('parseListAnswer', () => {
  const whole = 'BEGIN LIST VAR rack1\nVAR rack1 ups.status "OL"\nVAR rack1 ups.load "7"\nEND LIST VAR rack1\n'

  it('waits for the END line, however the bytes are cut', () => {
    for (let length = 0; length < whole.length; length++) expect(answerTo(whole.slice(0, length))).toBeUndefined()
    const rows = [
      ['VAR', 'rack1', 'ups.status', 'OL'],
      ['VAR', 'rack1', 'ups.load', '7'],
    ]
    expect(answerTo(whole)).toEqual({ answer: { rows } })
    expect(answerTo(whole.replaceAll('\n', '\r\n'))).toEqual({ answer: { rows } })
  })

  it('gives the token after ERR', () => {
    expect(answerTo('ERR DATA-STALE\n')).toEqual({ answer: { error: 'DATA-STALE' } })
  })

  it.each([
    ['another answer', 'BEGIN LIST UPS\n'],
    ['another protocol', 'HTTP/1.1 400 Bad Request\r\n'],
    ['a line without end', 'B'.repeat(5000)],
    ['a longer line within', `BEGIN LIST VAR rack1\n${'V'.repeat(5000)}\n`],
  ])('calls %s garbage', (_, text) => {
    expect(() => answerTo(text)).toThrow(garbage)
  })
})

describe('errorOfToken', () => {
  it.each([
    ['DATA-STALE', 'unreachable'],
    ['DRIVER-NOT-CONNECTED', 'unreachable'],
    ['ACCESS-DENIED', 'denied'],
    ['INVALID-ARGUMENT', 'garbage'],
  ])('%s is %s', (token, kind) => {
    expect(errorOfToken(token, 'rack1')).toMatchObject({ kind })
    expect(errorOfToken(token, 'rack1').message).toContain(token)
  })
})
