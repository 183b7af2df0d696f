import type { ChangeCurve, ChangeSheet } from '@roomkeeper/shared/registers'
import { unitSymbol } from '@roomkeeper/shared/units'
import { Button } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Span, Time } from '../../../ui/Time.tsx'
import { TrendChart } from '../../charts/TrendChart.tsx'
import { referenceOf } from '../ReferenceInputs.tsx'
import { OutOfService } from './OutOfService.tsx'
import type { SheetProps } from './RecordSheet.tsx'
import './sheets.css'

/** Those with limits come first; the others on demand. */
const SHOWN = 3
/** Share of the picture that the word at a mark takes. */
const MARKS_APART = 0.25
/** A curve goes on for so long after the work. */
const AROUND_MS = 60 * 60_000

/** When the work was really done, its device's silence meanwhile, and how the device ran before and after. */
export function ChangeWork({ definition, record }: SheetProps) {
  const { t } = useTranslation('registers')
  const sheet = record.sheet as ChangeSheet
  const { startedAtMs, endedAtMs } = sheet
  const device = referenceOf(record.fields[definition.shelves?.deviceField ?? 'device'])
  const isWatched = device && (sheet.holdId !== undefined || definition.shelves?.states.includes(record.state))
  if (startedAtMs === undefined && !isWatched) return null
  return (
    <section className="panel sheet-panel" aria-label={t('work.title')} data-testid="change-work">
      <div className="panel-head">
        <h2>{t('work.title')}</h2>
        <span className="muted">{t('byServer')}</span>
      </div>
      <div className="panel-body">
        <dl className="sheet-facts">
          <div>
            <dt>{t('work.started')}</dt>
            <dd>{startedAtMs === undefined ? t('work.notYet') : <Time ms={startedAtMs} />}</dd>
          </div>
          {startedAtMs !== undefined && (
            <div>
              <dt>{t('work.ended')}</dt>
              <dd>
                {endedAtMs === undefined ? (
                  t('work.goesOn')
                ) : (
                  <>
                    <Time ms={endedAtMs} /> <span className="muted">(</span>
                    <Span ms={endedAtMs - startedAtMs} />
                    <span className="muted">)</span>
                  </>
                )}
              </dd>
            </div>
          )}
          <div className="sheet-wide">
            <dt>{t('work.silence')}</dt>
            <dd>{device ? <OutOfService definition={definition} record={record} device={device.name} /> : t('work.noDevice')}</dd>
          </div>
        </dl>
        {device && startedAtMs !== undefined && endedAtMs !== undefined && <Curves sheet={sheet} {...{ startedAtMs, endedAtMs }} />}
      </div>
    </section>
  )
}

interface Work {
  startedAtMs: number
  endedAtMs: number
}

function Curves({ sheet, ...work }: Work & { sheet: ChangeSheet }) {
  const { t } = useTranslation('registers')
  const [isOpen, setIsOpen] = useState(false)
  const { curves, readAtMs } = sheet
  const shown = isOpen ? curves : curves?.slice(0, SHOWN)
  const hidden = (curves?.length ?? 0) - (shown?.length ?? 0)
  return (
    <>
      <h3>{t('work.curves')}</h3>
      {readAtMs === undefined && <p className="sheet-none">{t('stay.notRead')}</p>}
      {readAtMs !== undefined && curves?.length === 0 && <p className="sheet-none">{t('work.noCurves')}</p>}
      {readAtMs !== undefined && readAtMs < work.endedAtMs + AROUND_MS && <p className="sheet-none">{t('work.curvesGoOn')}</p>}
      {shown?.map((curve) => (
        <Curve key={curve.pointId} curve={curve} {...work} />
      ))}
      {hidden > 0 && (
        <Button size="small" data-testid="work-more" onClick={() => setIsOpen(true)}>
          {t('work.more', { count: hidden })}
        </Button>
      )}
    </>
  )
}

function Curve({ curve, startedAtMs, endedAtMs }: Work & { curve: ChangeCurve }) {
  const { t } = useTranslation('registers')
  const { name, before, after } = curve
  const unit = unitSymbol(curve.unit)
  const fromMs = before[0]?.[0] ?? startedAtMs
  // Room for the words at the last mark.
  const toMs = Math.max(after.at(-1)?.[0] ?? 0, endedAtMs + (endedAtMs - fromMs) / 4, fromMs + 1000)
  const chart = useMemo(() => {
    const lineOf = (label: string, points: ChangeCurve['before']) => ({
      label,
      buckets: points.map(([timeMs, value]) => ({ timeMs, min: null, mean: value, max: null })),
      maxGapMs: 600_000,
    })
    return {
      curves: [lineOf(t('work.before'), before), lineOf(t('work.after'), after)],
      // Two words on top of each other cannot be read.
      marks:
        endedAtMs - startedAtMs < (toMs - fromMs) * MARKS_APART
          ? [{ timeMs: startedAtMs, label: t('work.change') }]
          : [
              { timeMs: startedAtMs, label: t('work.started') },
              { timeMs: endedAtMs, label: t('work.ended') },
            ],
    }
  }, [before, after, startedAtMs, endedAtMs, fromMs, toMs, t])
  const [was, is] = [meanOf(before), meanOf(after)]
  const text = (value: number | null) => (value === null ? t('work.noValue') : `${value.toFixed(1)} ${unit}`)
  return (
    <div className="change-curve" data-testid={`change-curve-${curve.pointId}`}>
      <div>
        <b>{name}</b> <span className="nowrap">{t('work.means', { before: text(was), after: text(is) })}</span>
      </div>
      <TrendChart {...chart} {...{ unit, fromMs, toMs }} decimals={1} heightPx={150} label={t('work.curveOf', { point: name })} />
    </div>
  )
}

function meanOf(points: ChangeCurve['before']): number | null {
  const values = points.flatMap(([, value]) => value ?? [])
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}
