import type { LimitTarget } from '@roomkeeper/shared/http'
import { useMemo } from 'react'
import { useWords } from '../../i18n/use-words.ts'
import type { PresentValue } from './NumberLine.tsx'
import { entriesOf, type Places } from './places.ts'

/** What the points of a target measure now; only what is good counts. */
export function usePresentValues(target: LimitTarget, places: Places): PresentValue[] {
  const words = useWords()
  return useMemo(
    () =>
      entriesOf(target, places).flatMap(({ device, point }) =>
        point.quality === 'good' && typeof point.value === 'number' && point.timeMs !== null
          ? [{ pointId: point.id, name: `${words.device(device)} ${words.point(point)}`, value: point.value }]
          : [],
      ),
    [target, places, words],
  )
}
