import type { Hold, MaintenanceWindow } from '@roomkeeper/shared/http'

/** Why the alarms of a whole device are silent now, and until when (null: until somebody ends it); the longest counts. */
export function silencedOf(
  device: { id: number; roomId: number },
  holds: readonly Pick<Hold, 'kind' | 'scope' | 'scopeId' | 'untilMs' | 'reason' | 'endedAtMs'>[],
  windows: readonly Pick<MaintenanceWindow, 'scope' | 'scopeId' | 'current' | 'title'>[],
): { untilMs: number | null; reason: string } | undefined {
  const covers = ({ scope, scopeId }: { scope: string; scopeId: number }) =>
    (scope === 'device' && scopeId === device.id) || (scope === 'room' && scopeId === device.roomId)
  const found = [
    ...holds
      .filter((hold) => hold.kind === 'out-of-service' && hold.endedAtMs === null && covers(hold))
      .map(({ untilMs, reason }) => ({ untilMs, reason })),
    ...windows.flatMap((window) => (window.current && covers(window) ? [{ untilMs: window.current.toMs, reason: window.title }] : [])),
  ]
  return found.sort((a, b) => (b.untilMs ?? Number.POSITIVE_INFINITY) - (a.untilMs ?? Number.POSITIVE_INFINITY))[0]
}
