import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Empty, QueryView } from '../../ui/states.tsx'
import { Time } from '../../ui/Time.tsx'

/** Readings the store refused, with the reason. */
export function Quarantine() {
  const { t } = useTranslation()
  const query = useQuery(queries.agents.quarantine.queryOptions({ input: { limit: 100 } }))
  return (
    <>
      <h2 className="section-title">{t('agents.quarantine')}</h2>
      <div className="panel table-scroll">
        <QueryView query={query}>
          {(rows) =>
            rows.length === 0 ? (
              <Empty>{t('agents.quarantineEmpty')}</Empty>
            ) : (
              <DataTable
                rows={rows}
                rowKey={({ id }) => id}
                caption={t('agents.quarantine')}
                columns={[
                  { key: 'at', title: t('history.time'), render: ({ atMs }) => <Time ms={atMs} /> },
                  { key: 'path', title: t('agents.path'), render: ({ path }) => <span className="mono wrap-any">{path}</span> },
                  { key: 'offset', title: t('agents.offset'), className: 'num', render: ({ offset }) => offset ?? '—' },
                  {
                    key: 'value',
                    title: t('agents.value'),
                    render: ({ value }) => <span className="mono wrap-any">{JSON.stringify(value)}</span>,
                  },
                  { key: 'reason', title: t('agents.reason'), render: ({ reason }) => <span className="wrap-any">{reason}</span> },
                ]}
              />
            )
          }
        </QueryView>
      </div>
    </>
  )
}
