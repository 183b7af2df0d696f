import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { serverClock } from '../../client/clock.ts'
import { useWords } from '../../i18n/use-words.ts'
import { type Column, DataTable } from '../../ui/DataTable.tsx'
import { QueryView } from '../../ui/states.tsx'

interface Figures {
  added: number
  removed: number
  changed: number
  total: number
}

/** Regulation T1: increases, decreases and changes counted; by month and by category. */
export function AssetFigures() {
  const { t } = useTranslation('registers')
  const words = useWords()
  const thisYear = dayjs(serverClock.nowMs()).year()
  const [year, setYear] = useState(thisYear)
  const query = useQuery(queries.registers.assetFigures.queryOptions({ input: { year } }))
  const count = (value: number, sign = '') => (value === 0 ? <span className="muted">0</span> : `${sign}${value}`)
  const figures = <Row extends Figures>(): Column<Row>[] => [
    { key: 'added', title: t('figures.added'), className: 'num', render: ({ added }) => count(added, '+') },
    { key: 'removed', title: t('figures.removed'), className: 'num', render: ({ removed }) => count(removed, '−') },
    { key: 'changed', title: t('figures.changed'), className: 'num', render: ({ changed }) => count(changed) },
    { key: 'total', title: t('figures.total'), className: 'num', render: ({ total }) => <b>{total}</b> },
  ]
  return (
    <>
      <div className="form-actions figures-year">
        <Button onClick={() => setYear(year - 1)}>‹ {year - 1}</Button>
        <b>{year}</b>
        <Button disabled={year >= thisYear} onClick={() => setYear(year + 1)}>
          {year + 1} ›
        </Button>
      </div>
      <QueryView query={query}>
        {(answer) => (
          <div className="figures">
            <section className="panel">
              <div className="panel-head">
                <h2>{t('figures.byMonth')}</h2>
              </div>
              <DataTable
                rows={answer.months}
                rowKey={({ month }) => month}
                caption={t('figures.byMonth')}
                columns={[
                  { key: 'month', title: t('figures.month'), render: ({ month }) => t('figures.monthName', { month: String(month) }) },
                  ...figures<(typeof answer.months)[number]>(),
                ]}
              />
            </section>
            <section className="panel">
              <div className="panel-head">
                <h2>{t('figures.byCategory')}</h2>
              </div>
              <DataTable
                rows={answer.byCategory}
                rowKey={({ category }) => category}
                caption={t('figures.byCategory')}
                columns={[
                  { key: 'category', title: t('figures.category'), render: ({ label }) => words.of(label) },
                  ...figures<(typeof answer.byCategory)[number]>(),
                ]}
              />
            </section>
          </div>
        )}
      </QueryView>
    </>
  )
}
