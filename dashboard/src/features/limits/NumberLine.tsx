import { WarningFilled } from '@ant-design/icons'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useWords } from '../../i18n/use-words.ts'
import { useWidth } from '../floor-plan/use-width.ts'
import { decimalsOf, numberText } from '../live/value-text.ts'
import { bandsOf } from './limit-bands.ts'
import type { LimitDraft } from './limit-draft.ts'
import { useLimitWords } from './limit-words.ts'
import './number-line.css'

/** A true value that a point has now. */
export interface PresentValue {
  pointId: number
  name: string
  value: number
}

/** Captions nearer than this share no row: `235.4 V` and a gap. */
const CAPTION_PX = 62
/** Before the width of the line is known. */
const NARROW_PX = 390

/** The levels as a number line with the present values on it: a wrong order, or a limit that would stand at once, is seen before it is saved. */
export function NumberLine({
  drafts,
  kind,
  unit,
  present,
}: {
  drafts: readonly LimitDraft[]
  kind: string
  unit: string
  present: readonly PresentValue[]
}) {
  const { t } = useTranslation('limits')
  const words = useWords()
  const limitWords = useLimitWords(kind, unit)
  const captions = useRef<HTMLDivElement>(null)
  const widthPx = useWidth(captions) || NARROW_PX
  const line = bandsOf(
    drafts,
    present.map(({ value }) => value),
  )
  if (!line) return null
  const at = (value: number) => (value - line.from) / (line.to - line.from)
  const percent = (value: number) => `${(at(value) * 100).toFixed(2)}%`
  const marks = [...line.marks].sort((a, b) => a.value - b.value)
  const rows = captionRows(
    marks.map(({ value }) => at(value)),
    CAPTION_PX / widthPx,
  )
  const decimals = decimalsOf(kind)
  const rounded = (value: number) => Number(value.toFixed(decimals))
  const least = present.length > 0 ? Math.min(...present.map(({ value }) => value)) : undefined
  const most = present.length > 0 ? Math.max(...present.map(({ value }) => value)) : undefined
  const presentText =
    least === undefined || most === undefined
      ? t('line.noPresent')
      : present.length === 1
        ? t('line.presentOne', { value: limitWords.amount('high', rounded(least)) })
        : t('line.present', {
            values: `${numberText(least, decimals)} – ${limitWords.amount('high', rounded(most))}`,
            count: present.length,
          })
  return (
    <figure className={`number-line ${line.isOrderWrong ? 'number-line-wrong' : ''}`} data-testid="number-line">
      <div ref={captions} className="line-captions" style={{ height: `${(Math.max(0, ...rows) + 1) * 18}px` }}>
        {marks.map((mark, index) => (
          <span
            key={mark.key}
            className={`line-caption line-ink-${mark.priority} ${at(mark.value) > 0.85 ? 'line-caption-left' : ''}`}
            style={{ left: percent(mark.value), bottom: `${(rows[index] ?? 0) * 18}px` }}
            title={`${words.condition(mark.condition)} ${limitWords.amount(mark.condition, mark.value)}`}
          >
            {limitWords.amount(mark.condition, mark.value)}
          </span>
        ))}
      </div>
      <div className="line-bar" aria-hidden="true">
        {line.bands.map((band) => (
          <span
            key={`${band.from}-${band.to}`}
            className={`line-band line-band-${band.priority}`}
            style={{ left: percent(band.from), width: `${((at(band.to) - at(band.from)) * 100).toFixed(2)}%` }}
          />
        ))}
        {marks.map(
          ({ key, value, clear }) =>
            clear !== null &&
            clear !== value && (
              <span
                key={`clear-${key}`}
                className="line-deadband"
                style={{
                  left: percent(Math.min(value, clear)),
                  width: `${(Math.abs(at(value) - at(clear)) * 100).toFixed(2)}%`,
                }}
              />
            ),
        )}
        {marks.map(({ key, value, priority, isStep }) => (
          <span
            key={key}
            className={`line-mark line-mark-${priority} ${isStep ? 'line-mark-step' : ''}`}
            style={{ left: percent(value) }}
          />
        ))}
        {present.map(({ pointId, name, value }) => (
          <span key={pointId} className="line-present" style={{ left: percent(value) }} title={`${name} ${numberText(value)}`} />
        ))}
      </div>
      <figcaption>
        {line.isOrderWrong ? (
          <b className="line-wrong" role="alert">
            <WarningFilled /> {t('line.wrongOrder')}
          </b>
        ) : (
          <>
            <span className="line-legend">
              <span className="line-key line-key-present" aria-hidden="true" /> {presentText}
            </span>
            <span className="line-legend">
              <span className="line-key line-key-deadband" aria-hidden="true" /> {t('line.deadband')}
            </span>
          </>
        )}
      </figcaption>
    </figure>
  )
}

/** For positions from left to right, the row in which each caption does not run into one before it. */
function captionRows(positions: readonly number[], width: number): number[] {
  const ends: number[] = []
  return positions.map((position) => {
    const free = ends.findIndex((end) => position - end >= width)
    const row = free < 0 ? ends.length : free
    ends[row] = position
    return row
  })
}
