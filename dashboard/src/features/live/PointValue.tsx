import { ClockCircleOutlined, DisconnectOutlined, QuestionCircleOutlined, StopOutlined } from '@ant-design/icons'
import type { Point } from '@roomkeeper/shared/http'
import { useTranslation } from 'react-i18next'
import { useWords } from '../../i18n/use-words.ts'
import { PriorityMark } from '../../ui/PriorityMark.tsx'
import { Age } from './Age.tsx'
import { type PointLive, usePointLive } from './use-point-live.ts'
import { valueText } from './value-text.ts'
import './live.css'

/** How a value is drawn: bad and anything not fresh never looks like a good value. */
export type ValueLook = 'good' | 'bad' | 'old' | 'none'

export function lookOf(live: PointLive): ValueLook {
  if (live.freshness === 'none') return 'none'
  if (live.freshness !== 'fresh') return 'old'
  return live.quality === 'bad' ? 'bad' : 'good'
}

/** The number (or word) with its unit. */
export function PointValue({ point, live }: { point: Point; live: PointLive }) {
  const { t, i18n } = useTranslation()
  const { text, unit } = valueText(point.kind, point.unit, live.value, t, i18n.language)
  const isWord = unit === '' && !/^[-\d.—]/.test(text)
  return (
    <span
      className={`value value-${lookOf(live)}${isWord ? ' value-word' : ''}${live.quality === 'bad' ? ' value-struck' : ''}`}
      data-testid={`point-value-${point.id}`}
      data-freshness={live.freshness}
      data-quality={live.quality}
    >
      <span className="value-text">{text}</span>
      {unit && <span className="value-unit">{unit}</span>}
    </span>
  )
}

/** State in words beside the value: alarm priority, bad with its reason, or why it is not fresh. */
export function PointState({ point, live }: { point: Point; live: PointLive }) {
  const { t } = useTranslation()
  const words = useWords()
  return (
    <span className="point-state">
      {point.alarm && <PriorityMark priority={point.alarm} />}
      {live.freshness === 'none' && (
        <span className="mark mark-old">
          <QuestionCircleOutlined /> {t('live.noReading')}
        </span>
      )}
      {live.freshness === 'lost' && (
        <span className="mark mark-old">
          <DisconnectOutlined /> {t('live.lost')}
        </span>
      )}
      {(live.freshness === 'late' || live.freshness === 'stale') && (
        <span className="mark mark-old">
          <ClockCircleOutlined /> {live.quality === 'stale' && live.reason ? words.reason(live.reason) : t('live.stale')}
        </span>
      )}
      {live.quality === 'bad' && live.freshness !== 'none' && (
        <span className="mark mark-bad">
          <StopOutlined /> {t('live.bad', { reason: words.reason(live.reason) || t('live.unknownReason') })}
        </span>
      )}
    </span>
  )
}

/** One leading value of a room's tile. */
export function LeadingValue({ point }: { point: Point }) {
  const words = useWords()
  const live = usePointLive(point)
  return (
    <div className={`leading leading-${lookOf(live)}${point.alarm ? ` leading-alarm-${point.alarm}` : ''}`}>
      <div className="leading-name" title={words.point(point)}>
        {words.point(point)}
      </div>
      <PointValue point={point} live={live} />
      <div className="leading-foot">
        <Age timeMs={live.timeMs} />
        <PointState point={point} live={live} />
      </div>
    </div>
  )
}
