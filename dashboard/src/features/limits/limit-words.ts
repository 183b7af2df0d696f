import type { Limit, PointKind, ReadingValue } from '@roomkeeper/shared/model'
import { unitSymbol } from '@roomkeeper/shared/units'
import { useTranslation } from 'react-i18next'
import { valueText } from '../live/value-text.ts'

/** A limit's threshold in words: a level with its unit, or the states that raise. */
export function useLimitText(): (limit: Limit, kind: PointKind, unit: string) => string {
  const { t, i18n } = useTranslation()
  return (limit, kind, unit) => {
    if (limit.condition.startsWith('state')) {
      const words = (limit.tokens ?? []).map((token) => {
        const value: ReadingValue = token === 'true' ? true : token === 'false' ? false : token
        return valueText(kind, unit, value, t, i18n.language).text
      })
      return words.join(' / ')
    }
    if (limit.value === undefined) return '—'
    return `${limit.value} ${unitSymbol(unit)}${limit.condition === 'rate-of-change' ? '/h' : ''}`
  }
}
