interface Shown {
  roomId: number
  key: string
  atMs: number
}

const STORAGE_KEY = 'roomkeeper.room-key'
/** How long after the printed code was scanned a person counts as being at the room. */
export const ROOM_KEY_MS = 15 * 60_000

function shown(): Shown | null {
  try {
    return JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? 'null') as Shown | null
  } catch {
    return null
  }
}

/** The printed code of a room was scanned; kept for this tab only. null: it is not the room's, forget it. */
export function rememberRoomKey(roomId: number, key: string | null): void {
  try {
    if (key === null) sessionStorage.removeItem(STORAGE_KEY)
    else sessionStorage.setItem(STORAGE_KEY, JSON.stringify({ roomId, key, atMs: Date.now() } satisfies Shown))
  } catch {
    // Without storage the code counts for nothing; it can be scanned again.
  }
}

/** What the room's printed code said, while it counts; null: it was not scanned, or too long ago. */
export function roomKeyOf(roomId: number): string | null {
  const last = shown()
  return last?.roomId === roomId && Math.abs(Date.now() - last.atMs) < ROOM_KEY_MS ? last.key : null
}

/** Whether it was scanned in this tab, but too long ago. */
export function isRoomKeyOld(roomId: number): boolean {
  return shown()?.roomId === roomId && roomKeyOf(roomId) === null
}
