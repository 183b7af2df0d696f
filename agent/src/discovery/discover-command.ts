import { DriverError } from '../drivers/driver.ts'
import { DRIVERS } from '../drivers/index.ts'
import { deviceBlock } from './device-block.ts'
import { checkedOptions, parseDeviceUrl } from './device-url.ts'
import { readDevice } from './read-device.ts'
import { readRegisterMap } from './register-map-file.ts'
import { consoleOutput, deviceErrorText, driverContext, exitCodeOf, type Output } from './run-command.ts'
import type { Given } from './scheme.ts'
import { SCHEMES } from './schemes/index.ts'
import { NO_POINTS } from './snapshot-text.ts'
import { plain } from './wording.ts'

export interface DiscoverOptions {
  /** Path of a register map. */
  map?: string
  /** Folder with own device profiles. */
  profiles?: string
  timeoutMs: number
}

/**
 * `discover <url>`: says what answers and prints a block for the list `devices` of agent.yaml. All of what it prints as result is YAML:
 * what is for people only is a comment. Exit code 0 when there is at least one block, 1 when there is none.
 */
export function discoverCommand(url: string, options: DiscoverOptions, env = process.env, output: Output = consoleOutput): Promise<number> {
  return exitCodeOf(output, async () => {
    const context = driverContext(options)
    const given: Given = { env, ...(options.map !== undefined && { registerMap: readRegisterMap(options.map) }) }
    const address = parseDeviceUrl(url, given, SCHEMES, DRIVERS)
    const { driver, scheme } = address
    // What only the device can say is not in the keys yet.
    if (!scheme.complete || given.registerMap !== undefined) checkedOptions(address, given)
    const { facts, devices, missing } = await scheme.explore(address.keys, context, (line) => output.message(plain(line)))
    for (const fact of facts) output.result(`  # ${plain(fact)}`)
    if (missing !== undefined) output.message(missing)
    let blocks = 0
    for (const { id, keys, snapshot: said } of devices) {
      try {
        const opened = checkedOptions({ ...address, keys }, given)
        const snapshot = said ?? (await readDevice({ driver, options: opened, context }))
        if (snapshot.points.length === 0) {
          output.result(`  # ${plain(id)}: ${NO_POINTS}`)
          continue
        }
        for (const line of deviceBlock(id, driver.name, keys, snapshot)) output.result(line)
        blocks += 1
      } catch (error) {
        if (!(error instanceof DriverError)) throw error
        output.result(`  # ${plain(id)}: ${deviceErrorText(error)}`)
      }
    }
    return blocks > 0 ? 0 : 1
  })
}
