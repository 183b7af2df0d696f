import type { Cadence, CalendarEntry } from '@roomkeeper/shared/http'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useRegisters } from '../../features/registers/use-registers.ts'
import { useWords } from '../../i18n/use-words.ts'
import { cronMeaning } from './cron-parts.ts'

/** Names of schedules and what is due, and their rules as sentences. */
export function useScheduleWords() {
  const { t } = useTranslation('schedules')
  const words = useWords()
  const entries = useRegisters().data
  return useMemo(() => {
    const titleOf = (register: string) => entries?.find(({ definition }) => definition.name === register)?.definition.title
    const cron = (expression: string): string => {
      const meaning = cronMeaning(expression)
      if (!meaning) return expression
      const time = meaning.times.join(t('cron.joint'))
      if (meaning.kind === 'every-day') return t('cron.at', { days: t('cron.everyDay'), time })
      if (meaning.kind === 'last-day') return t('cron.at', { days: t('cron.lastDay'), time })
      if (meaning.kind === 'weekdays') {
        const days = meaning.days.map((day) => t(`cron.weekday.${day as 0 | 1 | 2 | 3 | 4 | 5 | 6}`)).join(t('cron.joint'))
        return t('cron.at', { days: t('cron.weekdays', { days }), time })
      }
      const days = meaning.days.join(t('cron.joint'))
      const months = meaning.months?.join(t('cron.joint'))
      return t('cron.at', { days: months === undefined ? t('cron.monthDays', { days }) : t('cron.months', { months, days }), time })
    }
    return {
      register: (register: string): string => {
        const title = titleOf(register)
        return title ? words.of(title) : register
      },
      /** A schedule that nobody has named otherwise goes by its register, in the chosen language. */
      schedule: ({ register, title }: { register: string; title: string }): string => {
        const own = titleOf(register)
        return own && own.zh === title ? words.of(own) : title
      },
      entry: ({ kind, register, text }: Pick<CalendarEntry, 'kind' | 'register' | 'text'>): string => {
        const own = titleOf(register)
        if (!own) return text
        if (kind === 'due' || kind === 'missed') return own.zh === text ? words.of(own) : text
        return `${words.of(own)} ${text}`
      },
      cadence: (cadence: Cadence): string => {
        if (cadence.kind === 'cron') return cron(cadence.expression)
        return cadence.everyDays === 1 ? t('every.day') : t('every.days', { count: cadence.everyDays })
      },
      cron,
      outerDaysOf: (register: string): number | undefined =>
        entries?.find(({ definition }) => definition.name === register)?.definition.schedule?.outerDays,
      entries: entries ?? [],
    }
  }, [entries, t, words])
}
