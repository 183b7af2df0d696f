import { describe, expect, it } from 'vitest'
import { readQuestion } from './pdu.ts'
import { parseAnswer } from './tcp-link.ts'

const expected = { transactionId: 1, unitId: 1, question: readQuestion('input', 0, 2) }
const whole = Buffer.from('0001000000070104040102fffe', 'hex')

describe('parseAnswer', () => {
  it('waits for every byte', () => {
    for (let length = 0; length < whole.length; length++) expect(parseAnswer(whole.subarray(0, length), expected)).toBeUndefined()
    expect(parseAnswer(whole, expected)).toEqual({ answer: Buffer.from('04040102fffe', 'hex') })
  })

  it('gives the exception', () => {
    expect(parseAnswer(Buffer.from('000100000003018402', 'hex'), expected)).toEqual({ answer: Buffer.from('8402', 'hex') })
  })

  it.each([
    ['another transaction', '0002000000070104040102fffe'],
    ['another unit', '0001000000070204040102fffe'],
    ['another function', '0001000000070103040102fffe'],
    ['another byte count', '00010000000501040201020000'],
    ['a length nobody sends', '00010000ffff0104040102fffe'],
    ['no Modbus at all', Buffer.from('HTTP/1.1 400 Bad Request').toString('hex')],
  ])('calls %s garbage', (_, hex) => {
    expect(() => parseAnswer(Buffer.from(hex, 'hex'), expected)).toThrow(expect.objectContaining({ kind: 'garbage' }))
  })
})
