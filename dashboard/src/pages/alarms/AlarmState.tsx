import type { Alarm } from '@roomkeeper/shared/http'
import { useTranslation } from 'react-i18next'
import { adviceOf, needsReset } from '../../features/alarms/alarm-advice.ts'
import { DrillMark } from '../../features/alarms/DrillMark.tsx'
import { PaperMark } from '../../features/alarms/PaperMark.tsx'
import { dateTimeText } from '../../i18n/format.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Time } from '../../ui/Time.tsx'

/** The state in words, who is behind it, and what to do now. */
export function AlarmState({ alarm }: { alarm: Alarm }) {
  const { t } = useTranslation('life')
  const words = useWords()
  const { hold } = alarm
  return (
    <div className="alarm-state-cell">
      <span className={`alarm-state alarm-state-${alarm.state}`}>
        {needsReset(alarm) ? t('advice.resetState') : words.alarmState(alarm.state)}
      </span>{' '}
      {alarm.stale && (
        <span className="mark mark-old" title={t('list.staleExplained')}>
          {t('list.stale')}
        </span>
      )}
      <PaperMark alarm={alarm} />
      <div className="alarm-advice">{t(`advice.${adviceOf(alarm)}`)}</div>
      {hold ? (
        <div className="muted" data-testid={`hold-of-${alarm.id}`}>
          {hold.untilMs === null ? t('hold.openEnded') : t('hold.untilTime', { time: dateTimeText(hold.untilMs).slice(5, 16) })} ·{' '}
          {hold.kind === 'maintenance' ? t('hold.byWindow') : hold.by}
          {hold.reason && <q className="alarm-reason">{hold.reason}</q>}
        </div>
      ) : (
        alarm.acknowledgedBy && (
          <div className="muted" title={alarm.note ?? ''}>
            {alarm.acknowledgedBy} <Time ms={alarm.acknowledgedAtMs} />
          </div>
        )
      )}
    </div>
  )
}

/** Priority, and whether it is a drill. */
export function AlarmMarks({ alarm, children }: { alarm: Alarm; children: React.ReactNode }) {
  return (
    <span className="alarm-marks">
      {children}
      {alarm.drill && <DrillMark />}
    </span>
  )
}
