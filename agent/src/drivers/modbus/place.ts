import { DriverError } from '../driver.ts'
import type { ModbusOptions } from './options.ts'
import { DEFAULT_SERIAL, type SerialSettings } from './serial-settings.ts'
import type { Place } from './shared-bus.ts'

type Serial = Partial<SerialSettings>
export type PlaceOptions = Pick<ModbusOptions, 'transport' | 'host' | 'port' | 'path'> & Serial

/** Where the unit is; a serial line is set as the options say, else as the profile says. Options are checked by their schema before. */
export function placeOf(options: PlaceOptions, profileSerial: Serial = {}): Place {
  const { transport, host, port, path } = options
  const serial: SerialSettings = {
    baudRate: options.baudRate ?? profileSerial.baudRate ?? DEFAULT_SERIAL.baudRate,
    dataBits: options.dataBits ?? profileSerial.dataBits ?? DEFAULT_SERIAL.dataBits,
    parity: options.parity ?? profileSerial.parity ?? DEFAULT_SERIAL.parity,
    stopBits: options.stopBits ?? profileSerial.stopBits ?? DEFAULT_SERIAL.stopBits,
  }
  if (transport === 'rtu' && path !== undefined) return { transport, path, serial }
  if (transport !== 'rtu' && host !== undefined) return transport === 'tcp' ? { transport, host, port } : { transport, host, port, serial }
  throw new DriverError('configuration', `transport ${transport}: host or path is missing`)
}
