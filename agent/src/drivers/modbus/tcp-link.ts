import { DriverError } from '../driver.ts'
import { TcpExchange } from '../tcp-exchange.ts'
import type { ModbusLink } from './link.ts'
import type { Question } from './pdu.ts'

/** Bytes before the unit id: transaction id, protocol id, length (Modbus messaging on TCP/IP §3.1.3). */
const HEADER_BYTES = 6
const MAX_FRAME_BYTES = 260

/** Modbus TCP: frames with a transaction number, no check sum. */
export class TcpLink implements ModbusLink {
  private readonly exchange: TcpExchange
  private transactionId = 0

  constructor(host: string, port: number) {
    this.exchange = new TcpExchange({ host, port, timeoutMs: 0, maxAnswerBytes: MAX_FRAME_BYTES })
  }

  ask(unitId: number, question: Question, timeoutMs: number, signal: AbortSignal): Promise<Buffer> {
    this.transactionId = (this.transactionId + 1) & 0xffff
    const { transactionId } = this
    const header = Buffer.alloc(HEADER_BYTES + 1)
    header.writeUInt16BE(transactionId, 0)
    header.writeUInt16BE(question.pdu.length + 1, 4)
    header.writeUInt8(unitId, HEADER_BYTES)
    const bytes = Buffer.concat([header, question.pdu])
    return this.exchange.request(bytes, (received) => parseAnswer(received, { transactionId, unitId, question }), signal, timeoutMs)
  }

  async close(): Promise<void> {
    this.exchange.close()
  }
}

/** The answer to one question once all of it is there; anything else than that answer is garbage. */
export function parseAnswer(
  received: Buffer,
  { transactionId, unitId, question }: { transactionId: number; unitId: number; question: Question },
): { answer: Buffer } | undefined {
  if (received.length < HEADER_BYTES) return undefined
  const length = received.readUInt16BE(4)
  if (received.readUInt16BE(2) !== 0 || length < 3 || length > MAX_FRAME_BYTES - HEADER_BYTES)
    throw garbage('not a Modbus TCP header', received)
  if (received.length < HEADER_BYTES + length) return undefined
  if (received.readUInt16BE(0) !== transactionId) throw garbage('the answer to another request', received)
  if (received[HEADER_BYTES] !== unitId) throw garbage(`an answer of unit ${received[HEADER_BYTES]} instead of ${unitId}`, received)
  const answer = received.subarray(HEADER_BYTES + 1, HEADER_BYTES + length)
  if (question.answerLength(answer) !== answer.length) throw garbage('an answer to something else', received)
  return { answer: Buffer.from(answer) }
}

function garbage(what: string, received: Buffer): DriverError {
  return new DriverError('garbage', `Modbus: ${what}: ${received.subarray(0, 32).toString('hex')}`)
}
