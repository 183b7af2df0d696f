import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import type { CalendarEntry, Holiday } from '@roomkeeper/shared/http'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { queries } from '../../client/api.ts'
import { serverClock } from '../../client/clock.ts'
import { Empty, QueryView } from '../../ui/states.tsx'
import { byDate, monthBeside, monthOf, type Shade, shadeOf, spanOfMonth, weeksOf } from './month.ts'
import { useScheduleWords } from './use-schedule-words.ts'

/** More than these of one day are folded; the list below has them all. */
const SHOWN_PER_DAY = 4
const SHADES: readonly Shade[] = ['overdue', 'due', 'recordOverdue', 'record', 'missed', 'done']

/** A month: a grid on a wide screen, a list on a phone. */
export function MonthView({ onOpen }: { onOpen: (scheduleId: number) => void }) {
  const { t } = useTranslation('schedules')
  const [search, setSearch] = useSearchParams()
  const now = monthOf(serverClock.nowMs())
  const month = /^\d{4}-\d{2}$/.test(search.get('month') ?? '') ? (search.get('month') ?? now) : now
  const query = useQuery({ ...queries.schedules.calendar.queryOptions({ input: spanOfMonth(month) }), placeholderData: (before) => before })
  const holidays = useQuery(queries.schedules.holidays.queryOptions({ input: { year: Number(month.slice(0, 4)) } })).data ?? []
  const go = (next: string): void =>
    setSearch((before) => {
      if (next === now) before.delete('month')
      else before.set('month', next)
      return before
    })
  return (
    <div className="panel calendar">
      <div className="calendar-head">
        <Button icon={<LeftOutlined />} aria-label={t('month.previous')} onClick={() => go(monthBeside(month, -1))} />
        <h2 aria-live="polite">{dayjs(`${month}-01`).format(t('month.format'))}</h2>
        <Button icon={<RightOutlined />} aria-label={t('month.next')} data-testid="month-next" onClick={() => go(monthBeside(month, 1))} />
        <Button disabled={month === now} onClick={() => go(now)}>
          {t('month.today')}
        </Button>
        <ul className="calendar-legend" aria-label={t('month.legend')}>
          {SHADES.map((shade) => (
            <li key={shade}>
              <span className={`entry-dot entry-${shade}`} aria-hidden="true" /> {t(`kind.${shade}`)}
            </li>
          ))}
        </ul>
      </div>
      <QueryView query={query}>
        {(entries) => (
          <>
            <Grid month={month} entries={entries} holidays={holidays} onOpen={onOpen} />
            <List month={month} entries={entries} onOpen={onOpen} />
          </>
        )}
      </QueryView>
    </div>
  )
}

interface MonthProps {
  month: string
  entries: readonly CalendarEntry[]
  onOpen: (scheduleId: number) => void
}

function Grid({ month, entries, holidays, onOpen }: MonthProps & { holidays: readonly Holiday[] }) {
  const { t } = useTranslation('schedules')
  const [, setSearch] = useSearchParams()
  const of = byDate(entries)
  const holidayOf = new Map(holidays.map((holiday) => [holiday.date, holiday]))
  const today = dayjs(serverClock.nowMs()).format('YYYY-MM-DD')
  const showList = (): void =>
    setSearch((before) => {
      before.set('tab', 'rules')
      return before
    })
  return (
    <table className="month-grid">
      <thead>
        <tr>
          {(['1', '2', '3', '4', '5', '6', '0'] as const).map((day) => (
            <th key={day} scope="col">
              {t(`weekday.${day}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeksOf(month).map((week) => (
          <tr key={week[0]}>
            {week.map((date) => {
              const day = of.get(date) ?? []
              const holiday = holidayOf.get(date)
              const weekend = [0, 6].includes(dayjs(date).day())
              const isOff = holiday ? !holiday.working : weekend
              const classes = ['day', isOff && 'day-off', !date.startsWith(month) && 'day-outside', date === today && 'day-today']
              return (
                <td key={date} className={classes.filter(Boolean).join(' ')} data-testid={`day-${date}`}>
                  <div className="day-head">
                    <time dateTime={date}>{Number(date.slice(8))}</time>
                    {holiday && (
                      <span className={holiday.working ? 'day-worked' : 'day-holiday'} title={holiday.name}>
                        {t(holiday.working ? 'month.working' : 'month.dayOff')} {holiday.name}
                      </span>
                    )}
                  </div>
                  {day.slice(0, SHOWN_PER_DAY).map((entry) => (
                    <Entry key={keyOf(entry)} entry={entry} onOpen={onOpen} />
                  ))}
                  {day.length > SHOWN_PER_DAY && (
                    <button type="button" className="day-more" onClick={showList}>
                      {t('month.more', { count: day.length - SHOWN_PER_DAY })}
                    </button>
                  )}
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function List({ month, entries, onOpen }: MonthProps) {
  const { t } = useTranslation('schedules')
  const days = [...byDate(entries)].filter(([date]) => date.startsWith(month))
  if (days.length === 0)
    return (
      <div className="month-list">
        <Empty>{t('month.none')}</Empty>
      </div>
    )
  const today = dayjs(serverClock.nowMs()).format('YYYY-MM-DD')
  return (
    <ol className="month-list">
      {days.map(([date, day]) => (
        <li key={date} className={date === today ? 'day-today' : undefined}>
          <h3>
            {date.slice(5)} {t(`weekday.${dayjs(date).day() as 0 | 1 | 2 | 3 | 4 | 5 | 6}`)}
          </h3>
          {day.map((entry) => (
            <Entry key={keyOf(entry)} entry={entry} onOpen={onOpen} isLong />
          ))}
        </li>
      ))}
    </ol>
  )
}

const keyOf = ({ kind, scheduleId, recordId, atMs }: CalendarEntry): string => `${kind}-${scheduleId}-${recordId}-${atMs}`

/** One thing of a day: a record opens it, a due time opens its schedule. */
function Entry({ entry, onOpen, isLong }: { entry: CalendarEntry; onOpen: (scheduleId: number) => void; isLong?: boolean }) {
  const { t } = useTranslation('schedules')
  const words = useScheduleWords()
  const shade = shadeOf(entry)
  const state = shade === 'missed' ? t('missedDone') : t(`kind.${shade}`)
  // What it is first: in a day's narrow box the rest is cut off.
  const name = words.entry(entry)
  const text = name.includes(entry.roomName ?? '') ? name : `${name} · ${entry.roomName}`
  const time = dayjs(entry.atMs).format('HH:mm')
  const label = `${time} ${text}, ${state}`
  const inner = (
    <>
      <span className="entry-time">{time}</span> <span className="entry-text">{text}</span>
      {isLong && <span className="entry-state">{state}</span>}
    </>
  )
  const className = `entry entry-${shade}`
  if (entry.recordId !== null && entry.kind !== 'missed')
    return (
      <Link className={className} to={`/registers/${entry.register}/${entry.recordId}`} title={label}>
        {inner}
      </Link>
    )
  return (
    <button type="button" className={className} title={label} onClick={() => entry.scheduleId !== null && onOpen(entry.scheduleId)}>
      {inner}
    </button>
  )
}
