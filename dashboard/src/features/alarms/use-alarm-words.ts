import type { Alarm } from '@roomkeeper/shared/http'
import type { ReadingValue } from '@roomkeeper/shared/model'
import type { TFunction } from 'i18next'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useWords, type Words } from '../../i18n/use-words.ts'
import { valueText } from '../live/value-text.ts'

/** An alarm in words: where, what, the reading and the limit. */
export function useAlarmWords() {
  const { t, i18n } = useTranslation()
  const words = useWords()
  const { language } = i18n
  return useMemo(() => alarmWords(t, words, language), [t, words, language])
}

function alarmWords(t: TFunction, words: Words, language: string) {
  const reading = (alarm: Alarm, value: ReadingValue): string => {
    if (value === null) return ''
    const { text, unit } = valueText(alarm.pointKind ?? 'number', alarm.unit ?? '', value, t, language)
    return unit ? `${text} ${unit}` : text
  }
  /** A rate of change is per hour: its value as well as its limit. */
  const inItsUnit = (alarm: Alarm, value: ReadingValue): string => {
    const text = reading(alarm, value)
    return alarm.condition === 'rate-of-change' && text !== '' ? `${text}/h` : text
  }
  const value = (alarm: Alarm): string => inItsUnit(alarm, alarm.value)
  /** The states that raise, unless the reading itself already says them. */
  const stateLimit = (alarm: Alarm): string => {
    const limit = alarm.limit === 'true' ? true : alarm.limit === 'false' ? false : alarm.limit
    const text = reading(alarm, limit)
    return text === reading(alarm, alarm.value) ? '' : text
  }
  const point = (alarm: Alarm): string =>
    alarm.pointKind ? words.point({ name: alarm.pointName ?? '', nameEn: alarm.pointNameEn ?? '', kind: alarm.pointKind }) : ''
  /** The schedule or record that it is about. */
  const subject = (alarm: Alarm): string => (alarm.subject ? words.of(alarm.subject) : '')
  const inRoom = (alarm: Alarm): string => [words.deviceOf(alarm), point(alarm), subject(alarm)].filter(Boolean).join(' › ')
  const place = (alarm: Alarm): string => [alarm.roomName, inRoom(alarm)].filter(Boolean).join(' › ')
  return {
    place,
    device: (alarm: Alarm): string => words.deviceOf(alarm),
    /** Device and point, where the room is said already. */
    inRoom,
    value,
    limit: (alarm: Alarm): string => {
      if (alarm.limit === null || alarm.limit === '') return ''
      if (alarm.condition.startsWith('state')) return stateLimit(alarm)
      return ['low-low', 'low', 'high', 'high-high', 'rate-of-change'].includes(alarm.condition)
        ? inItsUnit(alarm, alarm.limit)
        : alarm.condition === 'time-to-limit'
          ? `${alarm.limit} min`
          : String(alarm.limit)
    },
    reading,
    /** One line for a toast, a title or a screen reader. */
    sentence: (alarm: Alarm): string =>
      (alarm.drill ? `[${t('alarms.drill')}] ` : '') +
      t('alarms.sentence', {
        priority: words.priority(alarm.priority),
        place: place(alarm),
        condition: words.condition(alarm.condition),
        value: value(alarm),
      }),
  }
}
