import type { Bus } from './bus.ts'
import {
  exceptionOf,
  identificationQuestion,
  identificationTexts,
  type Question,
  readQuestion,
  writeCoilQuestion,
  writeRegisterQuestion,
} from './pdu.ts'
import type { Table } from './register-map.ts'
import { type Place, shareBus } from './shared-bus.ts'

/** One unit. Every method rejects with a ModbusException or a DriverError. */
export class ModbusClient {
  private readonly options: { unitId: number; timeoutMs: number; pauseMs: number }
  private readonly bus: Bus
  private readonly release: () => Promise<void>
  private readonly closing = new AbortController()

  constructor(place: Place, options: { unitId: number; timeoutMs: number; pauseMs: number }) {
    this.options = options
    const { bus, release } = shareBus(place)
    this.bus = bus
    this.release = release
  }

  /** `count` addresses from `start`: two bytes each, or eight bits a byte. */
  async read(table: Table, start: number, count: number, signal?: AbortSignal): Promise<Buffer> {
    return (await this.ask(readQuestion(table, start, count), signal)).subarray(2)
  }

  async writeCoil(address: number, isOn: boolean, asMultiple: boolean, signal?: AbortSignal): Promise<void> {
    await this.ask(writeCoilQuestion(address, isOn, asMultiple), signal, true)
  }

  async writeRegister(address: number, value: number, signal?: AbortSignal): Promise<void> {
    await this.ask(writeRegisterQuestion(address, value), signal, true)
  }

  /** What the unit says it is, by object number: 0 maker, 1 product code, 2 revision. */
  async identify(signal?: AbortSignal): Promise<ReadonlyMap<number, string>> {
    return identificationTexts(await this.ask(identificationQuestion(), signal))
  }

  /** Ends the question under way; the line stays open while another unit uses it. */
  close(): Promise<void> {
    this.closing.abort(new Error('the device was closed'))
    return this.release()
  }

  private async ask(question: Question, signal?: AbortSignal, isUrgent = false): Promise<Buffer> {
    const closing = this.closing.signal
    const either = signal === undefined ? closing : AbortSignal.any([signal, closing])
    const answer = await this.bus.ask({ ...this.options, question, isUrgent, signal: either })
    const exception = exceptionOf(answer)
    if (exception) throw exception
    return answer
  }
}
