import { ThunderboltOutlined } from '@ant-design/icons'
import type { InspectionSheet, SheetMeasurement } from '@roomkeeper/shared/registers'
import { unitSymbol } from '@roomkeeper/shared/units'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useConnection } from '../../client/connection.ts'
import { dateTimeText, shortTimeText } from '../../i18n/format.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Time } from '../../ui/Time.tsx'
import { priorityRank } from '../alarms/alarm-order.ts'

/** More than these make a wall of figures on a phone. */
const SHOWN = 4
const ALARMS_SHOWN = 3

/** What nobody has to write down: the sensors' figures since the last inspection, alarms, what the UPSes did. */
export function SensorSummary({ sheet, isOwn }: { sheet: Partial<InspectionSheet>; isOwn: boolean }) {
  const { t } = useTranslation('inspection')
  const words = useWords()
  const isLost = useConnection().phase !== 'live'
  const [isOpen, setIsOpen] = useState(false)
  const [areAllAlarms, setAreAllAlarms] = useState(false)
  // The sheet of an earlier inspection lends its items, never its figures.
  if (!isOwn)
    return (
      <section className="panel sheet-summary" data-testid="sheet-unknown">
        <p className="sheet-offline">{t('sheet.unknown')}</p>
      </section>
    )
  const { measured = [], openAlarms = [], upsEvents = [], alarmsSince = 0 } = sheet
  const asOfMs = sheet.asOfMs ?? Date.now()
  const shown = isOpen ? measured : measured.slice(0, SHOWN)
  const alarms = openAlarms.toSorted((a, b) => priorityRank(b.priority) - priorityRank(a.priority))
  const alarmsLeft = alarms.length - ALARMS_SHOWN
  return (
    <section className="panel sheet-summary" aria-label={t('sheet.title')} data-testid="sheet-summary">
      <div className="panel-head">
        <h2>{t('sheet.title')}</h2>
        {sheet.sinceMs !== undefined && <span className="muted">{t('sheet.since', { time: shortTimeText(sheet.sinceMs, asOfMs) })}</span>}
      </div>
      {isLost ? (
        <p className="sheet-offline" role="status">
          {t('sheet.offline', { time: dateTimeText(asOfMs) })}
        </p>
      ) : null}
      {sheet.missing && <p className="sheet-offline">{words.of(sheet.missing)}</p>}
      <ul className={`sheet-figures ${isLost ? 'sheet-old' : ''}`}>
        {shown.map((each) => (
          <Figure key={`${each.kind}-${each.label.zh}`} figure={each} />
        ))}
      </ul>
      {measured.length > SHOWN && (
        <button
          type="button"
          className="link-button sheet-more sheet-more-figures"
          aria-expanded={isOpen}
          onClick={() => setIsOpen(!isOpen)}
        >
          {isOpen ? t('sheet.less') : `${t('sheet.more')} (${measured.length - SHOWN})`}
        </button>
      )}
      <div className="sheet-alarms">
        {openAlarms.length === 0 ? (
          <span className="mark mark-ok">{t('sheet.noAlarms')}</span>
        ) : (
          <ul>
            {(areAllAlarms ? alarms : alarms.slice(0, ALARMS_SHOWN)).map((alarm) => (
              <li key={alarm.id}>
                <span className={`mark mark-${alarm.priority}`}>{words.priority(alarm.priority)}</span> {words.of(alarm.text)}{' '}
                <span className="muted">
                  <Time ms={alarm.raisedAtMs} />
                </span>
              </li>
            ))}
          </ul>
        )}
        {alarmsLeft > 0 && (
          <button
            type="button"
            className="link-button sheet-more"
            aria-expanded={areAllAlarms}
            onClick={() => setAreAllAlarms(!areAllAlarms)}
          >
            {areAllAlarms ? t('sheet.less') : t('sheet.moreAlarms', { count: alarmsLeft })}
          </button>
        )}
        {alarmsSince > 0 && <span className="muted">{t('sheet.alarmsSince', { count: alarmsSince })}</span>}
      </div>
      {upsEvents.length > 0 && (
        <ul className="sheet-ups" aria-label={t('sheet.ups')}>
          {upsEvents.map((event) => (
            <li key={`${event.device}-${event.atMs}`}>
              <ThunderboltOutlined /> {event.device} {words.of(event.text)} <Time ms={event.atMs} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function Figure({ figure }: { figure: SheetMeasurement }) {
  const { t } = useTranslation('inspection')
  const words = useWords()
  const { latest, min, max, mean, inLimits } = figure
  const unit = unitSymbol(figure.unit)
  const text = (value: number) => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(1))
  const percent = inLimits === null ? null : Math.floor(inLimits * 100)
  return (
    <li className="sheet-figure">
      <span className="sheet-label">{words.of(figure.label)}</span>
      <b className="sheet-latest">{latest === null ? '—' : `${text(latest)} ${unit}`}</b>
      {min === null || max === null ? (
        <span className="muted sheet-range">{figure.reason ? words.of(figure.reason) : t('sheet.noFigures')}</span>
      ) : (
        <span className="muted sheet-range">
          {t('sheet.range', { min: text(min), max: text(max) })}
          {mean !== null && ` · ${t('sheet.mean', { mean: text(mean) })}`}
        </span>
      )}
      {percent !== null && (
        <span className={`sheet-bar ${percent < 100 ? 'sheet-bar-out' : ''}`}>
          <span className="sheet-bar-track" aria-hidden="true">
            <span style={{ width: `${percent}%` }} />
          </span>
          {t('sheet.inLimits', { percent })}
        </span>
      )}
    </li>
  )
}
