import { CheckCircleFilled, DownOutlined, FileTextOutlined, UpOutlined } from '@ant-design/icons'
import type { Alarm } from '@roomkeeper/shared/http'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { api, queries } from '../../client/api.ts'
import { useConnection } from '../../client/connection.ts'
import { useMay } from '../../client/session.ts'
import { AcknowledgeDialog } from '../../features/alarms/AcknowledgeDialog.tsx'
import { AlarmTimeline } from '../../features/alarms/AlarmTimeline.tsx'
import { isUnacknowledged } from '../../features/alarms/alarm-order.ts'
import { useAlarmWords } from '../../features/alarms/use-alarm-words.ts'
import { useOpenAlarms } from '../../features/alarms/use-open-alarms.ts'
import { useWords } from '../../i18n/use-words.ts'
import { type Column, DataTable } from '../../ui/DataTable.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { PriorityMark } from '../../ui/PriorityMark.tsx'
import { Empty, Failure, Loading } from '../../ui/states.tsx'
import { Span, Time } from '../../ui/Time.tsx'
import '../../features/alarms/alarms.css'

const PAGE_SIZE = 50

export function AlarmsPage() {
  const { t } = useTranslation()
  const [search, setSearch] = useSearchParams()
  const scope = search.get('scope') === 'all' ? 'all' : 'open'
  const { alarms, unacknowledged } = useOpenAlarms()
  return (
    <>
      <PageHead title={t('nav.alarms')} note={t('alarms.counts', { open: alarms.length, unacknowledged: unacknowledged.length })}>
        <Segmented
          value={scope}
          options={[
            { value: 'open', label: t('alarms.open') },
            { value: 'all', label: t('alarms.all') },
          ]}
          onChange={(next) => setSearch(next === 'all' ? { scope: next } : {})}
        />
      </PageHead>
      <div className="panel">{scope === 'open' ? <OpenAlarms alarms={alarms} /> : <AllAlarms />}</div>
    </>
  )
}

function OpenAlarms({ alarms }: { alarms: readonly Alarm[] }) {
  const { t } = useTranslation()
  const isLost = useConnection().phase === 'lost'
  if (alarms.length > 0) return <AlarmTable alarms={alarms} />
  // An empty list read before the line broke says nothing about now.
  return isLost ? (
    <Empty>{t('alarms.unknown')}</Empty>
  ) : (
    <Empty icon={<CheckCircleFilled style={{ color: 'var(--ok)' }} />}>{t('alarms.none')}</Empty>
  )
}

function AllAlarms() {
  const { t } = useTranslation()
  const query = useInfiniteQuery({
    queryKey: [...queries.alarms.list.key(), 'pages'],
    queryFn: ({ pageParam }) => api.alarms.list({ scope: 'all', limit: PAGE_SIZE, before: pageParam }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => (page.length < PAGE_SIZE ? undefined : page.at(-1)?.id),
  })
  if (query.isPending) return <Loading />
  if (!query.data) return <Failure error={query.error} onRetry={() => void query.refetch()} />
  const alarms = query.data.pages.flat()
  if (alarms.length === 0) return <Empty>{t('alarms.never')}</Empty>
  return (
    <>
      <AlarmTable alarms={alarms} />
      {query.hasNextPage && (
        <div className="state-box">
          <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t('common.more')}
          </Button>
        </div>
      )}
    </>
  )
}

/** What the silence of a device means for this alarm: its value is unknown, or it stands for all that is silent below it. */
function AlarmOutage({ alarm }: { alarm: Alarm }) {
  const { t } = useTranslation()
  const words = useWords()
  const { valueUnknown, suppresses } = alarm
  if (valueUnknown)
    return (
      <div className="alarm-unknown" data-testid={`value-unknown-${alarm.id}`}>
        {t('alarms.valueUnknown', { cause: words.condition(valueUnknown.cause) })} <Time ms={valueUnknown.sinceMs} />
      </div>
    )
  if (!suppresses || suppresses.points === 0) return null
  return (
    <div className="muted" title={t('alarms.suppressedExplained')} data-testid={`suppresses-${alarm.id}`}>
      {t(suppresses.devices > 0 ? 'alarms.suppressesDevices' : 'alarms.suppressesPoints', suppresses)}
    </div>
  )
}

