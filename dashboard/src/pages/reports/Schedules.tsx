import { PlusOutlined, SendOutlined } from '@ant-design/icons'
import type { ReportSchedule } from '@roomkeeper/shared/http'
import { Alert, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useMay } from '../../client/session.ts'
import { type Column, DataTable } from '../../ui/DataTable.tsx'
import { Empty } from '../../ui/states.tsx'
import { Time } from '../../ui/Time.tsx'
import { zonedText } from '../maintenance/occurrences.ts'
import { OutcomeMark } from './OutcomeMark.tsx'
import { SendDialog } from './SendDialog.tsx'
import { useReportWords } from './use-report-words.ts'

interface Props {
  schedules: readonly ReportSchedule[]
  mail: { label: string } | null
  /** The hospital's: the hour of a schedule is of its clock. */
  timeZone: string
  onOpen: (schedule: number | 'new') => void
  onRuns: (scheduleId: number) => void
}

/** What is sent by itself: when next, to whom, and what became of it last time. */
export function Schedules({ schedules, mail, timeZone, onOpen, onRuns }: Props) {
  const { t } = useTranslation('reports')
  const mayWrite = useMay('reports.write')
  const maySetUp = useMay('channels.write')
  const reportWords = useReportWords()
  const [sending, setSending] = useState<ReportSchedule>()
  const columns: Column<ReportSchedule>[] = [
    {
      key: 'report',
      title: t('schedules.report'),
      className: 'no-label',
      render: (schedule) => (
        <div>
          <button type="button" className="link-button" data-testid={`report-schedule-${schedule.id}`} onClick={() => onOpen(schedule.id)}>
            <b className="wrap-any">{reportWords.name(schedule)}</b>
          </button>
          <div className="muted">
            {schedule.formats.map((format) => t(`format.${format}`)).join(' + ')} · {t(`languageName.${schedule.language}`)}
          </div>
        </div>
      ),
    },
    { key: 'when', title: t('schedules.when'), render: (schedule) => reportWords.every(schedule) },
    {
      key: 'next',
      title: t('schedules.next'),
      render: ({ next }) =>
        next === null ? (
          <span className="mark mark-old">{t('schedules.off')}</span>
        ) : (
          <span>
            <span className="nowrap">{zonedText(next.atMs, timeZone)}</span>{' '}
            <span className="muted nowrap">{t('schedules.of', { period: next.period })}</span>
          </span>
        ),
    },
    { key: 'to', title: t('schedules.to'), render: (schedule) => <Recipients {...schedule} /> },
    {
      key: 'last',
      title: t('schedules.last'),
      render: ({ id, last }) =>
        last === null ? (
          <span className="muted">{t('schedules.never')}</span>
        ) : (
          <button type="button" className="link-button" data-testid={`schedule-runs-${id}`} onClick={() => onRuns(id)}>
            <OutcomeMark outcome={last.outcome} /> <Time ms={last.madeAtMs ?? last.createdAtMs} />
          </button>
        ),
    },
    ...(mayWrite
      ? [
          {
            key: 'actions',
            title: '',
            className: 'actions',
            render: (schedule: ReportSchedule) => (
              <Button
                size="small"
                icon={<SendOutlined />}
                disabled={mail === null}
                data-testid={`report-send-${schedule.id}`}
                onClick={() => setSending(schedule)}
              >
                {t('schedules.send')}
              </Button>
            ),
          },
        ]
      : []),
  ]
  return (
    <section className="panel" data-testid="report-schedules">
      <div className="panel-head">
        <h2>{t('schedules.title')}</h2>
        {mail && <span className="muted">{t('mail.by', { label: mail.label })}</span>}
        {mayWrite && (
          <Button type="primary" icon={<PlusOutlined />} className="report-add" data-testid="report-add" onClick={() => onOpen('new')}>
            {t('schedules.add')}
          </Button>
        )}
      </div>
      {mail === null && (
        <Alert
          type="warning"
          showIcon
          banner
          data-testid="report-no-mail"
          title={
            <>
              {t('mail.none')} {maySetUp && <Link to="/notices?tab=channels">{t('mail.setUp')}</Link>}
            </>
          }
        />
      )}
      {schedules.length === 0 ? (
        <Empty>{t(mayWrite ? 'schedules.none' : 'schedules.noneReadOnly')}</Empty>
      ) : (
        <DataTable rows={schedules} columns={columns} rowKey={({ id }) => id} caption={t('schedules.title')} />
      )}
      {sending && <SendDialog schedule={sending} onClose={() => setSending(undefined)} />}
    </section>
  )
}

function Recipients({ people, addresses }: Pick<ReportSchedule, 'people' | 'addresses'>) {
  const { t } = useTranslation('reports')
  return (
    <span className="report-people">
      {people.map(({ accountId, name, address }) => (
        <span key={accountId} title={address ?? undefined}>
          {name}
          {address === null && <span className="mark mark-high">{t('schedules.noAddress')}</span>}
        </span>
      ))}
      {addresses.map((address) => (
        <span key={address} className="wrap-any">
          {address}
        </span>
      ))}
    </span>
  )
}
