import { connect } from 'node:net'
import { type DriverContext, DriverError } from '../../drivers/driver.ts'
import type { DeviceScheme } from '../scheme.ts'
import { hostOf, pathParts, queryOf, refuseUser } from '../url-parts.ts'
import { WrongInput } from '../wrong-input.ts'

const DEFAULT_PORT = 502
const DEFAULT_UNIT = 1
const form = 'modbus://host[:port]/unitId (--map <file>)'

/** A Modbus TCP device or gateway. Modbus has no way to ask a device what it is, so nothing is read without a register map. */
export const modbusScheme: DeviceScheme = {
  name: 'modbus',
  form,
  needsRegisterMap: true,
  keysOf(url, given) {
    refuseUser(url, form)
    queryOf(url, [], form)
    const [unit] = pathParts(url, 1, form)
    if (unit !== undefined && (!/^\d{1,3}$/.test(unit) || Number(unit) > 255))
      throw new WrongInput(`从站号应为 0–255 的整数 · the unit must be a number from 0 to 255, got "${unit}"; 格式 · written as: ${form}`)
    return { ...hostOf(url, form), unitId: unit === undefined ? DEFAULT_UNIT : Number(unit), ...given.registerMap?.keys }
  },
  async explore(keys, context) {
    const { host, port = DEFAULT_PORT, unitId } = keys as { host: string; port?: number; unitId: number }
    await checkPort(host, port, context)
    const facts = [`Modbus TCP ${host}:${port}: 端口接受连接 · the port accepts connections`]
    if (keys.points !== undefined) return { facts, devices: [{ id: `modbus-${host}-${unitId}`, keys }] }
    return { facts, devices: [], missing: MAP_NEEDED }
  },
}

/** Told by `read` too, before anything is connected. */
export const MAP_NEEDED =
  'Modbus 设备不会说明自己是什么，不盲目试探寄存器：请用 --map <文件> 给出寄存器表 · a Modbus device cannot say what it is and no register is tried blindly: give its register map by --map <file>（agent/src/drivers/modbus/sample.yaml）'

/** Rejects with a DriverError when nothing listens; sends nothing. */
function checkPort(host: string, port: number, { timeoutMs }: DriverContext): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port })
    const fail = (reason: string): void => {
      socket.destroy()
      reject(new DriverError('unreachable', `${host}:${port}: ${reason}`))
    }
    socket.setTimeout(timeoutMs, () => fail(`no connection within ${timeoutMs} ms`))
    socket.once('error', (error) => fail(error.message))
    socket.once('connect', () => {
      socket.destroy()
      resolve()
    })
  })
}
