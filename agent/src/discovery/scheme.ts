import type { DriverContext } from '../drivers/driver.ts'
import type { RegisterMap } from './register-map-file.ts'

/** A device's own keys, as agent.yaml has them. */
export type DeviceKeys = Record<string, unknown>

/** What is said besides the URL. */
export interface Given {
  /** Secrets may come from here, so that they are not in the shell's history. */
  env: NodeJS.ProcessEnv
  registerMap?: RegisterMap
}

/** What a look at an address found. */
export interface Exploration {
  /** For people, one line each. */
  facts: string[]
  /** The devices there, to be read one by one. */
  devices: { id: string; keys: DeviceKeys }[]
  /** Why no device is listed, and what to do. */
  missing?: string
}

/** One kind of URL. Its name is the scheme and the driver. */
export interface DeviceScheme {
  name: string
  /** How such a URL is written, for messages. */
  form: string
  /** Does the driver need a register map? */
  needsRegisterMap?: boolean
  /** The device's keys out of the URL; its driver's schema checks them afterwards. Throws a WrongInput. */
  keysOf(url: URL, given: Given): DeviceKeys
  /** Asks what is there; only reads, and tries nothing blindly. Throws a DriverError when nothing answers. */
  explore(keys: DeviceKeys, context: DriverContext): Promise<Exploration>
}
