import type { LimitTarget } from '@roomkeeper/shared/http'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useWords } from '../../i18n/use-words.ts'
import type { Places } from './places.ts'

/** For what a set of limits is, in words. */
export function useTargetWords({ rooms, entries }: Places): (target: LimitTarget) => string {
  const { t } = useTranslation('limits')
  const words = useWords()
  return useMemo(
    () => (target) => {
      switch (target.scope) {
        case 'kind':
          return t('for.kind', { kind: words.kind(target.kind) })
        case 'room-class':
          return t('for.in', { place: words.roomClass(target.roomClass), kind: words.kind(target.kind) })
        case 'room':
          return t('for.in', {
            place: rooms.find(({ id }) => id === target.roomId)?.name ?? `#${target.roomId}`,
            kind: words.kind(target.kind),
          })
        case 'device': {
          const found = entries.find(({ device }) => device.id === target.deviceId)
          const place = found ? `${found.room.name} › ${words.device(found.device)}` : `#${target.deviceId}`
          return t('for.in', { place, kind: words.kind(target.kind) })
        }
        case 'point': {
          const found = entries.find(({ point }) => point.id === target.pointId)
          return found ? `${found.room.name} › ${words.device(found.device)} › ${words.point(found.point)}` : `#${target.pointId}`
        }
      }
    },
    [t, words, rooms, entries],
  )
}
