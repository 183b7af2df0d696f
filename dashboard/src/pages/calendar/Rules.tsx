import { PlusOutlined } from '@ant-design/icons'
import type { Schedule } from '@roomkeeper/shared/http'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { queries } from '../../client/api.ts'
import { useMay } from '../../client/session.ts'
import { duePath } from '../../features/registers/register-list.ts'
import { type Column, DataTable } from '../../ui/DataTable.tsx'
import { Empty, QueryView } from '../../ui/states.tsx'
import { Time } from '../../ui/Time.tsx'
import { useScheduleWords } from './use-schedule-words.ts'

/** Every schedule with what is due next, the most urgent first. */
export function Rules({ onOpen, onAdd }: { onOpen: (scheduleId: number) => void; onAdd: () => void }) {
  const { t } = useTranslation('schedules')
  const mayWrite = useMay('schedules.write')
  const query = useQuery(queries.schedules.list.queryOptions())
  const columns = useColumns(onOpen)
  const add = mayWrite && (
    <Button type="primary" icon={<PlusOutlined />} data-testid="add-schedule" onClick={onAdd}>
      {t('rules.add')}
    </Button>
  )
  return (
    <div className="panel">
      <QueryView query={query}>
        {(schedules) => {
          const overdue = schedules.filter((schedule) => schedule.overdue).length
          return schedules.length === 0 ? (
            <Empty>
              {t('rules.none')}
              {add}
            </Empty>
          ) : (
            <>
              <div className="rules-head">
                {overdue > 0 && <b className="mark mark-high">{t('rules.sumOverdue', { count: overdue })}</b>}
                {add}
              </div>
              <DataTable
                rows={schedules}
                columns={columns}
                rowKey={({ id }) => id}
                rowTestId={({ id }) => `schedule-${id}`}
                caption={t('tab.rules')}
              />
            </>
          )
        }}
      </QueryView>
    </div>
  )
}

function useColumns(onOpen: (scheduleId: number) => void): Column<Schedule>[] {
  const { t } = useTranslation('schedules')
  const words = useScheduleWords()
  return [
    {
      key: 'what',
      title: t('rules.what'),
      className: 'no-label',
      render: (schedule) => (
        <button type="button" className="rule-name" onClick={() => onOpen(schedule.id)} title={t('rules.open')}>
          {words.schedule(schedule)}
        </button>
      ),
    },
    { key: 'room', title: t('rules.room'), render: ({ roomName }) => roomName ?? <span className="muted">—</span> },
    {
      key: 'cadence',
      title: t('rules.cadence'),
      render: ({ cadence, required }) => (
        <span>
          {words.cadence(cadence)} {required && <span className="mark mark-plain">{t('rules.required')}</span>}
        </span>
      ),
    },
    {
      key: 'due',
      title: t('rules.due'),
      render: ({ dueAtMs, overdue, pausedReason }) =>
        pausedReason === null ? (
          <span>
            <Time ms={dueAtMs} /> {overdue && <span className="mark mark-high">{t('rules.overdue')}</span>}
          </span>
        ) : (
          <span className="mark mark-plain" title={pausedReason}>
            {t('rules.paused')}
          </span>
        ),
    },
    {
      key: 'last',
      title: t('rules.last'),
      render: ({ lastDoneAtMs }) =>
        lastDoneAtMs === null ? <span className="muted">{t('rules.never')}</span> : <Time ms={lastDoneAtMs} />,
    },
    {
      key: 'actions',
      title: '',
      className: 'actions',
      render: (schedule) =>
        schedule.pausedReason === null && (
          <Link to={duePath({ ...schedule, scheduleId: schedule.id, recordId: schedule.draftId })}>
            {t(schedule.draftId === null ? 'rules.begin' : 'rules.resumeDraft')}
          </Link>
        ),
    },
  ]
}
