import type { AlarmChange } from '../alarms/alarm-types.ts'
import type { DeviceEntry } from './entries.ts'
import { changeOf } from './judging.ts'
import type { NodeSession } from './node-session.ts'

// While a stretch of a node's log is missing, each point has two judges: `history` stands at the beginning of the stretch and folds its
// replay; `judge` began anew with the first record behind it and goes on live. When the replay has closed the stretch they are joined.

/** Keeps the judges as they stand, for the replay that begins here. */
export function forkJudges(session: NodeSession): void {
  for (const device of session.entry.devices.values()) forkDevice(session, device)
}

/** Points that are new while a replay is awaited begin with it. */
export function forkDevice(session: NodeSession, device: DeviceEntry): void {
  for (const point of device.points.values()) {
    if (point.history) continue
    point.history = point.judge.forkHistory()
    session.forked.push(point)
  }
}

/** A stretch was not seen: the judges that stand at its beginning will fold its replay, the live ones begin anew behind it. */
export function beginAnew(session: NodeSession): void {
  forkJudges(session)
  for (const point of session.forked) point.judge.restart()
}

/** The replay has reached the live records: what it found goes on in the live judges. */
export function joinJudges(session: NodeSession, submit: (change: AlarmChange) => void): void {
  for (const point of session.forked) {
    const { history } = point
    point.history = undefined
    if (history) point.judge.joinHistory(history, (event) => submit(changeOf(point, event)))
  }
  session.forked = []
}

/** The node has no log: nothing will be replayed. */
export function dropForks(session: NodeSession): void {
  for (const point of session.forked) point.history = undefined
  session.forked = []
}
