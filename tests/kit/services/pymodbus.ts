import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { startChildProgram } from './child-program.ts'
import { freeTcpPort } from './free-port.ts'
import { PYTHON_PATH } from './require-program.ts'

const SERVER_PATH = fileURLToPath(new URL('./pymodbus-server.py', import.meta.url))

export type ModbusTable = 'input' | 'holding' | 'coil' | 'discrete'

/** Modbus devices by pymodbus (Debian's packages `python3-pymodbus` and, for serial lines, `python3-serial-asyncio`). */
export interface Pymodbus {
  /** On 127.0.0.1; 0 on a serial line. */
  readonly port: number
  /** Sets registers (0–65535) or bits (0, 1). Addresses never set answer with "illegal data address". */
  set(table: ModbusTable, address: number, values: readonly number[], unitId?: number): Promise<void>
  /** A register or bit as it stands in the device. */
  get(table: ModbusTable, address: number, unitId?: number): Promise<number>
  /** How many read requests came since this, `set` or `get` was last called. */
  countRequests(): Promise<number>
  stop(): Promise<void>
}

export interface PymodbusOptions {
  /** `rtu` needs `path`. */
  transport?: 'tcp' | 'rtu-over-tcp' | 'rtu'
  /** The first one is meant when `set` and `get` name none. Other numbers are not answered. */
  unitIds?: readonly number[]
  unitId?: number
  /** For starting it again where it was. */
  port?: number
  /** The serial port. */
  path?: string
}

export async function startPymodbus({
  transport = 'tcp',
  unitId = 1,
  unitIds = [unitId],
  ...options
}: PymodbusOptions = {}): Promise<Pymodbus> {
  const port = transport === 'rtu' ? 0 : (options.port ?? (await freeTcpPort()))
  const where = transport === 'rtu' ? (options.path ?? '') : String(port)
  const program = startChildProgram(PYTHON_PATH, [SERVER_PATH, transport, where, unitIds.join(',')])
  const { stdin, stdout } = program.process
  if (stdin === null || stdout === null) throw new Error('pymodbus: no pipes')
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]()
  const nextLine = async (): Promise<string> => {
    const line = await lines.next()
    if (line.done === true) throw new Error(`pymodbus ended: ${program.output()}`)
    return line.value
  }
  const order = async (what: object): Promise<string[]> => {
    stdin.write(`${JSON.stringify(what)}\n`)
    return (await nextLine()).split(' ')
  }
  if ((await nextLine()) !== 'ready') throw new Error(`pymodbus did not start: ${program.output()}`)
  const [first] = unitIds
  return {
    port,
    set: async (table, address, values, unit = first) => {
      await order({ unit, table, address, values })
    },
    get: async (table, address, unit = first) => Number((await order({ unit, table, get: address }))[2]),
    countRequests: async () => Number((await order({}))[1]),
    stop: () => program.stop(),
  }
}
