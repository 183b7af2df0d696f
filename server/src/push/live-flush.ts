import type { LiveUpdate } from '@roomkeeper/shared/push'
import type { LiveValue } from '../live/live-values.ts'

/** What the flush needs of a socket. */
export interface LiveWatcher {
  readonly id: string
  /** Sorted ids of the watched rooms, e.g. `1,4`; the name of the group that gets the same messages. */
  readonly group: string
  readonly roomIds: ReadonlySet<number>
  /** False while an earlier message has not left the process. */
  isReady(): boolean
}

export interface LiveSender {
  /** One message, encoded once, for every watcher of the group but these. */
  toGroup(group: string, butIds: readonly string[], updates: LiveUpdate[]): void
  toOne(id: string, updates: LiveUpdate[]): void
}

/**
 * Sends changed values to who watches their rooms. A watcher whose last message is still on its way gets nothing now; what changed
 * meanwhile is remembered by point, so a slow browser costs one reference for each point and always catches up with the latest values.
 */
export class LiveFlush {
  private readonly sender: LiveSender
  /** By watcher, then by point: however long it lasts, it never grows beyond the points watched. */
  private readonly owed = new Map<string, Map<number, LiveValue>>()

  constructor(sender: LiveSender) {
    this.sender = sender
  }

  flush(changed: readonly LiveValue[], watchers: Iterable<LiveWatcher>): void {
    const byRoom = Map.groupBy(changed, (value) => value.roomId)
    const inGroups = Map.groupBy(watchers, (watcher) => watcher.group)
    for (const [group, members] of inGroups) {
      const roomIds = members[0]?.roomIds ?? []
      const values = [...roomIds].flatMap((roomId) => byRoom.get(roomId) ?? [])
      const apart = members.filter((member) => this.owed.has(member.id) || !member.isReady())
      if (values.length > 0 && apart.length < members.length)
        this.sender.toGroup(
          group,
          apart.map((member) => member.id),
          values.map(toUpdate),
        )
      for (const member of apart) this.sendLatest(member, values)
    }
  }

  /** The watcher left, or watches other rooms from now on. */
  forget(id: string): void {
    this.owed.delete(id)
  }

  /** Sends these values and what is owed as soon as the watcher can take them; only the newest of each point. */
  sendLatest(watcher: LiveWatcher, values: readonly LiveValue[]): void {
    const owed = this.owed.get(watcher.id) ?? new Map<number, LiveValue>()
    for (const value of values) owed.set(value.pointId, value)
    if (owed.size === 0) return
    if (watcher.isReady()) {
      this.owed.delete(watcher.id)
      this.sender.toOne(watcher.id, [...owed.values()].map(toUpdate))
    } else this.owed.set(watcher.id, owed)
  }
}

function toUpdate(value: LiveValue): LiveUpdate {
  return [value.pointId, value.timeMs, value.value, value.quality, value.reason]
}
