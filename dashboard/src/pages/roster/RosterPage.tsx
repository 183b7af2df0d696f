import { LeftOutlined, PlusOutlined, RightOutlined } from '@ant-design/icons'
import type { Shift } from '@roomkeeper/shared/http'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { serverClock } from '../../client/clock.ts'
import { useMay } from '../../client/session.ts'
import { dateText } from '../../i18n/format.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import { QueryView } from '../../ui/states.tsx'
import { DutyNow } from './DutyNow.tsx'
import { HandOvers } from './HandOvers.tsx'
import { ShiftDialog } from './ShiftDialog.tsx'
import { WeekCalendar } from './WeekCalendar.tsx'
import { gapsOf, type Span, spanText, weekStartMs } from './week.ts'
import './roster.css'

const DAY_MS = 86_400_000
/** Looked at from yesterday, where an unsigned hand-over may be, to a week ahead, where gaps are still to be filled. */
const BEHIND_MS = 2 * DAY_MS
const AHEAD_MS = 7 * DAY_MS
/** One's next shift may be weeks away. */
const NEXT_SHIFT_MS = 35 * DAY_MS

/** What the dialog is open for. */
export type ShiftTarget = { shift: Shift } | { span: Span }

/** Who is on duty, when nobody is, and what one shift leaves for the next. */
export function RosterPage() {
  const { t } = useTranslation('notices')
  const { t: common } = useTranslation()
  const mayWrite = useMay('roster.write')
  const [weeks, setWeeks] = useState(0)
  const [target, setTarget] = useState<ShiftTarget | null>(null)
  // To the minute, or every render would ask for another stretch.
  const [openedMs] = useState(() => Math.floor(serverClock.nowMs() / 60_000) * 60_000)
  const week = { fromMs: weekStartMs(openedMs, weeks), toMs: weekStartMs(openedMs, weeks + 1) }
  const near = useQuery(queries.notices.shifts.queryOptions({ input: { fromMs: openedMs - BEHIND_MS, toMs: openedMs + NEXT_SHIFT_MS } }))
  const shown = useQuery({ ...queries.notices.shifts.queryOptions({ input: week }), placeholderData: keepPreviousData })
  const nowMs = serverClock.nowMs()
  return (
    <>
      <PageHead title={common('nav.roster')} note={t('roster.note')}>
        {mayWrite && (
          <Button
            type="primary"
            icon={<PlusOutlined />}
            data-testid="shift-add"
            onClick={() => setTarget({ span: nextFreeSpan(near.data?.shifts ?? [], nowMs) })}
          >
            {t('roster.add')}
          </Button>
        )}
      </PageHead>
      <QueryView query={near}>
        {({ shifts, onDutyNow }) => (
          <>
            <DutyNow shifts={shifts} onDutyNow={onDutyNow} />
            <Gaps
              gaps={gapsOf(shifts, { fromMs: nowMs, toMs: nowMs + AHEAD_MS })}
              onFill={mayWrite ? (span) => setTarget({ span: shiftWithin(span) }) : undefined}
            />
            <HandOvers shifts={shifts.filter(({ fromMs }) => fromMs <= nowMs)} nowMs={nowMs} />
          </>
        )}
      </QueryView>
      <section className="panel">
        <div className="panel-head">
          <Button size="small" icon={<LeftOutlined />} aria-label={t('roster.previous')} onClick={() => setWeeks(weeks - 1)} />
          <h2 className="nowrap">{t('roster.week', { from: dateText(week.fromMs), to: dateText(week.toMs - 1) })}</h2>
          <Button
            size="small"
            icon={<RightOutlined />}
            aria-label={t('roster.following')}
            data-testid="week-next"
            onClick={() => setWeeks(weeks + 1)}
          />
          {weeks !== 0 && (
            <Button size="small" onClick={() => setWeeks(0)}>
              {t('roster.thisWeek')}
            </Button>
          )}
        </div>
        <QueryView query={shown}>
          {({ shifts }) => <WeekCalendar week={week} shifts={shifts} nowMs={nowMs} onOpen={mayWrite ? setTarget : undefined} />}
        </QueryView>
      </section>
      {target && <ShiftDialog target={target} onClose={() => setTarget(null)} />}
    </>
  )
}

/** What a person means by "a shift": a day at most, to the minute. */
function shiftWithin({ fromMs, toMs }: Span): Span {
  return { fromMs: Math.floor(fromMs / 60_000) * 60_000, toMs: Math.min(toMs, fromMs + DAY_MS) }
}

function nextFreeSpan(shifts: readonly Shift[], nowMs: number): Span {
  const hourMs = Math.ceil(nowMs / 3_600_000) * 3_600_000
  const [gap] = gapsOf(shifts, { fromMs: hourMs, toMs: hourMs + NEXT_SHIFT_MS })
  const fromMs = gap?.fromMs ?? hourMs
  return { fromMs, toMs: Math.min(gap?.toMs ?? Number.POSITIVE_INFINITY, fromMs + DAY_MS / 2) }
}

const GAPS_SHOWN = 4

function Gaps({ gaps, onFill }: { gaps: readonly Span[]; onFill: ((span: Span) => void) | undefined }) {
  const { t } = useTranslation('notices')
  if (gaps.length === 0) return <p className="roster-covered">{t('roster.noGaps')}</p>
  return (
    <section className="panel roster-gaps" data-testid="roster-gaps">
      <h2>{t('roster.gapsTitle', { count: gaps.length })}</h2>
      <ul>
        {gaps.slice(0, GAPS_SHOWN).map((gap) => (
          <li key={gap.fromMs}>
            <b className="nowrap">{spanText(gap)}</b>
            <span className="muted">{t('roster.hoursLong', { hours: Math.round(((gap.toMs - gap.fromMs) / 3_600_000) * 10) / 10 })}</span>
            {onFill && (
              <Button size="small" onClick={() => onFill(gap)}>
                {t('roster.fill')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {gaps.length > GAPS_SHOWN && <span className="muted">{t('roster.moreGaps', { count: gaps.length - GAPS_SHOWN })}</span>}
    </section>
  )
}
