import type { Alarm, curveSchema, Incident } from '@roomkeeper/shared/http'
import { unitSymbol } from '@roomkeeper/shared/units'
import { Button } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../client/session.ts'
import { dateTimeText } from '../../i18n/format.ts'
import { useWords } from '../../i18n/use-words.ts'
import { PriorityMark } from '../../ui/PriorityMark.tsx'
import { AcknowledgeDialog } from '../alarms/AcknowledgeDialog.tsx'
import { byUrgency, isUnacknowledged } from '../alarms/alarm-order.ts'
import { useAlarmWords } from '../alarms/use-alarm-words.ts'
import { TrendChart } from '../charts/TrendChart.tsx'
import { ToldLazily } from '../notices/told-lazily.tsx'
import '../alarms/alarms.css'

export type IncidentCurve = (typeof curveSchema)['_output']
export type Curves = IncidentCurve[]

/** A long incident gathers many alarms; the form below must stay within reach. */
const ALARMS_SHOWN = 4
/** While the form is filled in; a record shows, and prints, all. */
const CURVES_SHOWN = 1

/** What the system knows by itself: where, what, the readings against their limits, when, and the curve. */
export function IncidentFacts({ incident, curves }: { incident: Incident; curves: Curves }) {
  const { t } = useTranslation('incidents')
  const { t: common } = useTranslation()
  const words = useWords()
  const [isAllShown, setIsAllShown] = useState(false)
  const hidden = isAllShown ? 0 : Math.max(0, incident.alarms.length - ALARMS_SHOWN)
  const [areCurvesShown, setAreCurvesShown] = useState(false)
  const shownCurves = areCurvesShown || incident.state !== 'open' ? curves : curves.slice(0, CURVES_SHOWN)
  // What began it says most of what it is about; a long incident gathers dozens that are newer.
  const began = Math.min(...incident.alarms.map(({ raisedAtMs }) => raisedAtMs))
  const alarms = [...incident.alarms].sort((a, b) => Number(b.raisedAtMs === began) - Number(a.raisedAtMs === began) || byUrgency(a, b))
  return (
    <section className="incident-facts">
      <dl className="facts">
        <dt>{common('incidents.room')}</dt>
        <dd>
          <b>{incident.roomName ?? '—'}</b> <PriorityMark priority={incident.priority} />
        </dd>
        <dt>{t('device')}</dt>
        <dd>{words.deviceOf(incident) || '—'}</dd>
        <dt>{t('openedAt')}</dt>
        <dd>{dateTimeText(incident.openedAtMs)}</dd>
      </dl>
      <ul className="incident-alarms">
        {alarms.slice(0, alarms.length - hidden).map((alarm) => (
          <IncidentAlarm key={alarm.id} alarm={alarm} />
        ))}
        {hidden > 0 && (
          <li>
            <button type="button" className="link-button" onClick={() => setIsAllShown(true)}>
              {t('moreAlarms', { count: hidden })}
            </button>
          </li>
        )}
      </ul>
      {shownCurves.map((curve) => (
        <IncidentCurveChart key={curve.pointId} curve={curve} openedAtMs={incident.openedAtMs} />
      ))}
      {shownCurves.length < curves.length && (
        <button type="button" className="link-button" data-testid="incident-more-curves" onClick={() => setAreCurvesShown(true)}>
          {t('moreCurves', { count: curves.length - shownCurves.length })}
        </button>
      )}
    </section>
  )
}

function IncidentAlarm({ alarm }: { alarm: Alarm }) {
  const { t } = useTranslation()
  const { t: ofIncident } = useTranslation('incidents')
  const words = useWords()
  const alarmWords = useAlarmWords()
  const mayAcknowledge = useMay('alarms.acknowledge')
  const [isAcknowledging, setIsAcknowledging] = useState(false)
  const [isToldShown, setIsToldShown] = useState(false)
  const limit = alarmWords.limit(alarm)
  return (
    <li>
      <PriorityMark priority={alarm.priority} />
      <span className="incident-alarm-what">
        {alarmWords.inRoom(alarm)} · {words.condition(alarm.condition)} <b>{alarmWords.value(alarm)}</b>
        {limit && <span className="muted"> {t('alarms.limitIs', { limit })}</span>}
        {alarm.withoutPaper && <span className="mark mark-high">{ofIncident('withoutPaper')}</span>}{' '}
        <span className="muted incident-alarm-time">
          <span className="nowrap">{dateTimeText(alarm.raisedAtMs)}</span>
          {alarm.clearedAtMs !== null && (
            <>
              {' '}
              → <span className="nowrap">{dateTimeText(alarm.clearedAtMs)}</span>
            </>
          )}
        </span>
      </span>
      <span className="incident-alarm-state">
        <span className={`alarm-state alarm-state-${alarm.state}`}>{words.alarmState(alarm.state)}</span>
        {alarm.acknowledgedBy !== null && alarm.acknowledgedAtMs !== null && !isUnacknowledged(alarm) && (
          <span className="incident-acknowledged" data-testid={`incident-acknowledged-${alarm.id}`}>
            {ofIncident(alarm.state === 'ACKED' ? 'by' : 'acknowledgedBy', {
              name: alarm.acknowledgedBy,
              time: dateTimeText(alarm.acknowledgedAtMs),
            })}
            {alarm.note && <q>{alarm.note}</q>}
          </span>
        )}
      </span>
      {mayAcknowledge && isUnacknowledged(alarm) && (
        <Button size="small" className="no-print" data-testid={`incident-acknowledge-${alarm.id}`} onClick={() => setIsAcknowledging(true)}>
          {t('alarms.acknowledge')}
        </Button>
      )}
      <button
        type="button"
        className="link-button no-print"
        aria-expanded={isToldShown}
        data-testid={`incident-told-${alarm.id}`}
        onClick={() => setIsToldShown(!isToldShown)}
      >
        {t('alarms.whoWasTold')}
      </button>
      {isToldShown && (
        <div className="incident-told">
          <ToldLazily alarmId={alarm.id} />
        </div>
      )}
      {isAcknowledging && <AcknowledgeDialog alarm={alarm} onClose={() => setIsAcknowledging(false)} />}
    </li>
  )
}

function IncidentCurveChart({ curve, openedAtMs }: { curve: IncidentCurve; openedAtMs: number }) {
  const { t } = useTranslation('incidents')
  const { t: common } = useTranslation()
  const words = useWords()
  const { limit, points } = curve
  const name = words.point({ name: curve.pointName, nameEn: curve.pointNameEn, kind: curve.pointKind })
  const chart = useMemo(() => {
    const buckets = points.map(([timeMs, value]) => ({ timeMs, min: null, mean: value, max: null }))
    return {
      curves: [{ label: name, buckets, maxGapMs: 600_000 }],
      limits: typeof limit === 'number' ? [{ value: limit, label: common('alarms.limitIs', { limit }), priority: 'high' }] : [],
      marks: [{ timeMs: openedAtMs, label: t('openedMark') }],
    }
  }, [name, points, limit, openedAtMs, t, common])
  const first = points[0]
  const last = points.at(-1)
  if (!first || !last) return null
  return (
    <div className="incident-curve">
      <div className="muted">{name}</div>
      <TrendChart
        {...chart}
        unit={unitSymbol(curve.unit)}
        decimals={1}
        fromMs={first[0]}
        toMs={Math.max(last[0], first[0] + 1000)}
        heightPx={150}
        label={t('curveLabel', { point: name })}
      />
    </div>
  )
}
