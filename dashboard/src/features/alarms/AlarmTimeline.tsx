import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { queries } from '../../client/api.ts'
import { dateTimeText } from '../../i18n/format.ts'
import { useWords } from '../../i18n/use-words.ts'
import { QueryView } from '../../ui/states.tsx'
import { ToldLazily } from '../notices/told-lazily.tsx'
import { silentUntil } from './hold-of-transition.ts'
import { useAlarmWords } from './use-alarm-words.ts'
import './alarms.css'

/** Every transition of an alarm: when, from what to what, by whom, with what note, and until when it is silent. */
export function AlarmTimeline({ alarmId }: { alarmId: number }) {
  const { t } = useTranslation()
  const words = useWords()
  const alarmWords = useAlarmWords()
  const query = useQuery(queries.alarms.get.queryOptions({ input: { alarmId } }))
  return (
    <QueryView query={query}>
      {(alarm) => (
        <div className="timeline-box">
          <ol className="timeline">
            {alarm.transitions.map((transition) => (
              <li key={transition.id} className={`timeline-${transition.to}`}>
                <time>{dateTimeText(transition.atMs)}</time>
                <b>{words.alarmEvent(transition.event)}</b>
                <span>
                  {words.alarmState(transition.from)} → {words.alarmState(transition.to)}
                </span>
                {transition.value !== null && <span>{alarmWords.reading(alarm, transition.value)}</span>}
                {transition.person && <span>{transition.person}</span>}
                {transition.note && <q>{transition.note}</q>}
                <SilentUntil transition={transition} />
                {transition.recordedAtMs - transition.atMs > 60_000 && (
                  <span className="muted">{t('alarms.recordedAt', { time: dateTimeText(transition.recordedAtMs) })}</span>
                )}
              </li>
            ))}
          </ol>
          <ToldLazily alarmId={alarmId} />
          <div className="form-actions">
            {alarm.late && <span className="muted">{t('alarms.lateExplained')}</span>}
            {alarm.roomId !== null && alarm.pointId !== null && !alarm.drill && (
              <Link to={`/rooms/${alarm.roomId}?point=${alarm.pointId}`}>{t('alarms.openTrend')}</Link>
            )}
            {alarm.incidentId !== null && (
              <Link to={`/incidents/${alarm.incidentId}`}>{t('alarms.openIncident', { id: alarm.incidentId })}</Link>
            )}
          </div>
        </div>
      )}
    </QueryView>
  )
}

function SilentUntil({ transition }: { transition: Parameters<typeof silentUntil>[0] }) {
  const { t } = useTranslation()
  const enabled = transition.event === 'shelve' || transition.event === 'out-of-service'
  const open = useQuery({ ...queries.life.holds.queryOptions({ input: { scope: 'open' } }), enabled }).data
  const ended = useQuery({ ...queries.life.holds.queryOptions({ input: { scope: 'ended' } }), enabled }).data
  const untilMs = enabled ? silentUntil(transition, [...(open ?? []), ...(ended ?? [])]) : undefined
  return untilMs ? <span>{t('alarms.until', { time: dateTimeText(untilMs) })}</span> : null
}
