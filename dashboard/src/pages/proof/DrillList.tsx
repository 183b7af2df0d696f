import type { Drill } from '@roomkeeper/shared/http'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useWords } from '../../i18n/use-words.ts'
import { type Column, DataTable } from '../../ui/DataTable.tsx'
import { Empty } from '../../ui/states.tsx'
import { Time } from '../../ui/Time.tsx'
import { Duration } from './Duration.tsx'
import { wasBrowserOnly } from './drill-steps.ts'

const MARKS = { running: 'mark-drill', passed: 'mark-ok', failed: 'mark-critical' } as const

/** Every drill that was held, with what was measured. */
export function DrillList({ drills }: { drills: readonly Drill[] }) {
  const { t } = useTranslation('life')
  const words = useWords()
  const columns: Column<Drill>[] = [
    { key: 'at', title: t('proof.startedAt'), render: ({ startedAtMs }) => <Time ms={startedAtMs} /> },
    {
      key: 'state',
      title: t('proof.result'),
      className: 'no-label',
      render: (drill) => (
        <span>
          <span className={`mark ${MARKS[drill.state]}`}>{t(`proof.state.${drill.state}`)}</span>{' '}
          {wasBrowserOnly(drill) && <span className="muted">{t('proof.browserOnly')}</span>}
          {drill.reason && <span className="drill-reason">{words.of(drill.reason)}</span>}
        </span>
      ),
    },
    {
      key: 'by',
      title: t('proof.startedBy'),
      render: ({ startedBy }) => startedBy ?? <span className="muted">{t('proof.bySchedule')}</span>,
    },
    { key: 'detected', title: t('proof.step.detected'), className: 'num', render: ({ detectedMs }) => <Duration ms={detectedMs} /> },
    { key: 'sent', title: t('proof.step.sent'), className: 'num', render: ({ firstSentMs }) => <Duration ms={firstSentMs} /> },
    {
      key: 'acknowledged',
      title: t('proof.step.acknowledged'),
      className: 'num',
      render: ({ acknowledgedMs, acknowledgedBy }) => (
        <span>
          <Duration ms={acknowledgedMs} /> {acknowledgedBy && <span className="muted">{acknowledgedBy}</span>}
        </span>
      ),
    },
    {
      key: 'notices',
      title: t('proof.noticesTitle'),
      render: ({ notices, alarmId }) =>
        alarmId === null ? (
          <span className="muted">—</span>
        ) : (
          <Link className={notices.failed > 0 ? 'drill-reason' : ''} to={`/notices?alarm=${alarmId}`}>
            {t('proof.notices', notices)}
          </Link>
        ),
    },
  ]
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{t('proof.list')}</h2>
      </div>
      {drills.length === 0 ? (
        <Empty>{t('proof.none')}</Empty>
      ) : (
        <DataTable
          rows={drills}
          columns={columns}
          rowKey={({ id }) => id}
          rowTestId={({ id }) => `drill-${id}`}
          caption={t('proof.list')}
        />
      )}
    </section>
  )
}
