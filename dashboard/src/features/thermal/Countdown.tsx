import { FireOutlined, ThunderboltOutlined } from '@ant-design/icons'
import type { ThermalRunning, UpsLeft } from '@roomkeeper/shared/http'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useWords } from '../../i18n/use-words.ts'
import { Span } from '../../ui/Time.tsx'
import { useNowMs } from '../../ui/use-now.ts'
import { clockText, deadlineOf, isRough, isWide, leftText, minutesLeft } from './countdown.ts'
import { useSummary } from './use-summary.ts'
import './thermal.css'

/** Cooling or mains are lost: what is left of heat and battery, by the server's clock, what that is based on, and what to do. */
export function Countdown({ running }: { running: ThermalRunning }) {
  const { t } = useTranslation('thermal')
  const nowMs = useNowMs()
  const summary = useSummary(running)
  const { cooling, mainsLostAtMs, forecast, upses, nearer } = running
  const sinceMs = Math.min(cooling?.startMs ?? Number.POSITIVE_INFINITY, mainsLostAtMs ?? Number.POSITIVE_INFINITY)
  // One clock alone is not first of anything.
  const isCompared = cooling !== null && upses.length > 0
  const isUpsFirst = isCompared && nearer === 'ups'
  const isHeatFirst = isCompared && nearer === 'heat'
  return (
    <section className="countdown" aria-label={t('title')} data-testid={`countdown-${running.roomId}`} data-nearer={nearer}>
      <header className="countdown-head">
        <b>{t(cooling ? `cause.${cooling.cause}` : 'cause.mainsOnly')}</b>
        <span>{t('since', { time: clockText(sinceMs, nowMs), span: leftText(nowMs - sinceMs) })}</span>
      </header>
      {/* Said aloud when its minutes change; the clocks below, which change each second, are silent. */}
      <p className="countdown-summary" role="status" data-testid="countdown-summary">
        {summary.join(t('summary.joint'))}
      </p>
      <div className="countdown-clocks" aria-hidden="true">
        {cooling && <HeatClock running={running} nowMs={nowMs} isFirst={isHeatFirst} />}
        {upses[0] && <UpsClock ups={upses[0]} others={upses.length - 1} nowMs={nowMs} isFirst={isUpsFirst} />}
      </div>
      {forecast?.kind === 'unknown' && <p className="countdown-why">{t(`why.${forecast.reason}`)}</p>}
      <TodoList running={running} nowMs={nowMs} />
      {cooling && forecast?.kind !== 'unknown' && (
        <p className="countdown-basis">
          {running.isGuess || running.lastGapEndMs === null ? (
            <Basis text={t('basisGuess', { span: '\u0000' })} ms={nowMs - running.atMs} />
          ) : (
            <Basis
              text={t('basis', { count: running.gaps, date: clockText(running.lastGapEndMs, nowMs), span: '\u0000' })}
              ms={nowMs - running.atMs}
            />
          )}
        </p>
      )}
    </section>
  )
}

/** A sentence in which a span of time is written by its own component. */
function Basis({ text, ms }: { text: string; ms: number }) {
  const [before, after] = text.split('\u0000')
  return (
    <>
      {before}
      <Span ms={ms} />
      {after}
    </>
  )
}

function Clock({ icon, label, value, isFirst, tone, children }: ClockProps) {
  const { t } = useTranslation('thermal')
  return (
    <div className={`clock clock-${tone} ${isFirst ? 'clock-first' : ''}`}>
      <div className="clock-label">
        {icon} {label}
        {isFirst && <span className="clock-mark">{t('first')}</span>}
      </div>
      <div className="clock-value">{value}</div>
      <div className="clock-notes">{children}</div>
    </div>
  )
}
interface ClockProps {
  icon: ReactNode
  label: string
  value: ReactNode
  isFirst: boolean
  tone: 'known' | 'unknown' | 'calm' | 'over'
  children: ReactNode
}

