import type { Bucket } from '@roomkeeper/shared/http'
import { unitSymbol } from '@roomkeeper/shared/units'
import { useTranslation } from 'react-i18next'
import { decimalsOf, numberText } from '../../features/live/value-text.ts'
import { dateTimeText } from '../../i18n/format.ts'
import { type Column, DataTable } from '../../ui/DataTable.tsx'
import { Empty } from '../../ui/states.tsx'
import type { NamedPoint } from './HistoryPage.tsx'

type Row = Bucket & { named: NamedPoint }

/** The buckets as numbers, newest first. */
export function HistoryTable({
  points,
  rows,
}: {
  points: readonly NamedPoint[]
  rows: readonly { pointId: number; buckets: readonly Bucket[] }[]
}) {
  const { t } = useTranslation('history')
  const { t: common } = useTranslation()
  const all: Row[] = points
    .flatMap((named) =>
      (rows.find(({ pointId }) => pointId === named.point.id)?.buckets ?? [])
        .filter(({ count, bad }) => count > 0 || bad > 0)
        .map((bucket) => ({ ...bucket, named })),
    )
    .sort((a, b) => b.timeMs - a.timeMs)
  if (all.length === 0) return <Empty>{common('history.noReadings')}</Empty>

  const cell = (row: Row, value: number | null) =>
    value === null ? '—' : `${numberText(value, decimalsOf(row.named.point.kind))} ${unitSymbol(row.named.point.unit)}`
  const columns: Column<Row>[] = [
    {
      key: 'time',
      title: common('history.time'),
      className: 'history-time no-label',
      render: (row) => <span className="nowrap">{dateTimeText(row.timeMs)}</span>,
    },
    ...(points.length > 1
      ? [{ key: 'point', title: t('point'), className: 'history-place no-label', render: (row: Row) => row.named.label }]
      : []),
    { key: 'min', title: t('min'), className: 'num', render: (row) => cell(row, row.min) },
    { key: 'mean', title: t('mean'), className: 'num', render: (row) => cell(row, row.mean) },
    { key: 'max', title: t('max'), className: 'num', render: (row) => cell(row, row.max) },
    { key: 'count', title: t('count'), className: 'num', render: (row) => row.count },
    {
      key: 'bad',
      title: t('bad'),
      className: 'num',
      render: (row) => (row.bad > 0 ? <span className="mark mark-bad">{row.bad}</span> : ''),
    },
  ]
  return (
    <div className="table-scroll">
      <DataTable rows={all} columns={columns} rowKey={(row) => `${row.named.point.id}-${row.timeMs}`} caption={t('table')} />
    </div>
  )
}
