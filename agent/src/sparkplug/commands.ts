import { METRIC, type Payload } from '@roomkeeper/shared/sparkplug'

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
