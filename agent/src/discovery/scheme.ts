import type { DriverContext } from '../drivers/driver.ts'
import type { DeviceSnapshot } from './read-device.ts'
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
  devices: {
    id: string
    keys: DeviceKeys /** What it said meanwhile, when it speaks only by itself; otherwise it is read now. */
    snapshot?: DeviceSnapshot
  }[]
  /** Why no device is listed, and what to do. */
  missing?: string
}

/** One kind of URL. Its name is the scheme, and the driver where no other is named. */
export interface DeviceScheme {
  name: string
  /** How such a URL is written, for messages. */
  form: string
  /** Where the scheme has another name than the driver. */
  driver?: string
  /** Is `--map` for this one? */
  takesRegisterMap?: boolean
  /** The device's keys out of the URL; its driver's schema checks them afterwards. Throws a WrongInput. */
  keysOf(url: URL, given: Given): DeviceKeys
  /** Asks what is there; only reads, and tries nothing blindly. Throws a DriverError when nothing answers. */
  explore(keys: DeviceKeys, context: DriverContext, progress: (line: string) => void): Promise<Exploration>
  /** Asks the device for keys the URL leaves out, for `read`. Throws a WrongInput when it cannot say them. */
  complete?(keys: DeviceKeys, context: DriverContext): Promise<DeviceKeys>
}
