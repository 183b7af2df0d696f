import type { Alarm } from '@roomkeeper/shared/http'
import type { ReadingValue } from '@roomkeeper/shared/model'
import { useTranslation } from 'react-i18next'
import { useWords } from '../../i18n/use-words.ts'
import { valueText } from '../live/value-text.ts'

/** An alarm in words: where, what, the reading and the limit. */
export function useAlarmWords() {
  const { t, i18n } = useTranslation()
  const words = useWords()

  const reading = (alarm: Alarm, value: ReadingValue): string => {
    if (value === null) return ''
    const { text, unit } = valueText(alarm.pointKind ?? 'number', alarm.unit ?? '', value, t, i18n.language)
    return unit ? `${text} ${unit}` : text
  }
  const point = (alarm: Alarm): string => (alarm.pointKind ? words.point({ name: alarm.pointName ?? '', kind: alarm.pointKind }) : '')
  return {
    place: (alarm: Alarm): string => [alarm.roomName, alarm.deviceName, point(alarm)].filter(Boolean).join(' › '),
    point,
    value: (alarm: Alarm): string => reading(alarm, alarm.value),
    limit: (alarm: Alarm): string => {
      if (alarm.limit === null || alarm.limit === '') return ''
      if (alarm.condition === 'rate-of-change') return `${reading(alarm, alarm.limit)}/h`
      return ['low-low', 'low', 'high', 'high-high', 'state', 'state-notice', 'state-critical'].includes(alarm.condition)
        ? reading(alarm, alarm.limit)
        : String(alarm.limit)
    },
    reading,
    /** One line for a toast, a title or a screen reader. */
    sentence: (alarm: Alarm): string => {
      const place = [alarm.roomName, alarm.deviceName, point(alarm)].filter(Boolean).join(' › ')
      return t('alarms.sentence', {
        priority: words.priority(alarm.priority),
        place,
        condition: words.condition(alarm.condition),
        value: reading(alarm, alarm.value),
      })
    },
  }
}
