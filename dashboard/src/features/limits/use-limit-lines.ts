import type { Point } from '@roomkeeper/shared/http'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { halfOf } from '../../i18n/bilingual.ts'
import { useWords } from '../../i18n/use-words.ts'
import type { LimitLine } from '../charts/TrendChart.tsx'

const LEVELS: ReadonlySet<string> = new Set(['low-low', 'low', 'high', 'high-high'])

/** The level limits of a point as lines for its chart, each named with its source. */
export function useLimitLines(point: Point): LimitLine[] {
  const { t } = useTranslation()
  const words = useWords()
  const { data } = useQuery(queries.limits.forPoint.queryOptions({ input: { pointId: point.id } }))
  return useMemo(
    () =>
      (data ?? []).flatMap(({ limit, origin, source }) => {
        if (!limit.enabled || limit.value === undefined || !LEVELS.has(limit.condition)) return []
        const from = origin === 'built-in' ? halfOf(source, words.language) : t('live.ownLimit')
        return [{ value: limit.value, priority: limit.priority, label: `${words.condition(limit.condition)} ${limit.value} · ${from}` }]
      }),
    [data, t, words],
  )
}
