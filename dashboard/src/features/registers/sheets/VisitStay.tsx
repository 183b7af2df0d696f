import type { SheetMeasurement, VisitSheet } from '@roomkeeper/shared/registers'
import { unitSymbol } from '@roomkeeper/shared/units'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useMay } from '../../../client/session.ts'
import { useWords } from '../../../i18n/use-words.ts'
import { Span, Time } from '../../../ui/Time.tsx'
import { useNowMs } from '../../../ui/use-now.ts'
import type { SheetProps } from './RecordSheet.tsx'
import './sheets.css'

/** When visitors came and went, who was with them, and what the room did meanwhile. */
export function VisitStay({ record }: SheetProps) {
  const { t } = useTranslation('registers')
  const { inAtMs, outAtMs, escort, readings, alarms, doorOpenings, readAtMs } = record.sheet as VisitSheet
  if (inAtMs === undefined) return null
  return (
    <section className="panel sheet-panel" aria-label={t('stay.title')} data-testid="visit-stay">
      <div className="panel-head">
        <h2>{t('stay.title')}</h2>
        <span className="muted">{t('byServer')}</span>
      </div>
      <div className="panel-body">
        <dl className="sheet-facts">
          <div>
            <dt>{t('stay.in')}</dt>
            <dd>
              <Time ms={inAtMs} />
            </dd>
          </div>
          <div>
            <dt>{t('stay.out')}</dt>
            <dd data-testid="stay-out">{outAtMs === undefined ? <b>{t('stay.inside')}</b> : <Time ms={outAtMs} />}</dd>
          </div>
          <div>
            <dt>{t('stay.length')}</dt>
            <dd>{outAtMs === undefined ? <SpanUntilNow fromMs={inAtMs} /> : <Span ms={outAtMs - inAtMs} />}</dd>
          </div>
          <div>
            <dt>{t('stay.escort')}</dt>
            <dd data-testid="stay-escort">{escort ?? '—'}</dd>
          </div>
          {outAtMs !== undefined && (
            <div>
              <dt>{t('stay.doors')}</dt>
              <dd>{doorOpenings === undefined ? t('stay.noDoor') : t('stay.doorCount', { count: doorOpenings })}</dd>
            </div>
          )}
        </dl>
        {outAtMs !== undefined && (
          <>
            <h3>{t('stay.alarms')}</h3>
            <DuringAlarms alarms={alarms} />
            <h3>{t('stay.readings')}</h3>
            <Readings readings={readings} isRead={readAtMs !== undefined} />
          </>
        )}
      </div>
    </section>
  )
}

function SpanUntilNow({ fromMs }: { fromMs: number }) {
  return <Span ms={useNowMs() - fromMs} />
}

function DuringAlarms({ alarms = [] }: Pick<VisitSheet, 'alarms'>) {
  const { t } = useTranslation('registers')
  const words = useWords()
  const maySee = useMay('alarms.read')
  if (alarms.length === 0) return <p className="sheet-none">{t('stay.noAlarms')}</p>
  return (
    <ul className="sheet-list" data-testid="stay-alarms">
      {alarms.map(({ id, text, raisedAtMs }) => (
        <li key={id}>
          <Time ms={raisedAtMs} /> {maySee ? <Link to="/alarms?scope=all">{words.of(text)}</Link> : words.of(text)}
        </li>
      ))}
    </ul>
  )
}

function Readings({ readings = [], isRead }: { readings: VisitSheet['readings']; isRead: boolean }) {
  const { t } = useTranslation('registers')
  const { t: common } = useTranslation()
  const words = useWords()
  const isSaid = ({ min, max }: SheetMeasurement) => min !== null && max !== null
  const said = readings.filter(isSaid)
  const silent = readings.filter((row) => !isSaid(row)).map(({ label }) => words.of(label))
  // A short visit may have no reading of its own; the store may be away, and is asked again.
  if (said.length === 0) return <p className="sheet-none">{t(isRead ? 'stay.noReadings' : 'stay.notRead')}</p>
  return (
    <>
      <ul className="sheet-readings" data-testid="stay-readings">
        {said.map((row) => (
          <li key={`${row.kind} ${row.label.zh}`}>
            <span>{words.of(row.label)}</span>
            <b>{rangeText(row)}</b>
            {row.inLimits !== null && <InLimits share={row.inLimits} />}
          </li>
        ))}
      </ul>
      {silent.length > 0 && <p className="sheet-none">{t('stay.silent', { what: silent.join(common('common.listComma')) })}</p>}
    </>
  )
}

function InLimits({ share }: { share: number }) {
  const { t } = useTranslation('registers')
  // 99.6 % is not all of the time.
  const percent = Math.floor(share * 100)
  return <span className={percent < 100 ? 'sheet-outside' : 'muted'}>{t('stay.inLimits', { percent })}</span>
}

function rangeText({ min, max, unit }: SheetMeasurement): string {
  if (min === null || max === null) return ''
  const [low, high] = [numberText(min), numberText(max)]
  return `${low === high ? low : `${low} – ${high}`} ${unitSymbol(unit)}`
}

function numberText(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(1)
}
