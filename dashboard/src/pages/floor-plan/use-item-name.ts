import type { PlanItem } from '@roomkeeper/shared/model'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { RoomParts } from '../../features/floor-plan/use-room-parts.ts'
import { useWords } from '../../i18n/use-words.ts'

/** What an item is called: its own name, that of what it is linked to, or what it is. */
export function useItemName(parts: RoomParts): (item: PlanItem) => string {
  const { t } = useTranslation('plan')
  const words = useWords()
  return useCallback(
    (item) => {
      const own = 'name' in item ? item.name : item.type === 'text' ? item.text : ''
      if (own) return own
      const device = 'deviceId' in item && item.deviceId !== null ? parts.devices.get(item.deviceId) : undefined
      if (device) return words.device(device)
      const pointId = item.type === 'probe' ? item.pointIds[0] : item.type === 'door' ? item.pointId : null
      const found = parts.points.get(pointId ?? 0)
      return found ? words.point(found.point) : t(`type.${item.type}`)
    },
    [parts, words, t],
  )
}
