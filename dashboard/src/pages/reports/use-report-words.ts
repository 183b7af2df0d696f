import { LAST_DAY_OF_MONTH, type ReportKind, type ReportScheduleInput } from '@roomkeeper/shared/http'
import { useTranslation } from 'react-i18next'
import { MONTHS, WEEKDAYS } from './sending-days.ts'

type Plan = Pick<ReportScheduleInput, 'kind' | 'at' | 'weekday' | 'dayOfMonth' | 'month'>

/** A report's name as lists show it, and when its schedule sends. */
export function useReportWords() {
  const { t } = useTranslation('reports')
  const day = (dayOfMonth: number): string => (dayOfMonth === LAST_DAY_OF_MONTH ? t('day.last') : t('day.of', { day: dayOfMonth }))
  return {
    name: ({ kind, roomName }: { kind: ReportKind; roomName: string | null }): string =>
      t('name', { kind: t(`kind.${kind}`), room: roomName ?? t('everyRoom') }),
    day,
    every: ({ kind, at, weekday, dayOfMonth, month }: Plan): string => {
      if (kind === 'daily') return t('every.daily', { at })
      if (kind === 'weekly') return t('every.weekly', { at, weekday: t(`weekday.${WEEKDAYS[weekday - 1] ?? 1}`) })
      if (kind === 'monthly') return t('every.monthly', { at, day: day(dayOfMonth) })
      return t('every.yearly', { at, day: day(dayOfMonth), month: t(`monthName.${MONTHS[month - 1] ?? 1}`) })
    },
  }
}
