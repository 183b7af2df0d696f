import type { Alarm } from '@roomkeeper/shared/http'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { AlarmActions } from '../../features/alarms/AlarmActions.tsx'
import { AlarmTimeline } from '../../features/alarms/AlarmTimeline.tsx'
import { isUnacknowledged } from '../../features/alarms/alarm-order.ts'
import { useAlarmWords } from '../../features/alarms/use-alarm-words.ts'
import { useWords } from '../../i18n/use-words.ts'
import { type Column, DataTable } from '../../ui/DataTable.tsx'
import { PriorityMark } from '../../ui/PriorityMark.tsx'
import { Span, Time } from '../../ui/Time.tsx'
import { AlarmMarks, AlarmState } from './AlarmState.tsx'

interface Props {
  alarms: readonly Alarm[]
  caption: string
  /** What each alarm suppresses now, by its id; shown folded under it. */
  consequences?: ReadonlyMap<number, readonly Alarm[]>
}

/** Alarms, one row each: what, where, since when, in which state, and what to do. */
export function AlarmTable({ alarms, caption, consequences }: Props) {
  const { t } = useTranslation('life')
  const { t: common } = useTranslation()
  const [openId, setOpenId] = useState<number | null>(null)
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(new Set())
  const toggleFold = (id: number) =>
    setUnfolded((before) => (before.has(id) ? new Set([...before].filter((each) => each !== id)) : new Set([...before, id])))

  const columns: Column<Alarm>[] = [
    {
      key: 'priority',
      title: common('alarms.priority'),
      className: 'no-label',
      render: (alarm) => (
        <AlarmMarks alarm={alarm}>
          <PriorityMark priority={alarm.priority} />
        </AlarmMarks>
      ),
    },
    { key: 'place', title: common('alarms.place'), className: 'alarm-place no-label', render: (alarm) => <AlarmPlace alarm={alarm} /> },
    {
      key: 'what',
      title: common('alarms.what'),
      className: 'alarm-what no-label',
      render: (alarm) => {
        const below = consequences?.get(alarm.id) ?? []
        return (
          <span>
            <AlarmWhat alarm={alarm} />
            {below.length > 0 && (
              <button
                type="button"
                className="link-button fold-button"
                aria-expanded={unfolded.has(alarm.id)}
                data-testid={`consequences-${alarm.id}`}
                onClick={() => toggleFold(alarm.id)}
              >
                {unfolded.has(alarm.id) ? '▾' : '▸'} {t('list.consequences', { count: below.length })}
              </button>
            )}
          </span>
        )
      },
    },
    {
      key: 'raised',
      title: t('list.raisedAt'),
      className: 'alarm-raised no-label',
      render: (alarm) => (
        <span>
          <Time ms={alarm.raisedAtMs} />{' '}
          {alarm.clearedAtMs !== null && (
            <span className="muted">
              ({t('list.lasted')} <Span ms={alarm.clearedAtMs - alarm.raisedAtMs} />)
            </span>
          )}
          {alarm.late && (
            <span className="mark mark-plain" title={common('alarms.lateExplained')}>
              {t('list.late')}
            </span>
          )}
        </span>
      ),
    },
    {
      key: 'state',
      title: common('alarms.state'),
      className: 'alarm-state-column no-label',
      render: (alarm) => <AlarmState alarm={alarm} />,
    },
    {
      key: 'actions',
      title: '',
      className: 'actions alarm-buttons no-label',
      render: (alarm) => (
        <AlarmActions alarm={alarm} isOpen={openId === alarm.id} onToggle={() => setOpenId(openId === alarm.id ? null : alarm.id)} />
      ),
    },
  ]
  return (
    <DataTable
      rows={alarms}
      columns={columns}
      rowKey={({ id }) => id}
      rowTestId={({ id }) => `alarm-row-${id}`}
      rowClassName={rowClass}
      expanded={(alarm) => {
        const below = unfolded.has(alarm.id) ? consequences?.get(alarm.id) : undefined
        if (alarm.id !== openId && !below) return undefined
        return (
          <>
            {below && <ConsequenceList alarms={below} />}
            {alarm.id === openId && <AlarmTimeline alarmId={alarm.id} />}
          </>
        )
      }}
      caption={caption}
    />
  )
}

function rowClass(alarm: Alarm): string {
  if (alarm.state === 'NORM') return 'alarm-norm'
  if (alarm.drill) return 'alarm-drill'
  return isUnacknowledged(alarm) ? 'alarm-unack' : ''
}

function AlarmPlace({ alarm }: { alarm: Alarm }) {
  const alarmWords = useAlarmWords()
  return (
    <div>
      <div className="room">{alarm.roomName ?? '—'}</div>
      {/* The point of a drill is on no page. */}
      {alarm.roomId !== null && alarm.pointId !== null && !alarm.drill ? (
        <Link to={`/rooms/${alarm.roomId}?point=${alarm.pointId}`}>{alarmWords.inRoom(alarm)}</Link>
      ) : alarm.subject ? (
        <Link to={alarm.subject.path}>{alarmWords.inRoom(alarm)}</Link>
      ) : (
        <span>{alarmWords.inRoom(alarm)}</span>
      )}
    </div>
  )
}

function AlarmWhat({ alarm }: { alarm: Alarm }) {
  const { t } = useTranslation()
  const words = useWords()
  const alarmWords = useAlarmWords()
  const limit = alarmWords.limit(alarm)
  return (
    <>
      <span className="sentence-start">{words.condition(alarm.condition)}</span> <b className="nowrap">{alarmWords.value(alarm)}</b>{' '}
      {limit && <span className="muted nowrap">{t('alarms.limitIs', { limit })}</span>}
      <AlarmOutage alarm={alarm} />
    </>
  )
}

/** What the silence of a device means for this alarm: its value is unknown, or it stands for all that is silent below it. */
function AlarmOutage({ alarm }: { alarm: Alarm }) {
  const { t } = useTranslation('life')
  const words = useWords()
  const { valueUnknown, suppresses } = alarm
  if (valueUnknown)
    return (
      <div className="alarm-unknown" data-testid={`value-unknown-${alarm.id}`}>
        {t('list.valueUnknown', { cause: words.condition(valueUnknown.cause) })} <Time ms={valueUnknown.sinceMs} />
      </div>
    )
  if (!suppresses || suppresses.points === 0) return null
  return (
    <div className="muted" title={t('list.suppressedExplained')} data-testid={`suppresses-${alarm.id}`}>
      {t(suppresses.devices > 0 ? 'list.suppressesDevices' : 'list.suppressesPoints', suppresses)}
    </div>
  )
}

/** What an alarm suppresses by design, one line each: nobody has to do anything about them while the cause stands. */
function ConsequenceList({ alarms }: { alarms: readonly Alarm[] }) {
  const { t } = useTranslation('life')
  const words = useWords()
  const alarmWords = useAlarmWords()
  return (
    <div className="consequences">
      <p className="muted">{t('list.consequencesExplained')}</p>
      <ul>
        {alarms.map((alarm) => (
          <li key={alarm.id} data-testid={`consequence-${alarm.id}`}>
            <PriorityMark priority={alarm.priority} />
            <span className="alarm-place">{alarmWords.inRoom(alarm)}</span>
            <span>
              {words.condition(alarm.condition)} <b className="nowrap">{alarmWords.value(alarm)}</b>
            </span>
            <Time ms={alarm.raisedAtMs} />
            {!alarm.active && <span className="mark mark-ok">{t('list.goneBelow')}</span>}
          </li>
        ))}
      </ul>
    </div>
  )
}
