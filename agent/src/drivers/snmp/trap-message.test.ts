import fc from 'fast-check'
import { expect, it } from 'vitest'
import { answerToInform, trapOid } from './trap-message.ts'

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))

// upsTrapOnBattery as RFC 3416 writes it: version 1 (2c), community "public", request id 1, sysUpTime.0 = 5, snmpTrapOID.0 = 1.3.6.1.2.1.33.2.0.1.
function message(pduTag: string): Uint8Array {
  const list = hex(
    '30 0d 06 08 2b 06 01 02 01 01 03 00 43 01 05 30 17 06 0a 2b 06 01 06 03 01 01 04 01 00 06 09 2b 06 01 02 01 21 02 00 01',
  )
  const pdu = [...hex('02 01 01 02 01 00 02 01 00'), 0x30, list.length, ...list]
  const content = [...hex('02 01 01 04 06 70 75 62 6c 69 63'), ...hex(pduTag), pdu.length, ...pdu]
  return Uint8Array.from([0x30, content.length, ...content])
}

it('names a version 2 trap and an inform', () => {
  expect(trapOid(message('a7'))).toBe('1.3.6.1.2.1.33.2.0.1')
  expect(trapOid(message('a6'))).toBe('1.3.6.1.2.1.33.2.0.1')
  expect(trapOid(message('a2'))).toBeUndefined()
})

it('answers an inform with the same message as a response, and nothing else', () => {
  expect(answerToInform(message('a6'))).toEqual(message('a2'))
  expect(answerToInform(message('a7'))).toBeUndefined()
})

it('gives nothing for garbage, and never throws', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(60), (bytes, cut) => {
      for (const part of [bytes, message('a6').subarray(0, cut), Uint8Array.from([0x30, ...bytes])]) {
        trapOid(part)
        expect(answerToInform(part)?.length ?? part.length).toBe(part.length)
      }
    }),
  )
  expect(trapOid(message('a7').subarray(0, 30))).toBeUndefined()
})
