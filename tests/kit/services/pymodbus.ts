import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { startChildProgram } from './child-program.ts'
import { freeTcpPort } from './free-port.ts'
import { PYTHON_PATH } from './require-program.ts'

const SERVER_PATH = fileURLToPath(new URL('./pymodbus-server.py', import.meta.url))

export type ModbusTable = 'input' | 'holding' | 'coil' | 'discrete'

/** A Modbus TCP device by pymodbus (Debian's package `python3-pymodbus`) on 127.0.0.1. */
export interface Pymodbus {
  readonly port: number
  /** Sets registers (0–65535) or bits (0, 1). Addresses never set answer with "illegal data address". */
  set(table: ModbusTable, address: number, values: readonly number[]): Promise<void>
  /** How many read requests came since this or `set` was last called. */
  countRequests(): Promise<number>
  stop(): Promise<void>
}

/** Starts the device; `port` is for starting it again where it was. */
export async function startPymodbus(options: { unitId?: number; port?: number } = {}): Promise<Pymodbus> {
  const port = options.port ?? (await freeTcpPort())
  const program = startChildProgram(PYTHON_PATH, [SERVER_PATH, String(port), String(options.unitId ?? 1)])
  const { stdin, stdout } = program.process
  if (stdin === null || stdout === null) throw new Error('pymodbus: no pipes')
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]()
  const nextLine = async (): Promise<string> => {
    const line = await lines.next()
    if (line.done === true) throw new Error(`pymodbus ended: ${program.output()}`)
    return line.value
  }
  const order = async (what: object): Promise<string> => {
    stdin.write(`${JSON.stringify(what)}\n`)
    return nextLine()
  }
  if ((await nextLine()) !== 'ready') throw new Error(`pymodbus did not start: ${program.output()}`)
  return {
    port,
    set: async (table, address, values) => {
      await order({ table, address, values })
    },
    countRequests: async () => Number((await order({})).split(' ')[1]),
    stop: () => program.stop(),
  }
}
