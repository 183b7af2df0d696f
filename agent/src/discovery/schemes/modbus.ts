import { exploreUnits, type UnitRange, withProfile } from '../modbus-units.ts'
import type { DeviceKeys, DeviceScheme, Given } from '../scheme.ts'
import { decoded, hostOf, pathParts, queryOf, refuseUser } from '../url-parts.ts'
import { WrongInput } from '../wrong-input.ts'

const SERIAL = ['baudRate', 'dataBits', 'parity', 'stopBits'] as const
const DEFAULT_UNIT = 1
/** Units on a serial line. */
const ALL_UNITS: UnitRange = { first: 1, last: 247 }
/** Not a key of the device: which units `discover` looks at. */
const UNITS = Symbol('units')

const TCP = 'modbus://host[:port][/unitId][?profile=<name>][&units=1-247]'
const SERVER = 'rtu+tcp://host:port[/unitId][?profile=<name>][&units=1-247]'
const PORT = 'rtu:///dev/ttyUSB0[?unitId=1][&baudRate=9600&parity=none&stopBits=1][&profile=<name>][&units=1-247]'

/** A Modbus TCP device or gateway. Most answer whatever the number, so only one is asked unless a range is given. */
export const modbusScheme: DeviceScheme = {
  ...common('modbus', TCP),
  keysOf(url, given) {
    const query = networkQuery(url, [], TCP)
    return keysFrom(hostOf(url, TCP), unitInPath(url, TCP), query, given, { first: DEFAULT_UNIT, last: DEFAULT_UNIT }, TCP)
  },
}

/** Units behind a serial server that hands bytes on as they are (Moxa, USR and others in "TCP server" mode). */
export const rtuOverTcpScheme: DeviceScheme = {
  ...common('rtu+tcp', SERVER),
  keysOf(url, given) {
    const query = networkQuery(url, SERIAL, SERVER)
    const place = { transport: 'rtu-over-tcp', ...hostOf(url, SERVER), ...serialOf(query, SERVER) }
    return keysFrom(place, unitInPath(url, SERVER), query, given, ALL_UNITS, SERVER)
  },
}

/** Units on a serial port of this machine. */
export const rtuScheme: DeviceScheme = {
  ...common('rtu', PORT),
  keysOf(url, given) {
    refuseUser(url, PORT)
    if (url.hostname !== '') throw new WrongInput(`rtu: 要写三个斜杠 · needs three slashes; 格式 · written as: ${PORT}`)
    const path = decoded(url.pathname, PORT)
    if (path === '' || path === '/') throw new WrongInput(`缺少串口 · the serial port is missing; 格式 · written as: ${PORT}`)
    const query = queryOf(url, [...SERIAL, 'unitId', 'profile', 'units'], PORT)
    // Said in any case: the block for agent.yaml is to name what was tried.
    const place = { transport: 'rtu', path, baudRate: 9600, ...serialOf(query, PORT) }
    return keysFrom(place, unitNumber(query.get('unitId'), PORT), query, given, ALL_UNITS, PORT)
  },
}

function common(name: string, form: string): Omit<DeviceScheme, 'keysOf'> {
  return {
    name,
    form,
    driver: 'modbus',
    takesRegisterMap: true,
    explore: (keys, context, progress) => exploreUnits(keys, rangeOf(keys), context, progress),
    complete: withProfile,
  }
}

function keysFrom(
  place: DeviceKeys,
  unitId: number | undefined,
  query: ReadonlyMap<string, string>,
  given: Given,
  all: UnitRange,
  form: string,
): DeviceKeys {
  const profile = query.get('profile')
  const keys = {
    ...place,
    unitId: unitId ?? DEFAULT_UNIT,
    ...(profile !== undefined && { profile }),
    ...given.registerMap?.keys,
  }
  const asked = query.get('units')
  const range = asked !== undefined ? rangeIn(asked, form) : unitId === undefined ? all : { first: unitId, last: unitId }
  // A symbol is no key that a schema or YAML sees.
  return Object.defineProperty(keys, UNITS, { value: range, enumerable: false })
}

function rangeOf(keys: DeviceKeys): UnitRange {
  return (keys as { [UNITS]?: UnitRange })[UNITS] ?? ALL_UNITS
}

function rangeIn(text: string, form: string): UnitRange {
  const [, first, last = first] = /^(\d{1,3})(?:-(\d{1,3}))?$/.exec(text) ?? []
  const range = { first: Number(first), last: Number(last) }
  if (first === undefined || range.first < 1 || range.last > 247 || range.first > range.last)
    throw new WrongInput(`从站范围应为 1–247 · units must be a number or a range within 1–247, got "${text}"; 格式 · written as: ${form}`)
  return range
}

function networkQuery(url: URL, further: readonly string[], form: string): Map<string, string> {
  refuseUser(url, form)
  return queryOf(url, [...further, 'profile', 'units'], form)
}

function unitInPath(url: URL, form: string): number | undefined {
  return unitNumber(pathParts(url, 1, form)[0], form)
}

function unitNumber(unit: string | undefined, form: string): number | undefined {
  if (unit === undefined) return undefined
  if (!/^\d{1,3}$/.test(unit) || Number(unit) > 255)
    throw new WrongInput(`从站号应为 0–255 的整数 · the unit must be a number from 0 to 255, got "${unit}"; 格式 · written as: ${form}`)
  return Number(unit)
}

function serialOf(query: ReadonlyMap<string, string>, form: string): DeviceKeys {
  const keys: DeviceKeys = {}
  for (const name of SERIAL) {
    const value = query.get(name)
    if (value === undefined) continue
    if (name !== 'parity' && !/^\d+$/.test(value))
      throw new WrongInput(`?${name}= 应为整数 · must be a whole number; 格式 · written as: ${form}`)
    keys[name] = name === 'parity' ? value : Number(value)
  }
  return keys
}
