import { ExclamationCircleFilled } from '@ant-design/icons'
import type { Inspection, InspectionSchedule } from '@roomkeeper/shared/http'
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { Button, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { api, queries } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { useMay } from '../../client/session.ts'
import { useWords } from '../../i18n/use-words.ts'
import { type Column, DataTable } from '../../ui/DataTable.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { Empty, Failure, Loading, QueryView } from '../../ui/states.tsx'
import { Span, Time } from '../../ui/Time.tsx'
import { showToast } from '../../ui/toasts.tsx'
import { useNowMs } from '../../ui/use-now.ts'
import '../../features/inspections/inspections.css'

const PAGE_SIZE = 50
const DAY_MS = 86_400_000

export function InspectionsPage() {
  const { t } = useTranslation()
  const schedules = useQuery(queries.inspections.schedules.queryOptions())
  return (
    <>
      <PageHead title={t('nav.inspections')} note={t('inspections.clause')} />
      <QueryView query={schedules}>
        {(list) =>
          list.length === 0 ? (
            <div className="panel">
              <Empty>{t('inspections.noSchedules')}</Empty>
            </div>
          ) : (
            <ul className="schedules">
              {[...list]
                .sort((a, b) => a.dueAtMs - b.dueAtMs)
                .map((schedule) => (
                  <ScheduleCard key={schedule.id} schedule={schedule} />
                ))}
            </ul>
          )
        }
      </QueryView>
      <h2 className="section-title">{t('inspections.ledger')}</h2>
      <Ledger />
    </>
  )
}

function ScheduleCard({ schedule }: { schedule: InspectionSchedule }) {
  const { t } = useTranslation()
  const words = useWords()
  const navigate = useNavigate()
  const mayWrite = useMay('inspections.write')
  const nowMs = useNowMs()
  const onError = (error: unknown) => showToast({ kind: 'error', text: words.error(error) })
  const start = useMutation(
    queries.inspections.start.mutationOptions({ onSuccess: (inspection) => void navigate(`/inspections/${inspection.id}`), onError }),
  )
  const setSchedule = useMutation(
    queries.inspections.setSchedule.mutationOptions({ onSuccess: () => refetchTopic('inspections'), onError }),
  )
  const leftMs = schedule.dueAtMs - nowMs
  const isOverdue = schedule.overdue || leftMs < 0
  return (
    <li
      className={`schedule ${isOverdue ? 'schedule-overdue' : leftMs < DAY_MS ? 'schedule-due' : ''}`}
      data-testid={`schedule-${schedule.id}`}
      data-overdue={isOverdue}
    >
      <div className="schedule-head">
        <b>{schedule.roomName}</b>
        {isOverdue ? (
          <span className="mark mark-high">
            <ExclamationCircleFilled /> {t('inspections.overdueBy')} <Span ms={leftMs} />
          </span>
        ) : (
          <span className={`mark ${leftMs < DAY_MS ? 'mark-medium' : 'mark-ok'}`}>
            {t('inspections.dueIn')} <Span ms={leftMs} />
          </span>
        )}
      </div>
      <div className="muted">
        {t('inspections.lastDone')} <Time ms={schedule.lastDoneAtMs} /> · {t('inspections.dueAt')} <Time ms={schedule.dueAtMs} />
      </div>
      <div className="form-actions">
        {mayWrite ? (
          <>
            <Button
              type="primary"
              loading={start.isPending}
              data-testid={`inspection-start-${schedule.id}`}
              onClick={() => start.mutate({ scheduleId: schedule.id })}
            >
              {schedule.draftId === null ? t('inspections.start') : t('inspections.continue')}
            </Button>
            <Select
              size="small"
              value={schedule.everyDays}
              aria-label={t('inspections.every')}
              options={[1, 2, 3, 4, 5, 6, 7].map((days) => ({ value: days, label: t('inspections.everyDays', { count: days }) }))}
              onChange={(everyDays) => setSchedule.mutate({ scheduleId: schedule.id, everyDays })}
            />
          </>
        ) : (
          <span className="muted">{t('inspections.everyDays', { count: schedule.everyDays })}</span>
        )}
      </div>
    </li>
  )
}

function Ledger() {
  const { t } = useTranslation()
  const query = useInfiniteQuery({
    queryKey: [...queries.inspections.list.key(), 'pages'],
    queryFn: ({ pageParam }) => api.inspections.list({ limit: PAGE_SIZE, before: pageParam }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => (page.length < PAGE_SIZE ? undefined : page.at(-1)?.id),
  })
  const columns: Column<Inspection>[] = [
    { key: 'id', title: t('incidents.number'), render: ({ id }) => <Link to={`/inspections/${id}`}>#{id}</Link> },
    { key: 'room', title: t('incidents.room'), render: ({ roomName }) => roomName },
    {
      key: 'state',
      title: t('alarms.state'),
      render: (row) =>
        row.state === 'draft' ? <span className="mark mark-plain">{t('inspections.draft')}</span> : <ResultMark inspection={row} />,
    },
    {
      key: 'started',
      title: t('inspections.startedAt'),
      render: ({ startedAtMs, startedBy }) => (
        <span>
          <Time ms={startedAtMs} /> <span className="muted">{startedBy}</span>
        </span>
      ),
    },
    {
      key: 'signed',
      title: t('incidents.signature'),
      render: ({ submittedAtMs, submittedBy }) => (
        <span>
          {submittedBy ?? '—'} {submittedAtMs !== null && <Time ms={submittedAtMs} />}
        </span>
      ),
    },
  ]
  return (
    <div className="panel">
      {query.isPending ? (
        <Loading />
      ) : !query.data ? (
        <Failure error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data.pages.flat().length === 0 ? (
        <Empty>{t('inspections.none')}</Empty>
      ) : (
        <DataTable
          rows={query.data.pages.flat()}
          columns={columns}
          rowKey={({ id }) => id}
          rowTestId={({ id }) => `inspection-row-${id}`}
          caption={t('inspections.ledger')}
        />
      )}
      {query.hasNextPage && (
        <div className="state-box">
          <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t('common.more')}
          </Button>
        </div>
      )}
    </div>
  )
}

function ResultMark({ inspection }: { inspection: Inspection }) {
  const { t } = useTranslation()
  const abnormal = Object.values(inspection.fields.answers).filter((answer) => answer?.result === 'abnormal').length
  return abnormal > 0 ? (
    <span className="mark mark-high">{t('inspections.abnormalCount', { count: abnormal })}</span>
  ) : (
    <span className="mark mark-ok">{t('inspections.allNormal')}</span>
  )
}