function AlarmTable({ alarms }: { alarms: readonly Alarm[] }) {
  const { t } = useTranslation()
  const words = useWords()
  const alarmWords = useAlarmWords()
  const mayAcknowledge = useMay('alarms.acknowledge')
  const [openId, setOpenId] = useState<number | null>(null)
  const [acknowledging, setAcknowledging] = useState<Alarm | null>(null)

  const columns: Column<Alarm>[] = [
    { key: 'priority', title: t('alarms.priority'), className: 'no-label', render: (alarm) => <PriorityMark priority={alarm.priority} /> },
    {
      key: 'place',
      title: t('alarms.place'),
      className: 'alarm-place no-label',
      render: (alarm) => (
        <div>
          <div className="room">{alarm.roomName ?? '—'}</div>
          {alarm.roomId !== null && alarm.pointId !== null ? (
            <Link to={`/rooms/${alarm.roomId}?point=${alarm.pointId}`}>{alarmWords.inRoom(alarm)}</Link>
          ) : (
            <span>{alarmWords.inRoom(alarm)}</span>
          )}
        </div>
      ),
    },
    {
      key: 'what',
      title: t('alarms.what'),
      className: 'alarm-what no-label',
      render: (alarm) => {
        const limit = alarmWords.limit(alarm)
        return (
          <span>
            {words.condition(alarm.condition)} <b className="nowrap">{alarmWords.value(alarm)}</b>{' '}
            {limit && <span className="muted nowrap">{t('alarms.limitIs', { limit })}</span>}
            <AlarmOutage alarm={alarm} />
          </span>
        )
      },
    },
    {
      key: 'raised',
      title: t('alarms.raisedAt'),
      render: (alarm) => (
        <span>
          <Time ms={alarm.raisedAtMs} />{' '}
          {alarm.clearedAtMs !== null && (
            <span className="muted">
              ({t('alarms.lasted')} <Span ms={alarm.clearedAtMs - alarm.raisedAtMs} />)
            </span>
          )}
          {alarm.late && (
            <span className="mark mark-plain" title={t('alarms.lateExplained')}>
              {t('alarms.late')}
            </span>
          )}
        </span>
      ),
    },
    {
      key: 'state',
      title: t('alarms.state'),
      render: (alarm) => (
        <span>
          <span className={`alarm-state alarm-state-${alarm.state}`}>{words.alarmState(alarm.state)}</span>
          {alarm.acknowledgedBy && (
            <div className="muted" title={alarm.note ?? ''}>
              {alarm.acknowledgedBy} <Time ms={alarm.acknowledgedAtMs} />
            </div>
          )}
        </span>
      ),
    },
    {
      key: 'actions',
      title: '',
      className: 'actions',
      render: (alarm) => (
        <span className="form-actions alarm-actions">
          {mayAcknowledge && isUnacknowledged(alarm) && (
            <Button size="small" type="primary" data-testid={`acknowledge-${alarm.id}`} onClick={() => setAcknowledging(alarm)}>
              {t('alarms.acknowledge')}
            </Button>
          )}
          {alarm.incidentId !== null && (
            <Link
              to={`/incidents/${alarm.incidentId}`}
              title={t('alarms.openIncident', { id: alarm.incidentId })}
              aria-label={t('alarms.openIncident', { id: alarm.incidentId })}
            >
              <FileTextOutlined /> {alarm.incidentId}
            </Link>
          )}
          <Button
            size="small"
            type="text"
            aria-expanded={openId === alarm.id}
            aria-label={t('alarms.timeline')}
            title={t('alarms.timeline')}
            icon={openId === alarm.id ? <UpOutlined /> : <DownOutlined />}
            onClick={() => setOpenId(openId === alarm.id ? null : alarm.id)}
          />
        </span>
      ),
    },
  ]
  return (
    <>
      <DataTable
        rows={alarms}
        columns={columns}
        rowKey={({ id }) => id}
        rowTestId={({ id }) => `alarm-row-${id}`}
        rowClassName={(alarm) => (isUnacknowledged(alarm) ? 'alarm-unack' : alarm.state === 'NORM' ? 'alarm-norm' : '')}
        expanded={(alarm) => (alarm.id === openId ? <AlarmTimeline alarmId={alarm.id} /> : undefined)}
        caption={t('nav.alarms')}
      />
      {acknowledging && <AcknowledgeDialog alarm={acknowledging} onClose={() => setAcknowledging(null)} />}
    </>
  )
}
