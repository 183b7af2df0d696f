import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { DriverError } from '../driver.ts'
import type { SerialSettings } from './serial-settings.ts'

/** An open way to the units. */
export interface ByteLine {
  readonly stream: Duplex
  /** Resolves when it may be opened anew; never rejects. */
  close(): Promise<void>
}

/** A TCP connection to a serial server. */
export function openTcpLine(host: string, port: number, timeoutMs: number): Promise<ByteLine> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true, keepAlive: true })
    const fail = (reason: string): void => {
      socket.destroy()
      reject(new DriverError('unreachable', `${host}:${port}: ${reason}`))
    }
    const timer = setTimeout(() => fail(`no connection within ${Math.round(timeoutMs)} ms`), timeoutMs)
    const onError = (error: Error): void => {
      clearTimeout(timer)
      fail(error.message)
    }
    socket.once('error', onError)
    socket.once('connect', () => {
      clearTimeout(timer)
      socket.off('error', onError)
      resolve({
        stream: socket,
        close: async () => {
          socket.destroy()
        },
      })
    })
  })
}

/** A serial port. The native library is loaded here only: an agent without serial devices never has it in memory. */
export async function openSerialLine(path: string, settings: SerialSettings): Promise<ByteLine> {
  const [{ autoDetect }, { SerialPortStream }] = await Promise.all([
    import('@serialport/bindings-cpp'),
    import('@serialport/stream'),
  ]).catch((cause: unknown) => {
    throw new DriverError(
      'configuration',
      `本机没有可用的串口库 · no serial port library works on this machine: ${(cause as Error).message}`,
      {
        cause,
      },
    )
  })
  // `hupcl: false` keeps DTR as it is, so that adapters and boards are not reset each time the agent starts.
  const port = new SerialPortStream({ binding: autoDetect(), path, ...settings, autoOpen: false, endOnClose: true, hupcl: false })
  return new Promise((resolve, reject) => {
    port.open((error) => {
      if (error) reject(serialError(path, error))
      else resolve({ stream: port, close: () => closePort(port) })
    })
  })
}

function closePort(port: { isOpen: boolean; close(done: () => void): void }): Promise<void> {
  // One that was pulled is closed already, and closing is the last thing anybody hears of it.
  return new Promise((resolve) => (port.isOpen ? port.close(() => resolve()) : resolve()))
}

function serialError(path: string, cause: Error): DriverError {
  const { message } = cause
  if (/permission|access denied/i.test(message)) {
    return new DriverError('denied', `${path}: ${message}（把运行用户加入 dialout 组 · add the agent's user to the group dialout）`, {
      cause,
    })
  }
  if (/lock/i.test(message))
    return new DriverError('unreachable', `${path}: 被另一程序占用 · another program uses this port: ${message}`, { cause })
  return new DriverError('unreachable', `${path}: ${message}`, { cause })
}
