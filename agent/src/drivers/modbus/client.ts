import { DriverError } from '../driver.ts'
import { TcpExchange } from '../tcp-exchange.ts'
import { isBitTable, type Table } from './register-map.ts'

const FUNCTION_CODES: Record<Table, number> = { coil: 1, discrete: 2, holding: 3, input: 4 }
/** Bytes before the unit id: transaction id, protocol id, length (Modbus messaging on TCP/IP §3.1.3). */
const HEADER_BYTES = 6
const MAX_FRAME_BYTES = 260

export const ILLEGAL_FUNCTION = 1
export const ILLEGAL_ADDRESS = 2
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

/** Reads tables over Modbus TCP. */
export class ModbusTcpClient {
  private readonly exchange: TcpExchange
  private readonly unitId: number
  private transactionId = 0

  constructor(options: { host: string; port: number; unitId: number; timeoutMs: number }) {
    this.unitId = options.unitId
    this.exchange = new TcpExchange({ ...options, maxAnswerBytes: MAX_FRAME_BYTES })
  }

  /** `count` addresses from `start`: the answer's data bytes. Rejects with a ModbusException or a DriverError. */
  async read(table: Table, start: number, count: number, signal?: AbortSignal): Promise<Buffer> {
    this.transactionId = (this.transactionId + 1) & 0xffff
    const expected = { transactionId: this.transactionId, unitId: this.unitId, functionCode: FUNCTION_CODES[table] }
    const request = Buffer.alloc(12)
    request.writeUInt16BE(expected.transactionId, 0)
    request.writeUInt16BE(6, 4)
    request.writeUInt8(expected.unitId, 6)
    request.writeUInt8(expected.functionCode, 7)
    request.writeUInt16BE(start, 8)
    request.writeUInt16BE(count, 10)
    const byteCount = isBitTable(table) ? Math.ceil(count / 8) : count * 2
    const answer = await this.exchange.request(request, (received) => parseAnswer(received, { ...expected, byteCount }), signal)
    if ('exceptionCode' in answer) throw new ModbusException(answer.exceptionCode)
    return answer.data
  }

  close(): void {
    this.exchange.close()
  }
}

type Answer = { data: Buffer } | { exceptionCode: number }

/** The answer to one request once all of it is there; anything else than that answer is garbage. */
export function parseAnswer(
  received: Buffer,
  expected: { transactionId: number; unitId: number; functionCode: number; byteCount: number },
): { answer: Answer } | undefined {
  if (received.length < HEADER_BYTES) return undefined
  const length = received.readUInt16BE(4)
  if (received.readUInt16BE(2) !== 0 || length < 3 || length > MAX_FRAME_BYTES - HEADER_BYTES)
    throw garbage('not a Modbus TCP header', received)
  if (received.length < HEADER_BYTES + length) return undefined
  if (received.readUInt16BE(0) !== expected.transactionId) throw garbage('the answer to another request', received)
  const [unitId, functionCode, third] = received.subarray(HEADER_BYTES)
  if (unitId !== expected.unitId) throw garbage(`an answer of unit ${unitId} instead of ${expected.unitId}`, received)
  if (functionCode === (expected.functionCode | 0x80)) return { answer: { exceptionCode: third ?? 0 } }
  if (functionCode !== expected.functionCode) throw garbage(`function ${functionCode} instead of ${expected.functionCode}`, received)
  if (third !== expected.byteCount || length !== 3 + expected.byteCount)
    throw garbage(`${third} bytes instead of ${expected.byteCount}`, received)
  return { answer: { data: Buffer.from(received.subarray(HEADER_BYTES + 3, HEADER_BYTES + length)) } }
}

function garbage(what: string, received: Buffer): DriverError {
  return new DriverError('garbage', `Modbus: ${what}: ${received.subarray(0, 32).toString('hex')}`)
}