function HeatClock({ running, nowMs, isFirst }: { running: ThermalRunning; nowMs: number; isFirst: boolean }) {
  const { t } = useTranslation('thermal')
  const { forecast, limitCelsius, limitKind, celsius } = running
  const limit = limitCelsius ?? '—'
  const now = <span>{celsius === null ? t('heat.nowUnknown') : t('heat.now', { celsius: celsius.toFixed(1) })}</span>
  const common = { icon: <FireOutlined />, label: t('heat.label', { limit }), isFirst }
  // In hours from two on: a guess of 352 minutes says more than is known.
  const roughly = (minutes: number) =>
    minutes < 120 ? t('heat.about', { minutes }) : t('heat.aboutHours', { hours: Math.floor(minutes / 60) })
  if (forecast?.kind === 'at') {
    const { atMs, earliestMs, latestMs } = forecast
    const isOver = celsius !== null && limitCelsius !== null && celsius >= limitCelsius
    const wide = isWide(forecast, nowMs)
    const rough = isRough(forecast, nowMs)
    const label = t(rough ? 'heat.labelRough' : 'heat.labelWide', { limit })
    const left = rough ? roughly(minutesLeft(atMs, nowMs)) : leftText((wide ? earliestMs : atMs) - nowMs)
    const times = { time: clockText(atMs, nowMs), from: clockText(earliestMs, nowMs), to: clockText(latestMs, nowMs) }
    return (
      <Clock
        {...common}
        label={wide && !isOver ? label : common.label}
        tone={isOver ? 'over' : 'known'}
        value={isOver ? t('heat.reached') : left}
      >
        {!isOver && <span>{t(rough ? 'heat.rough' : wide ? 'heat.wide' : 'heat.between', times)}</span>}
        {now}
        {limitKind === 'equipment' && <span>{t('heat.equipment', { limit })}</span>}
      </Clock>
    )
  }
  return (
    <Clock
      {...common}
      tone={forecast?.kind === 'never' ? 'calm' : 'unknown'}
      value={t(forecast?.kind === 'never' ? 'heat.never' : 'heat.unknown')}
    >
      {now}
    </Clock>
  )
}

function UpsClock({ ups, others, nowMs, isFirst }: { ups: UpsLeft; others: number; nowMs: number; isFirst: boolean }) {
  const { t } = useTranslation('thermal')
  const words = useWords()
  const { emptyAtMs, by, measured, claimedSeconds, chargePercent, loadPercent } = ups
  const isEmpty = emptyAtMs !== null && emptyAtMs <= nowMs
  const claimed = claimedSeconds === null ? null : Math.floor(claimedSeconds / 60)
  const learned = claimed === null ? t('ups.byLearnedOnly') : t('ups.byLearned', { minutes: claimed })
  const basis = by === 'learned' ? learned : by === null ? '' : t(measured > 0 ? 'ups.byClaimedLess' : 'ups.byClaimed')
  return (
    <Clock
      icon={<ThunderboltOutlined />}
      label={t('ups.label')}
      isFirst={isFirst}
      tone={emptyAtMs === null ? 'unknown' : isEmpty ? 'over' : 'known'}
      value={emptyAtMs === null ? t('ups.unknown') : isEmpty ? t('ups.empty') : leftText(emptyAtMs - nowMs)}
    >
      {emptyAtMs !== null && !isEmpty && <span>{t('ups.at', { time: clockText(emptyAtMs, nowMs) })}</span>}
      {basis && <span>{basis}</span>}
      <span>
        {words.deviceOf(ups)}
        {loadPercent !== null && chargePercent !== null && (
          <> · {t('ups.load', { load: Math.round(loadPercent), charge: Math.round(chargePercent) })}</>
        )}
      </span>
      {others > 0 && <span>{t('ups.more', { count: others })}</span>}
    </Clock>
  )
}

/** In the order in which it helps; the last line with the time by which it must have helped. */
function TodoList({ running, nowMs }: { running: ThermalRunning; nowMs: number }) {
  const { t } = useTranslation('thermal')
  const { cooling, mainsLostAtMs } = running
  const deadline = deadlineOf(running)
  const time = deadline && minutesLeft(deadline.atMs, nowMs) > 0 ? clockText(deadline.atMs, nowMs) : null
  return (
    <div className="countdown-todo">
      <b>{t('todo.title')}</b>
      <ol>
        {mainsLostAtMs !== null && <li>{t('todo.mains')}</li>}
        {cooling && cooling.cause !== 'mains-lost' && <li>{t('todo.cooling')}</li>}
        {cooling && <li>{t('todo.air')}</li>}
        <li>
          {deadline && time ? (
            <strong>{t(deadline.by === 'ups' ? 'todo.beforeUps' : 'todo.beforeHeat', { time })}</strong>
          ) : (
            t('todo.watch')
          )}
        </li>
      </ol>
    </div>
  )
}
