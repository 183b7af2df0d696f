import { type DeviceSettings, parseDeviceSettings, type ReadingValue } from '@roomkeeper/shared/model'
import { DEVICE_SETTINGS, METRIC, type Payload } from '@roomkeeper/shared/sparkplug'

/** What a host may ask of the node. */
export type NodeCommand =
  | { kind: 'rebirth' }
  | { kind: 'committed'; offset: number }
  | { kind: 'replay'; fromOffset: number }
  /** Not obeyed, with the reason. */
  | { kind: 'refused'; why: string }

/**
 * The commands in one NCMD. Offsets mean something only within the log they were given by: a commit must name its epoch,
 * a replay must not name another.
 */
export function parseNodeCommands(payload: Payload, epoch: string | undefined): NodeCommand[] {
  const named = payload.metrics.find((metric) => metric.name === METRIC.logEpoch)?.value
  const commands: NodeCommand[] = []
  for (const { name, value } of payload.metrics) {
    if (name === METRIC.rebirth && value === true) commands.push({ kind: 'rebirth' })
    if (name !== METRIC.committedOffset && name !== METRIC.replayFrom) continue
    const isCommit = name === METRIC.committedOffset
    if (epoch === undefined) commands.push({ kind: 'refused', why: `${name}: there is no log` })
    else if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
      commands.push({ kind: 'refused', why: `${name}: ${String(value)} is no offset` })
    else if (named !== epoch && (isCommit || named !== undefined))
      commands.push({ kind: 'refused', why: `${name}: epoch ${String(named)} is not ${epoch}` })
    else commands.push(isCommit ? { kind: 'committed', offset: value } : { kind: 'replay', fromOffset: value })
  }
  return commands
}

/** What a host may ask of one device. */
export type DeviceCommand =
  | { kind: 'settings'; settings: DeviceSettings }
  | { kind: 'output'; key: string; value: ReadingValue }
  /** Not obeyed, with the reason. */
  | { kind: 'refused'; why: string }

/** The commands in one DCMD. `outputs` are the points of the device that may be switched, `nameOf` tells the metric of an alias. */
export function parseDeviceCommands(
  payload: Payload,
  outputs: ReadonlySet<string>,
  nameOf: (alias: number | undefined) => string | undefined = () => undefined,
): DeviceCommand[] {
  return payload.metrics.map(({ name: told, alias, value }) => {
    const name = told ?? nameOf(alias) ?? ''
    if (name === DEVICE_SETTINGS) {
      const settings = parseDeviceSettings(value)
      return settings ? { kind: 'settings', settings } : { kind: 'refused', why: `${name}: not the settings of a device` }
    }
    return outputs.has(name) ? { kind: 'output', key: name, value } : { kind: 'refused', why: `"${name}" is no output of this device` }
  })
}
