import type { Recurrence } from '@roomkeeper/shared/http'
import { useTranslation } from 'react-i18next'

export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const
export type Weekday = (typeof WEEKDAYS)[number]

const isWeekday = (day: number): day is Weekday => (WEEKDAYS as readonly number[]).includes(day)

/** A window's time in words: `每周一、四 02:00，2 小时`. */
export function useRecurrenceWords() {
  const { t } = useTranslation('life')
  const { t: common } = useTranslation()
  const weekday = (day: number) => (isWeekday(day) ? t(`weekday.${day}`) : String(day))
  const length = (minutes: number) => {
    const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
    if (hours === 0) return t('windows.minutes', { minutes: rest })
    return rest === 0 ? t('windows.hours', { hours }) : t('windows.hoursMinutes', { hours, minutes: rest })
  }
  return {
    weekday,
    length,
    text: (recurrence: Recurrence): string => {
      const lasts = length(recurrence.minutes)
      if (recurrence.kind === 'once') return t('windows.textOnce', { from: recurrence.from.replace('T', ' '), lasts })
      if (recurrence.kind === 'monthly') return t('windows.textMonthly', { day: recurrence.day, at: recurrence.at, lasts })
      if (recurrence.days.length === 7) return t('windows.textDaily', { at: recurrence.at, lasts })
      const days = [...recurrence.days].sort((a, b) => a - b).map(weekday)
      return t('windows.textWeekly', { days: days.join(common('common.listComma')), at: recurrence.at, lasts })
    },
  }
}
