import type { Alarm } from '@roomkeeper/shared/http'
import { useTranslation } from 'react-i18next'
import { isUnacknowledged } from '../../features/alarms/alarm-order.ts'
import { DrillMark } from '../../features/alarms/DrillMark.tsx'
import { useAlarmWords } from '../../features/alarms/use-alarm-words.ts'
import { spanOf } from '../../i18n/format.ts'
import { useWords } from '../../i18n/use-words.ts'
import { PriorityMark } from '../../ui/PriorityMark.tsx'
import { useNowMs } from '../../ui/use-now.ts'
import { mostUrgentFirst } from './wall-rules.ts'

interface Props {
  alarms: readonly Alarm[]
  /** Whether these are the alarms of now: only then may it say that there are none. */
  isKnown: boolean
  /** More than this cannot be read across the room. */
  most: number
  withRoom: boolean
}

/** What stands, the most urgent first. */
export function AlarmLines({ alarms, isKnown, most, withRoom }: Props) {
  const { t } = useTranslation('wall')
  if (alarms.length === 0) {
    return <p className={isKnown ? 'wall-calm' : 'wall-doubt'}>{t(isKnown ? 'noAlarms' : 'unknownAlarms')}</p>
  }
  const sorted = [...alarms].sort(mostUrgentFirst)
  return (
    <>
      <ul className="wall-alarms" data-testid="wall-alarms">
        {sorted.slice(0, most).map((alarm) => (
          <AlarmLine key={alarm.id} alarm={alarm} withRoom={withRoom} />
        ))}
      </ul>
      {sorted.length > most && <p className="wall-more">{t('more', { count: sorted.length - most })}</p>}
    </>
  )
}

function AlarmLine({ alarm, withRoom }: { alarm: Alarm; withRoom: boolean }) {
  const { t } = useTranslation('wall')
  const { t: tAll } = useTranslation()
  const words = useWords()
  const alarmWords = useAlarmWords()
  const nowMs = useNowMs()
  const { unit, count } = spanOf(nowMs - alarm.raisedAtMs)
  const state = isUnacknowledged(alarm)
    ? t('waiting', { time: tAll(`span.${unit}`, { count }) })
    : t('acknowledgedBy', { name: alarm.acknowledgedBy ?? '—' })
  return (
    <li className={isUnacknowledged(alarm) ? 'wall-alarm-open' : ''}>
      <PriorityMark priority={alarm.priority} />
      {alarm.drill && <DrillMark />}
      <span className="wall-alarm-text">
        {withRoom ? alarmWords.place(alarm) : alarmWords.inRoom(alarm)} · {words.condition(alarm.condition)} {alarmWords.value(alarm)}
        {alarm.state === 'RTNUN' && ` · ${t('returned')}`}
      </span>
      <span className="wall-alarm-state">{state}</span>
    </li>
  )
}
