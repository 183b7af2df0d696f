import { isBitTable, type Table } from './register-map.ts'

/** What is asked of a unit, and how its answer is known: without unit number, header and check sum, which belong to the framing. */
export interface Question {
  pdu: Buffer
  /** How long the answer that begins so will be; undefined while that cannot be told yet, null when this begins no answer to the question. */
  answerLength(start: Buffer): number | undefined | null
}

const READ_CODES: Record<Table, number> = { coil: 1, discrete: 2, holding: 3, input: 4 }
const WRITE_COIL = 5
const WRITE_REGISTER = 6
const WRITE_COILS = 15
const ENCAPSULATED = 0x2b
const DEVICE_IDENTIFICATION = 0x0e
/** Modbus application protocol V1.1b3 §4.1. */
const MAX_PDU_BYTES = 253

export const ILLEGAL_FUNCTION = 1
export const ILLEGAL_ADDRESS = 2
export const ILLEGAL_VALUE = 3
/** Modbus application protocol V1.1b3 §7. */
const EXCEPTIONS: Record<number, string> = {
  1: 'illegal function',
  2: 'illegal data address',
  3: 'illegal data value',
  4: 'device failure',
  5: 'acknowledge, ask later',
  6: 'device busy',
  8: 'memory parity error',
  10: 'gateway path unavailable',
  11: 'gateway: the device does not answer',
}

/** The device answered with an exception instead of data. */
export class ModbusException extends Error {
  readonly code: number
  constructor(code: number) {
    super(`Modbus exception ${code} (${EXCEPTIONS[code] ?? 'unknown'})`)
    this.name = 'ModbusException'
    this.code = code
  }
}

/** Functions 1–4: `count` addresses from `start`. The data is the answer from its third byte on. */
export function readQuestion(table: Table, start: number, count: number): Question {
  const code = READ_CODES[table]
  const byteCount = isBitTable(table) ? Math.ceil(count / 8) : count * 2
  return {
    pdu: Buffer.from([code, start >> 8, start & 0xff, count >> 8, count & 0xff]),
    answerLength: withExceptions(code, (answer) => {
      if (answer.length < 2) return undefined
      return answer[1] === byteCount ? 2 + byteCount : null
    }),
  }
}

/** Function 5, or 15 for modules that know only that. */
export function writeCoilQuestion(address: number, isOn: boolean, asMultiple: boolean): Question {
  const [high, low] = [address >> 8, address & 0xff]
  if (!asMultiple) return echoed(Buffer.from([WRITE_COIL, high, low, isOn ? 0xff : 0, 0]))
  return echoed(Buffer.from([WRITE_COILS, high, low, 0, 1, 1, isOn ? 1 : 0]), 5)
}

/** Function 6. `value` is 0–65535. */
export function writeRegisterQuestion(address: number, value: number): Question {
  return echoed(Buffer.from([WRITE_REGISTER, address >> 8, address & 0xff, value >> 8, value & 0xff]))
}

/** Function 43/14, basic identification: maker, product code, revision. */
export function identificationQuestion(): Question {
  return {
    pdu: Buffer.from([ENCAPSULATED, DEVICE_IDENTIFICATION, 1, 0]),
    answerLength: withExceptions(ENCAPSULATED, (answer) => {
      if (answer.length > 1 && answer[1] !== DEVICE_IDENTIFICATION) return null
      if (answer.length < 7) return undefined
      let end = 7
      for (let object = 0; object < (answer[6] ?? 0); object++) {
        const length = answer[end + 1]
        if (length === undefined) return undefined
        end += 2 + length
      }
      return end
    }),
  }
}

/** The texts of an answer to `identificationQuestion`, by object number: 0 maker, 1 product code, 2 revision. */
export function identificationTexts(answer: Buffer): ReadonlyMap<number, string> {
  const texts = new Map<number, string>()
  let at = 7
  for (let object = 0; object < (answer[6] ?? 0); object++) {
    const length = answer[at + 1] ?? 0
    texts.set(answer[at] ?? 0, textOf(answer.subarray(at + 2, at + 2 + length)))
    at += 2 + length
  }
  return texts
}

/** Printable ASCII out of registers or objects, without padding. */
export function textOf(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replace(/[^\x20-\x7e]/g, ' ')
    .trim()
}

/** The exception that an answer is, or undefined. */
export function exceptionOf(answer: Buffer): ModbusException | undefined {
  return ((answer[0] ?? 0) & 0x80) === 0 ? undefined : new ModbusException(answer[1] ?? 0)
}

function echoed(pdu: Buffer, echoedBytes = pdu.length): Question {
  const echo = pdu.subarray(0, echoedBytes)
  const code = pdu[0] ?? 0
  return {
    pdu,
    answerLength: withExceptions(code, (answer) => {
      const known = Math.min(answer.length, echo.length)
      return answer.subarray(0, known).equals(echo.subarray(0, known)) ? echo.length : null
    }),
  }
}

function withExceptions(code: number, normal: Question['answerLength']): Question['answerLength'] {
  return (answer) => {
    if (answer.length === 0) return undefined
    if (answer[0] === (code | 0x80)) return 2
    if (answer[0] !== code) return null
    const length = normal(answer)
    return typeof length === 'number' && length > MAX_PDU_BYTES ? null : length
  }
}
