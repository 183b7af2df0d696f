import type { Alarm, RoomOverview } from '@roomkeeper/shared/http'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api, queries } from '../../client/api.ts'
import { serverClock } from '../../client/clock.ts'
import { useHourHistory } from '../../features/charts/use-hour-history.ts'
import { isNumeric } from '../../features/live/value-text.ts'
import { spanOf } from '../../i18n/format.ts'
import { useNowMs } from '../../ui/use-now.ts'
import { AlarmLines } from './AlarmLines.tsx'
import { Figure } from './Figure.tsx'
import { keyFigures } from './key-figures.ts'

const HOUR_MS = 3_600_000
/** A room that comes round again within a minute shows the curve it has. */
const HISTORY_FRESH_MS = 60_000

interface Props {
  room: RoomOverview
  alarms: readonly Alarm[]
  isKnown: boolean
}

/** One room: its figures, its alarms, who is there for it. */
export function RoomSlide({ room, alarms, isKnown }: Props) {
  const figures = keyFigures(room.leading)
  const pointIds = figures
    .filter(({ kind }) => isNumeric(kind))
    .map(({ id }) => id)
    .sort((a, b) => a - b)
    .join()
  const hours = useHourHistory(
    useMemo(() => (pointIds === '' ? [] : pointIds.split(',').map(Number)), [pointIds]),
    HISTORY_FRESH_MS,
  )
  return (
    <section className="wall-room" data-testid={`wall-room-${room.id}`}>
      <div className="wall-figures">
        {figures.map((point) => (
          <Figure key={point.id} point={point} buckets={hours.get(point.id)} />
        ))}
      </div>
      <div className="wall-below">
        <div className="wall-standing">
          <AlarmLines alarms={alarms.filter(({ roomId }) => roomId === room.id)} isKnown={isKnown} most={3} withRoom={false} />
        </div>
        <dl className="wall-facts">
          <Duty isKnown={isKnown} />
          <Inspection dueAtMs={room.inspectionDueAtMs} />
        </dl>
      </div>
    </section>
  )
}

function Duty({ isKnown }: { isKnown: boolean }) {
  const { t } = useTranslation('wall')
  const duty = useQuery({
    // A key of its own that never changes: one with the time in it would pile up answers.
    queryKey: [...queries.notices.key(), 'wall-duty'],
    queryFn: () => {
      const nowMs = Math.floor(serverClock.nowMs())
      return api.notices.shifts({ fromMs: nowMs, toMs: nowMs + HOUR_MS })
    },
  })
  const people = isKnown && !duty.error ? duty.data?.onDutyNow : undefined
  const names = people?.map(({ name }) => name).join(' · ')
  return (
    <div data-testid="wall-duty">
      <dt>{t('onDuty')}</dt>
      <dd className={names ? '' : 'wall-doubt'}>{names || t(people ? 'nobody' : 'unknown')}</dd>
    </div>
  )
}

function Inspection({ dueAtMs }: { dueAtMs: number | null }) {
  const { t } = useTranslation('wall')
  const { t: tAll } = useTranslation()
  const nowMs = useNowMs()
  const leftMs = dueAtMs === null ? null : dueAtMs - nowMs
  const span = leftMs === null ? null : spanOf(Math.abs(leftMs), Math.round)
  const time = span && tAll(`span.${span.unit}`, { count: span.count })
  return (
    <div className={leftMs !== null && leftMs < 0 ? 'wall-overdue' : ''}>
      <dt>{t(leftMs !== null && leftMs < 0 ? 'inspectionOverdue' : 'inspection')}</dt>
      <dd>{time ? (leftMs !== null && leftMs < 0 ? time : `${t('in')} ${time}`) : t('inspectionNone')}</dd>
    </div>
  )
}
