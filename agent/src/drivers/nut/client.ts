import { DriverError } from '../driver.ts'
import { TcpExchange } from '../tcp-exchange.ts'
import { errorOfToken, type ListAnswer, parseListAnswer } from './protocol.ts'

/** The biggest PDUs list some 400 variables, 30 kB. */
const MAX_ANSWER_BYTES = 262_144

/**
 * Reads from upsd (RFC 9271). It never sends LOGIN: reading needs none, and upsd counts every logged-in client as a machine to wait
 * for before it shuts the UPS down.
 */
export class NutClient {
  private readonly exchange: TcpExchange

  constructor(options: { host: string; port: number; timeoutMs: number }) {
    this.exchange = new TcpExchange({ ...options, maxAnswerBytes: MAX_ANSWER_BYTES })
  }

  /** Names of the UPSes upsd serves. */
  async listUpses(signal?: AbortSignal): Promise<string[]> {
    const answer = await this.list('UPS', signal)
    if ('error' in answer) throw errorOfToken(answer.error, '*')
    return answer.rows.flatMap(([word, name]) => (word === 'UPS' && name !== undefined ? [name] : []))
  }

  /** All variables of one UPS. An unknown UPS is a configuration error that names those there are. */
  async listVariables(ups: string, signal?: AbortSignal): Promise<Map<string, string>> {
    const answer = await this.list(`VAR ${ups}`, signal)
    if ('error' in answer) {
      if (answer.error !== 'UNKNOWN-UPS') throw errorOfToken(answer.error, ups)
      const upses = await this.listUpses(signal)
      throw new DriverError('configuration', `ups: the NUT server has no UPS "${ups}"; it has: ${upses.join(', ') || 'none'}`)
    }
    const variables = new Map<string, string>()
    for (const [word, , name, value] of answer.rows) {
      if (word === 'VAR' && name !== undefined) variables.set(name, value ?? '')
    }
    return variables
  }

  close(): void {
    this.exchange.close()
  }

  private list(what: string, signal?: AbortSignal): Promise<ListAnswer> {
    return this.exchange.request(Buffer.from(`LIST ${what}\n`), (received) => parseListAnswer(received, what), signal)
  }
}
