import { closest } from '../config/closest.ts'
import { formatProblem, problemsOf } from '../config/problem.ts'
import { knownKeys } from '../config/schema-keys.ts'
import type { Driver } from '../drivers/driver.ts'
import type { DeviceKeys, DeviceScheme, Given } from './scheme.ts'
import { WrongInput } from './wrong-input.ts'

/** What a URL means: which driver reads it, and the device's keys. */
export interface DeviceAddress {
  scheme: DeviceScheme
  driver: Driver
  keys: DeviceKeys
}

/** Takes a URL apart. Throws a WrongInput that says what is allowed, and never repeats what may be a secret. */
export function parseDeviceUrl(text: string, given: Given, schemes: readonly DeviceScheme[], drivers: readonly Driver[]): DeviceAddress {
  const name = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase()
  const forms = schemes.map(({ form }) => `\n  ${form}`).join('')
  if (name === undefined) throw new WrongInput(`不是设备地址 · not the URL of a device; 允许 · allowed:${forms}`)
  const scheme = schemes.find((candidate) => candidate.name === name)
  if (scheme === undefined) {
    const names = schemes.map((candidate) => candidate.name)
    const suggestion = closest(name, names)
    const meant = suggestion === undefined ? '' : `; did you mean "${suggestion}://"?`
    throw new WrongInput(`不支持 ${name}:// · "${name}://" is not supported${meant} 允许 · allowed:${forms}`)
  }
  const driverName = scheme.driver ?? name
  const driver = drivers.find((candidate) => candidate.name === driverName)
  if (driver === undefined) throw new Error(`no driver "${driverName}" is registered`)
  if (given.registerMap !== undefined && scheme.takesRegisterMap !== true) {
    throw new WrongInput(
      `--map 只用于 Modbus · --map is for ${schemes.flatMap((each) => (each.takesRegisterMap ? [`${each.name}://`] : [])).join(', ')} only`,
    )
  }
  // The message of the URL parser repeats the whole text, secrets and all.
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined) throw new WrongInput(`地址格式不对 · the URL is malformed (host, port 1–65535); 格式 · written as: ${scheme.form}`)
  if (url.hash !== '') throw new WrongInput(`地址中的 # 要写成 %23 · write # as %23; 格式 · written as: ${scheme.form}`)
  return { scheme, driver, keys: scheme.keysOf(url, given) }
}

/** Checks the keys by the driver's schema and fills in its defaults. Throws a WrongInput with every problem. */
export function checkedOptions({ scheme, driver, keys }: DeviceAddress, { registerMap }: Given): unknown {
  const parsed = driver.options.safeParse(keys)
  if (parsed.success) return parsed.data
  const problems = problemsOf(parsed.error.issues, keys, [], (path) => knownKeys(driver.options, path) ?? [])
  const lines = problems.map((problem) => {
    const isInMap = registerMap !== undefined && Object.hasOwn(registerMap.keys, String(problem.path[0]))
    return isInMap ? formatProblem(registerMap.fileName, registerMap.place(problem)) : formatProblem(`${scheme.name}://`, problem)
  })
  throw new WrongInput(`${lines.join('\n')}\n格式 · written as: ${scheme.form}`)
}
