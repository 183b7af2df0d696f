import { ClockCircleOutlined, DisconnectOutlined, QuestionCircleOutlined, StopOutlined } from '@ant-design/icons'
import type { Point } from '@roomkeeper/shared/http'
import { useLayoutEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { liveStore } from '../../client/live-store.ts'
import { useWords } from '../../i18n/use-words.ts'
import { PriorityMark } from '../../ui/PriorityMark.tsx'
import { Age } from './Age.tsx'
import { type LivePoint, latestOf, type PointLook, usePointLook } from './use-point-look.ts'
import { isNumeric, valueText } from './value-text.ts'
import { writeText } from './write-text.ts'
import './live.css'

/** How a value is drawn: bad and anything not fresh never looks like a good value. */
export type ValueLook = 'good' | 'bad' | 'old' | 'none'

export function lookOf(look: PointLook): ValueLook {
  if (look.freshness === 'none') return 'none'
  if (look.freshness !== 'fresh') return 'old'
  return look.quality === 'bad' ? 'bad' : 'good'
}

/** The number (or word) with its unit. */
export function PointValue({ point, look }: { point: Point; look: PointLook }) {
  const isWord = !isNumeric(point.kind)
  return (
    <span
      className={`value value-${lookOf(look)}${isWord ? ' value-word' : ''}${look.quality === 'bad' ? ' value-struck' : ''}`}
      data-testid={`point-value-${point.id}`}
      data-freshness={look.freshness}
      data-quality={look.quality}
    >
      <LiveText point={point} />
    </span>
  )
}

/** The text and unit of the latest reading, written straight into the elements at each flush of the live store. */
function LiveText({ point }: { point: LivePoint }) {
  const { t, i18n } = useTranslation()
  const textRef = useRef<HTMLSpanElement>(null)
  const unitRef = useRef<HTMLSpanElement>(null)
  useLayoutEffect(() => {
    const write = () => {
      if (!textRef.current || !unitRef.current) return
      const { text, unit } = valueText(point.kind, point.unit, latestOf(point).value, t, i18n.language)
      // A line may end behind the point between two states, not before it.
      writeText(textRef.current, text.replaceAll(' · ', '\u00a0· '))
      writeText(unitRef.current, unit)
    }
    write()
    return liveStore.subscribe(point.id, write)
  }, [point, t, i18n.language])
  return (
    <>
      <span className="value-text" ref={textRef} />
      <span className="value-unit" ref={unitRef} />
    </>
  )
}

/** State in words beside the value: alarm priority, bad with its reason, or why it is not fresh. */
export function PointState({ point, look }: { point: Point; look: PointLook }) {
  const { t } = useTranslation()
  const words = useWords()
  return (
    <span className="point-state">
      {point.alarm && <PriorityMark priority={point.alarm} />}
      {look.freshness === 'none' && (
        <span className="mark mark-old">
          <QuestionCircleOutlined /> {t('live.noReading')}
        </span>
      )}
      {look.freshness === 'lost' && (
        <span className="mark mark-old">
          <DisconnectOutlined /> {t('live.lost')}
        </span>
      )}
      {(look.freshness === 'late' || look.freshness === 'stale') && (
        <span className="mark mark-old">
          <ClockCircleOutlined /> {look.quality === 'stale' && look.reason ? words.reason(look.reason) : t('live.stale')}
        </span>
      )}
      {look.quality === 'bad' && look.freshness !== 'none' && (
        <span className="mark mark-bad">
          <StopOutlined /> {t('live.bad', { reason: words.reason(look.reason) || t('live.unknownReason') })}
        </span>
      )}
    </span>
  )
}

/** One leading value of a room's tile. */
export function LeadingValue({ point }: { point: Point }) {
  const words = useWords()
  const look = usePointLook(point)
  return (
    <div className={`leading leading-${lookOf(look)}${point.alarm ? ` leading-alarm-${point.alarm}` : ''}`}>
      <div className="leading-name" title={words.point(point)}>
        {words.point(point)}
      </div>
      <PointValue point={point} look={look} />
      <div className="leading-foot">
        <Age point={point} />
        <PointState point={point} look={look} />
      </div>
    </div>
  )
}
