import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { identificationQuestion, identificationTexts, readQuestion, writeCoilQuestion } from './pdu.ts'
import { crc16, findRtuAnswer, frameGapMs, rtuFrame } from './rtu-frame.ts'

const question = readQuestion('input', 1, 2)
const answer = Buffer.from('040400eb01c8', 'hex')
const frame = rtuFrame(1, answer)

describe('RTU frames', () => {
  it('have the check sum of the makers’ own examples', () => {
    // XY-MD02 manual: 01 04 00 01 00 01 60 0A; Waveshare: 01 05 00 00 FF 00 8C 3A.
    expect(rtuFrame(1, readQuestion('input', 1, 1).pdu).toString('hex')).toBe('010400010001600a')
    expect(rtuFrame(1, writeCoilQuestion(0, true, false).pdu).toString('hex')).toBe('01050000ff008c3a')
    expect(crc16(frame)).toBe(0)
  })

  it('are found whole only, also behind noise, an echo of the question and the answer of another unit', () => {
    for (let length = 0; length < frame.length; length++) expect(findRtuAnswer(frame.subarray(0, length), 1, question)).toBeUndefined()
    const before = Buffer.concat([Buffer.from('ff0001', 'hex'), rtuFrame(1, question.pdu), rtuFrame(2, answer)])
    expect(findRtuAnswer(Buffer.concat([before, frame]), 1, question)).toEqual(answer)
    expect(findRtuAnswer(before, 1, question)).toBeUndefined()
  })

  it('are not taken with any one bit changed', () => {
    fc.assert(
      fc.property(fc.nat(frame.length * 8 - 1), (bit) => {
        const broken = Buffer.from(frame)
        broken[bit >> 3] = (broken[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        expect(findRtuAnswer(broken, 1, question)).toBeUndefined()
      }),
    )
  })

  it('are not seen in what is no answer to this question', () => {
    for (const other of ['0402', '0403010203', '030400eb01c8', '0406000000000000'])
      expect(findRtuAnswer(rtuFrame(1, Buffer.from(other, 'hex')), 1, question), other).toBeUndefined()
    expect(findRtuAnswer(rtuFrame(1, Buffer.from('8402', 'hex')), 1, question)).toEqual(Buffer.from('8402', 'hex'))
  })

  it('are apart by 3.5 characters, and never by less than 1.75 ms', () => {
    expect(frameGapMs(9600)).toBeCloseTo(4.01, 2)
    expect(frameGapMs(115_200)).toBe(1.75)
  })
})

describe('device identification', () => {
  it('has a length that is known when all lengths are', () => {
    const said = Buffer.from('2b0e010100000200064163 6d652e2001025448'.replaceAll(' ', ''), 'hex')
    const asked = identificationQuestion()
    const whole = Array.from({ length: said.length + 1 }, (_, length) => asked.answerLength(said.subarray(0, length)))
    expect(whole.at(-1)).toBe(said.length)
    expect(whole.slice(0, 7)).toEqual(Array(7).fill(undefined))
    expect([...identificationTexts(said)]).toEqual([
      [0, 'Acme.'],
      [1, 'TH'],
    ])
  })
})
