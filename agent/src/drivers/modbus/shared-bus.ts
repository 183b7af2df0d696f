import { DriverError } from '../driver.ts'
import { Bus } from './bus.ts'
import { type ByteLine, openSerialLine, openTcpLine } from './lines.ts'
import type { ModbusLink } from './link.ts'
import { RtuLink } from './rtu-link.ts'
import { type SerialSettings, serialText } from './serial-settings.ts'
import { TcpLink } from './tcp-link.ts'

/** Where a unit is. */
export type Place =
  | { transport: 'tcp'; host: string; port: number }
  | { transport: 'rtu-over-tcp'; host: string; port: number; serial: SerialSettings }
  | { transport: 'rtu'; path: string; serial: SerialSettings }

interface Shared {
  bus: Bus
  users: number
  /** How the line is set; one line cannot be set in two ways. */
  settings: string
}

/** The only state drivers of this process share: a line, or a gateway with its one connection, belongs to all units on it. */
const buses = new Map<string, Shared>()
/** Lines whose last user has just gone. */
const closing = new Map<string, Promise<void>>()

/** The bus of a place, made at its first user; `release` closes it after its last. Throws a DriverError when it is in use with other settings. */
export function shareBus(place: Place): { bus: Bus; release(): Promise<void> } {
  const name = nameOf(place)
  const settings = place.transport === 'rtu' ? serialText(place.serial) : ''
  const shared = buses.get(name) ?? { bus: new Bus(linkTo(place, name)), users: 0, settings }
  if (shared.settings !== settings) {
    throw new DriverError(
      'configuration',
      `${name}: 同一串口上的设备须用相同的串口参数 · the devices of one serial line must be set alike: ${settings}, another has ${shared.settings}`,
    )
  }
  buses.set(name, shared)
  shared.users += 1
  let isReleased = false
  return {
    bus: shared.bus,
    async release() {
      if (isReleased) return
      isReleased = true
      shared.users -= 1
      if (shared.users > 0) return
      buses.delete(name)
      const closed = shared.bus.close()
      closing.set(name, closed)
      await closed
      if (closing.get(name) === closed) closing.delete(name)
    },
  }
}

function nameOf(place: Place): string {
  return place.transport === 'rtu' ? place.path : `${place.transport === 'tcp' ? '' : 'rtu '}${place.host}:${place.port}`
}

function linkTo(place: Place, name: string): ModbusLink {
  if (place.transport === 'tcp') return new TcpLink(place.host, place.port)
  const { baudRate } = place.serial
  if (place.transport === 'rtu') {
    const open = async (): Promise<ByteLine> => {
      await closing.get(name)
      return openSerialLine(place.path, place.serial)
    }
    return new RtuLink({ name, baudRate, open })
  }
  return new RtuLink({ name, baudRate, open: (timeoutMs) => openTcpLine(place.host, place.port, timeoutMs) })
}
