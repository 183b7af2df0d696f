import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { api, errorCode } from '../../client/api.ts'
import { isRoomKeyOld, rememberRoomKey, roomKeyOf } from '../../client/room-key.ts'
import { useNowMs } from '../../ui/use-now.ts'

/** shown: the room's present code was scanned. offline: a code was scanned, the server has not said whether it is right. */
export type RoomCodeState = 'checking' | 'shown' | 'wrong' | 'expired' | 'offline' | 'noKey'

/** Takes the code from the address that the printed QR code opened, and out of it, so that it stays in no history. */
export function useRoomCode(roomId: number): RoomCodeState {
  const [scanned] = useState(() => new URLSearchParams(window.location.hash.slice(1)).get('k'))
  useEffect(() => {
    if (scanned === null) return
    rememberRoomKey(roomId, scanned)
    window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search)
  }, [scanned, roomId])
  // Once a second: after a quarter of an hour it counts no more.
  useNowMs()
  const key = roomKeyOf(roomId) ?? (isRoomKeyOld(roomId) ? null : scanned)
  const check = useQuery({
    queryKey: ['room-code', roomId, key],
    queryFn: ({ signal }) => api.registers.checkRoomCode({ roomId, key: key ?? '' }, { signal }),
    enabled: key !== null,
    staleTime: 60_000,
  })
  const isWrong = check.data?.valid === false
  useEffect(() => {
    if (isWrong) rememberRoomKey(roomId, null)
  }, [isWrong, roomId])
  if (isWrong || (check.data === undefined && check.error && errorCode(check.error) !== 'NETWORK')) return 'wrong'
  if (key === null) return isRoomKeyOld(roomId) ? 'expired' : 'noKey'
  if (check.data) return 'shown'
  return check.error ? 'offline' : 'checking'
}
