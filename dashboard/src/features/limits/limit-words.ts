import type { Limit, LimitCondition, LimitStep, LimitVariant, ReadingValue } from '@roomkeeper/shared/model'
import { unitSymbol } from '@roomkeeper/shared/units'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useWords } from '../../i18n/use-words.ts'
import { valueText } from '../live/value-text.ts'
import type { DiffField } from './limit-diff.ts'
import { clearOf, isThreshold } from './limit-draft.ts'

/** Words for the parts of a limit of points of this kind and unit. */
export function useLimitWords(kind: string, unit: string) {
  const { t } = useTranslation('limits')
  const { t: common, i18n } = useTranslation()
  const words = useWords()
  return useMemo(() => {
    const comma = common('common.listComma')
    /** The unit of a condition's value. */
    const unitOf = (condition: LimitCondition): string => {
      if (condition === 'time-to-limit') return 'min'
      return condition === 'rate-of-change' ? `${unitSymbol(unit)}/h` : unitSymbol(unit)
    }
    const amount = (condition: LimitCondition, value: number): string => `${value} ${unitOf(condition)}`.trim()
    const token = (name: string): string => {
      const value: ReadingValue = name === 'true' ? true : name === 'false' ? false : name
      return valueText(kind, unit, value, common, i18n.language).text
    }
    /** What raises: the level with its unit, or the states. */
    const raises = (limit: Limit): string => {
      if (limit.condition.startsWith('state') || limit.condition === 'door-opened') return (limit.tokens ?? []).map(token).join(' / ')
      return limit.value === undefined ? '—' : amount(limit.condition, limit.value)
    }
    /** Silence and suspect sensors have nothing to be compared with. */
    const hasRaise = (limit: Limit): boolean => limit.value !== undefined || limit.condition.startsWith('state')
    const brief = (limit: Limit): string => [hasRaise(limit) && raises(limit), words.priority(limit.priority)].filter(Boolean).join(' · ')
    const clears = (limit: Limit): string =>
      isThreshold(limit.condition) && limit.value !== undefined
        ? amount(limit.condition, clearOf(limit.condition, limit.value, limit.deadband))
        : '—'
    const span = (ms: number): string => {
      if (ms === 0) return t('atOnce')
      if (ms % 3_600_000 === 0) return common('span.hours', { count: ms / 3_600_000 })
      return ms % 60_000 === 0 ? common('span.minutes', { count: ms / 60_000 }) : common('span.seconds', { count: ms / 1000 })
    }
    const days = (list: readonly number[]): string => {
      const key = [...list].sort().join('')
      if (key === '1234567') return t('days.every')
      if (key === '12345') return t('days.work')
      if (key === '67') return t('days.weekend')
      return [...list]
        .sort()
        .map((day) => t(`day.${day as 1}`))
        .join(comma)
    }
    const variant = (condition: LimitCondition, one: LimitVariant): string => {
      const differs = [
        one.enabled === false && t('noAlarm'),
        one.value !== undefined && amount(condition, one.value),
        one.onDelayMs !== undefined && t('afterDelay', { span: span(one.onDelayMs) }),
        one.priority && words.priority(one.priority),
      ].filter(Boolean)
      return t('variantIs', { days: days(one.days), from: one.from, to: one.to, what: differs.join(comma) })
    }
    const step = (condition: LimitCondition, one: LimitStep): string =>
      one.value === undefined
        ? t('stepAfter', { span: span(one.afterMs ?? 0), priority: words.priority(one.priority) })
        : t('stepAt', { value: amount(condition, one.value), priority: words.priority(one.priority) })
    const variants = (limit: Limit): string[] => (limit.variants ?? []).map((one) => variant(limit.condition, one))
    const steps = (limit: Limit): string[] => (limit.steps ?? []).map((one) => step(limit.condition, one))
    /** A field of a limit as it is shown in a comparison. */
    const field = (limit: Limit, name: DiffField): string => {
      switch (name) {
        case 'value':
        case 'tokens':
          return raises(limit)
        case 'clear':
          return clears(limit)
        case 'onDelay':
          return span(limit.onDelayMs)
        case 'offDelay':
          return span(limit.offDelayMs)
        case 'priority':
          return words.priority(limit.priority)
        case 'enabled':
          return t(limit.enabled ? 'on' : 'off')
        case 'latching':
          return t(limit.latching ? 'latchingOn' : 'latchingOff')
        case 'variants':
          return variants(limit).join('; ') || '—'
        case 'steps':
          return steps(limit).join('; ') || '—'
      }
    }
    return { unitOf, amount, token, raises, hasRaise, brief, clears, span, variants, steps, field }
  }, [t, common, i18n.language, words, kind, unit])
}
