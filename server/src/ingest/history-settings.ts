import type { Db } from '../database/schema.ts'
import { LimitHistory } from '../limits/limit-history.ts'
import { localMinuteOf } from '../limits/local-minute.ts'
import { staleAfterMs } from '../live/silence-watch.ts'
import type { HistorySettings } from '../readings/history/history-settings.ts'
import { type Directory, subjectOf } from './directory.ts'

export interface HistorySettingsDependencies {
  db: Db
  nowMs(): number
  /** IANA name of the hospital's time zone. */
  timeZone: string
  /** Loaded: rolled up without its limits, an hour would stay so. */
  directory: Directory
}

/** What the history of readings needs to know of points: how long a reading holds, and the limits that were in force. */
export function historySettingsOf({ db, nowMs, timeZone, directory }: HistorySettingsDependencies): HistorySettings {
  const limits = new LimitHistory({ db, nowMs, localMinute: localMinuteOf(timeZone) })
  const entryOf = (id: number) => directory.points.get(id)
  return {
    zone: () => timeZone,
    // A reading holds for as long as it is not stale.
    holdMs: ({ id }) => staleAfterMs(entryOf(id)?.intervalMs ?? 0),
    bandsOf: async ({ id }, range) => {
      const point = entryOf(id)
      return point === undefined || point.device.isDrill ? [] : limits.bandsOf(subjectOf(point), range)
    },
    pointById: entryOf,
    pointsOfDevice: ({ site, node, device }) => [...(directory.nodes.get(`${site}/${node}`)?.devices.get(device)?.points.values() ?? [])],
  }
}
