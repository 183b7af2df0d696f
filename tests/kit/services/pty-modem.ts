import { closeSync, constants, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ChildProgram, startChildProgram, waitFor } from './child-program.ts'
import { SOCAT_PATH } from './modbus-serial-line.ts'
import { decodeSubmit, encodeDeliver, type SmsPart } from './sms-pdu.ts'

/** What the modem does next; a test changes it at any time. */
export interface ModemMood {
  /** Answers to nothing at all. */
  silent: boolean
  /** Answer to AT+CPIN?, e.g. "+CPIN: READY", "+CPIN: SIM PUK", "+CME ERROR: 10". */
  pin: string
  /** Second field of +CREG: 0 no network and not searching, 1 registered, 2 searching, 3 denied. */
  registration: number
  /** One line for each AT+CMGS to come that fails, e.g. "+CMS ERROR: 500"; empty: they succeed. */
  sendErrors: string[]
  /** Called for every command line before it is answered; its promise delays the answer. */
  onCommand?: ((line: string) => Promise<void> | void) | undefined
  /** Called when a message has been accepted, before its answer is written; its promise delays the answer. */
  onAccepted?: (() => Promise<void> | void) | undefined
}

/** A GSM modem in PDU mode (3GPP TS 27.005, 27.007) at the end of a pseudo-terminal. */
export interface PtyModem {
  /** The serial port for the daemon. */
  readonly path: string
  readonly mood: ModemMood
  /** Parts the network accepted, in order. */
  readonly accepted: readonly SmsPart[]
  /** Every command line it got. */
  readonly commands: readonly string[]
  /** Puts a message into the SIM's memory, and tells with +CMTI when the port is idle. */
  receive(sms: { from: string; text: string; alphabet: 'gsm7' | 'ucs2' }): void
  /** Messages still in the SIM's memory. */
  stored(): number
  stop(): Promise<void>
}

const MEMORY_SLOTS = 20
/** Control-Z ends a message, Escape drops it (TS 27.005 §3.5.1). */
const SUBMIT = '\x1a'
const ESCAPE = '\x1b'

export async function startPtyModem(): Promise<PtyModem> {
  const folder = mkdtempSync(join(tmpdir(), 'roomkeeper-modem-'))
  const path = join(folder, 'ttyModem')
  const socat = startChildProgram(SOCAT_PATH, [`pty,raw,echo=0,link=${path}`, 'stdio'])
  await waitFor(
    () => `socat made no terminal: ${socat.output()}`,
    5000,
    async () => (existsSync(path) ? true : undefined),
  )
  // Kept open: when the last user of a pseudo-terminal closes it, socat sees an end of file and ends.
  const keeper = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK)
  return new AtModem(path, socat, async () => {
    await socat.stop()
    closeSync(keeper)
    rmSync(folder, { recursive: true, force: true })
  })
}

class AtModem implements PtyModem {
  readonly path: string
  readonly mood: ModemMood = { silent: false, pin: '+CPIN: READY', registration: 1, sendErrors: [] }
  readonly accepted: SmsPart[] = []
  readonly commands: string[] = []
  readonly stop: () => Promise<void>
  readonly #write: (text: string) => void
  readonly #memory = new Map<number, { hex: string; length: number }>()
  #input = ''
  #isExpectingPdu = false
  #reference = 0

  constructor(path: string, socat: ChildProgram, stop: () => Promise<void>) {
    this.path = path
    this.stop = stop
    this.#write = (text) => socat.process.stdin?.write(text)
    socat.process.stdout?.on('data', (chunk: Buffer) => this.#onData(chunk.toString('latin1')))
  }

  receive(sms: { from: string; text: string; alphabet: 'gsm7' | 'ucs2' }): void {
    const slot = Array.from({ length: MEMORY_SLOTS }, (_, index) => index + 1).find((index) => !this.#memory.has(index))
    if (slot === undefined) throw new Error('the SIM is full')
    this.#memory.set(slot, encodeDeliver(sms))
  }

  stored(): number {
    return this.#memory.size
  }

  #onData(text: string): void {
    this.#input += text
    for (;;) {
      const end = firstOf(this.#input, this.#isExpectingPdu ? [SUBMIT, ESCAPE] : ['\r'])
      if (end < 0) return
      const line = this.#input.slice(0, end).trim()
      const isCancelled = this.#input[end] === ESCAPE
      this.#input = this.#input.slice(end + 1)
      if (this.#isExpectingPdu) {
        this.#isExpectingPdu = false
        if (isCancelled) this.#say('OK')
        else void this.#submit(line)
      } else if (line !== '') void this.#command(line)
    }
  }

  async #command(line: string): Promise<void> {
    this.commands.push(line)
    await this.mood.onCommand?.(line)
    if (this.mood.silent) return
    // Escape ends a prompt of before; it may stand before the next command.
    const command = line.slice(line.lastIndexOf(ESCAPE) + 1).toUpperCase()
    if (/^AT\+CMGS=\d+$/.test(command)) {
      this.#isExpectingPdu = true
      this.#write('\r\n> ')
      return
    }
    this.#say(...this.#answer(command))
  }

  #answer(command: string): string[] {
    const slot = Number(/=(\d+)/.exec(command)?.[1])
    switch (/^AT\+?[A-Z]*[?]?/.exec(command)?.[0]) {
      case 'AT+CPIN?':
        return this.mood.pin.includes('ERROR') ? [this.mood.pin] : [this.mood.pin, 'OK']
      case 'AT+CREG?':
        return [`+CREG: 0,${this.mood.registration}`, 'OK']
      case 'AT+CSQ':
        return [this.mood.registration === 1 ? '+CSQ: 23,0' : '+CSQ: 99,99', 'OK']
      case 'AT+CPMS?':
        return [`+CPMS: ${Array(3).fill(`"SM",${this.#memory.size},${MEMORY_SLOTS}`).join(',')}`, 'OK']
      case 'AT+CPMS':
        return [`+CPMS: ${Array(3).fill(`${this.#memory.size},${MEMORY_SLOTS}`).join(',')}`, 'OK']
      case 'AT+CMGL':
        return [...[...this.#memory].flatMap(([index, { hex, length }]) => [`+CMGL: ${index},1,,${length}`, hex]), 'OK']
      case 'AT+CMGR': {
        const found = this.#memory.get(slot)
        return found === undefined ? ['+CMS ERROR: 321'] : [`+CMGR: 0,,${found.length}`, found.hex, 'OK']
      }
      case 'AT+CMGD':
        this.#memory.delete(slot)
        return ['OK']
      case 'AT+CIMI':
        return ['460001234567890', 'OK']
      case 'AT+CGSN':
        return ['490154203237518', 'OK']
      default:
        return ['OK']
    }
  }

  async #submit(hex: string): Promise<void> {
    if (this.mood.silent) return
    const error = this.mood.sendErrors.shift()
    if (error !== undefined) {
      this.#say(error)
      return
    }
    // A command after a prompt that a killed daemon left: no message, says every modem.
    if (!/^[\dA-F]+$/i.test(hex)) {
      this.#say('+CMS ERROR: 304')
      return
    }
    this.accepted.push(decodeSubmit(hex))
    await this.mood.onAccepted?.()
    this.#say(`+CMGS: ${++this.#reference & 0xff}`, 'OK')
  }

  #say(...lines: string[]): void {
    this.#write(lines.map((line) => `\r\n${line}\r\n`).join(''))
  }
}

function firstOf(text: string, characters: readonly string[]): number {
  const found = characters.map((character) => text.indexOf(character)).filter((index) => index >= 0)
  return found.length === 0 ? -1 : Math.min(...found)
}
