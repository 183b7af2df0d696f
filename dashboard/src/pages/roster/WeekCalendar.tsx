import { CheckOutlined } from '@ant-design/icons'
import type { Shift } from '@roomkeeper/shared/http'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../client/session.ts'
import type { ShiftTarget } from './RosterPage.tsx'
import { clockText, daysOf, gapsOf, piecesOf, type Span } from './week.ts'

interface Props {
  week: Span
  shifts: readonly Shift[]
  nowMs: number
  /** Absent for those who may only look. */
  onOpen: ((target: ShiftTarget) => void) | undefined
}

/** A week as seven columns of hours; on a phone as a list of days. Stretches without anybody are marked from now on. */
export function WeekCalendar({ week, shifts, nowMs, onOpen }: Props) {
  return (
    <div className="week-box">
      <div className="week">
        <ol className="week-hours" aria-hidden="true">
          {[0, 4, 8, 12, 16, 20, 24].map((hour) => (
            <li key={hour} style={{ top: `${(hour / 24) * 100}%` }}>{`${String(hour).padStart(2, '0')}:00`}</li>
          ))}
        </ol>
        {daysOf(week.fromMs).map((day) => (
          <Day key={day.fromMs} day={day} shifts={shifts} nowMs={nowMs} onOpen={onOpen} />
        ))}
      </div>
    </div>
  )
}

function Day({ day, shifts, nowMs, onOpen }: Omit<Props, 'week'> & { day: Span }) {
  const { t } = useTranslation('notices')
  const me = useMe()
  const isToday = day.fromMs <= nowMs && nowMs < day.toMs
  const pieces = piecesOf(shifts, day)
  const gaps = nowMs < day.toMs ? gapsOf(shifts, { fromMs: Math.max(day.fromMs, nowMs), toMs: day.toMs }) : []
  const lengthMs = day.toMs - day.fromMs
  const placeOf = ({ fromMs, toMs }: Span) => ({
    top: `${((fromMs - day.fromMs) / lengthMs) * 100}%`,
    height: `${((toMs - fromMs) / lengthMs) * 100}%`,
  })
  const timeOf = ({ fromMs, toMs }: Span) => `${clockText(fromMs, day.toMs)} – ${clockText(toMs, day.toMs)}`
  return (
    <section className={`week-day ${isToday ? 'week-today' : ''}`} aria-label={dayjs(day.fromMs).format('ddd MM-DD')}>
      <h3>
        {dayjs(day.fromMs).format('ddd')} <span className="nowrap">{dayjs(day.fromMs).format('MM-DD')}</span>{' '}
        {isToday && <b>{t('roster.today')}</b>}
      </h3>
      <div className="week-column">
        {pieces.length === 0 && gaps.length === 0 && <span className="muted week-empty">{t('roster.empty')}</span>}
        {/* In the order of time, which on a phone is the order on the screen. */}
        {[...pieces.map((piece) => ({ ...piece, isGap: false as const })), ...gaps.map((gap) => ({ ...gap, isGap: true as const }))]
          .sort((a, b) => a.fromMs - b.fromMs)
          .map((part) =>
            !part.isGap ? (
              <Block
                key={part.shift.id}
                className={`week-shift ${part.shift.accountId === me.id ? 'week-own' : ''} ${part.toMs <= nowMs ? 'week-past' : ''}`}
                style={{ ...placeOf(part), left: `${(part.lane / part.lanes) * 100}%`, width: `${100 / part.lanes}%` }}
                testId={`shift-${part.shift.id}`}
                onClick={onOpen && (() => onOpen({ shift: part.shift }))}
              >
                <b>{part.shift.name}</b> <span>{timeOf(part)}</span>
                {part.shift.handover?.signedBy && <CheckOutlined title={t('roster.signed')} />}
                {part.shift.note && <span className="week-note">{part.shift.note}</span>}
              </Block>
            ) : (
              <Block
                key={`gap ${part.fromMs}`}
                className="week-gap"
                style={placeOf(part)}
                onClick={onOpen && (() => onOpen({ span: part }))}
              >
                <b>{t('roster.gap')}</b> <span>{timeOf(part)}</span>
              </Block>
            ),
          )}
        {isToday && <div className="week-now" style={{ top: `${((nowMs - day.fromMs) / lengthMs) * 100}%` }} aria-hidden="true" />}
      </div>
    </section>
  )
}

interface BlockProps {
  className: string
  style: React.CSSProperties
  testId?: string
  onClick: (() => void) | undefined
  children: React.ReactNode
}

/** A button for those who may change it, plain for the others. */
function Block({ className, style, testId, onClick, children }: BlockProps) {
  return onClick ? (
    <button type="button" className={`week-block ${className}`} style={style} data-testid={testId} onClick={onClick}>
      {children}
    </button>
  ) : (
    <div className={`week-block ${className}`} style={style} data-testid={testId}>
      {children}
    </div>
  )
}
