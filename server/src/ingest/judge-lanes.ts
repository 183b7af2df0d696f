import type { AlarmChange } from '../alarms/alarm-types.ts'
import type { DeviceEntry } from './entries.ts'
import { changeOf } from './judging.ts'
import type { NodeSession } from './node-session.ts'

/** A stretch is missing: the judges that stand at its beginning will fold its replay; the live ones begin anew. */
export function forkJudges(session: NodeSession): void {
  for (const device of session.entry.devices.values()) {
    forkDevice(session, device)
    for (const point of device.points.values()) point.judge.restart()
  }
}

/** Points that are new while a replay is awaited begin with it. */
export function forkDevice(session: NodeSession, device: DeviceEntry): void {
  for (const point of device.points.values()) {
    if (point.history) continue
    point.history = point.judge.forkHistory()
    session.forked.push(point)
  }
}

/** The replay has reached the live records: what it found goes on in the live judges. */
export function joinJudges(session: NodeSession, submit: (change: AlarmChange) => void): void {
  for (const point of session.forked) {
    const { history } = point
    point.history = undefined
    const last = { timeMs: point.live.timeMs, value: point.live.value }
    if (history) point.judge.joinHistory(history, last, (event) => submit(changeOf(point, event)))
  }
  session.forked = []
}
