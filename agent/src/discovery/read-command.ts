import { DRIVERS } from '../drivers/index.ts'
import { checkedOptions, parseDeviceUrl } from './device-url.ts'
import { readDevice } from './read-device.ts'
import { readRegisterMap } from './register-map-file.ts'
import { consoleOutput, driverContext, exitCodeOf, type Output } from './run-command.ts'
import type { Given } from './scheme.ts'
import { SCHEMES } from './schemes/index.ts'
import { makerAndModel, NO_POINTS, snapshotJson, snapshotTable } from './snapshot-text.ts'

export interface ReadOptions {
  /** Path of a register map. */
  map?: string
  /** Folder with own device profiles. */
  profiles?: string
  json?: boolean
  timeoutMs: number
}

/** `read <url>`: reads a device once and prints its points. Returns the exit code. */
export function readCommand(url: string, options: ReadOptions, env = process.env, output: Output = consoleOutput): Promise<number> {
  return exitCodeOf(output, async () => {
    const context = driverContext(options)
    const given: Given = { env, ...(options.map !== undefined && { registerMap: readRegisterMap(options.map) }) }
    const address = parseDeviceUrl(url, given, SCHEMES, DRIVERS)
    const keys = address.scheme.complete ? await address.scheme.complete(address.keys, context) : address.keys
    const snapshot = await readDevice({ driver: address.driver, options: checkedOptions({ ...address, keys }, given), context })
    if (snapshot.points.length === 0) output.message(NO_POINTS)
    if (options.json) {
      output.result(JSON.stringify(snapshotJson(snapshot, address.driver.name), null, 2))
      return snapshot.points.length > 0 ? 0 : 1
    }
    const title = makerAndModel(snapshot)
    if (title !== '') output.result(title)
    if (snapshot.points.length === 0) return 1
    for (const line of snapshotTable(snapshot)) output.result(line)
    return 0
  })
}
