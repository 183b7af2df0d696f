import { DownOutlined, SafetyCertificateOutlined, UpOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { Alert, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, queries } from '../../client/api.ts'
import { usePages } from '../../client/pages.ts'
import { dateTimeText } from '../../i18n/format.ts'
import { useWords } from '../../i18n/use-words.ts'
import { type Column, DataTable } from '../../ui/DataTable.tsx'
import { Endless } from '../../ui/Endless.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { Empty } from '../../ui/states.tsx'
import { changesOf } from './audit-changes.ts'
import './audit.css'

type AuditRow = Awaited<ReturnType<typeof api.accounts.audit>>[number]

export function AuditPage() {
  const { t } = useTranslation()
  const words = useWords()
  const [openSeq, setOpenSeq] = useState<number | null>(null)
  const pages = usePages({ queryKey: queries.accounts.audit.key(), read: (part) => api.accounts.audit(part), cursorOf: ({ seq }) => seq })
  const verify = useMutation({ mutationFn: () => api.accounts.verifyAudit() })

  const columns: Column<AuditRow>[] = [
    { key: 'seq', title: '#', className: 'num', render: ({ seq }) => seq },
    { key: 'at', title: t('history.time'), render: ({ atMs }) => <span className="nowrap">{dateTimeText(atMs)}</span> },
    { key: 'actor', title: t('audit.actor'), render: ({ actor }) => actor },
    { key: 'action', title: t('audit.action'), render: ({ action }) => <span className="mono">{action}</span> },
    { key: 'entity', title: t('audit.entity'), render: ({ entity }) => <span className="mono wrap-any">{entity}</span> },
    {
      key: 'change',
      title: t('audit.change'),
      render: (row) => (
        <span className="audit-brief wrap-any">
          {changesOf(row.before, row.after)
            .slice(0, 3)
            .map(({ path }) => path || '·')
            .join(', ')}
        </span>
      ),
    },
    {
      key: 'more',
      title: '',
      className: 'actions',
      render: ({ seq }) => (
        <Button
          size="small"
          type="text"
          aria-expanded={openSeq === seq}
          aria-label={t('audit.show')}
          icon={openSeq === seq ? <UpOutlined /> : <DownOutlined />}
          onClick={() => setOpenSeq(openSeq === seq ? null : seq)}
        />
      ),
    },
  ]
  return (
    <>
      <PageHead title={t('nav.audit')} note={t('audit.note')}>
        <Button icon={<SafetyCertificateOutlined />} loading={verify.isPending} data-testid="audit-verify" onClick={() => verify.mutate()}>
          {t('audit.verify')}
        </Button>
      </PageHead>
      {verify.error && <Alert className="audit-result" type="error" showIcon title={words.error(verify.error)} />}
      {verify.data && (
        <Alert
          className="audit-result"
          data-testid="audit-result"
          type={verify.data.ok ? 'success' : 'error'}
          showIcon
          title={verify.data.ok ? t('audit.ok', { rows: verify.data.rows }) : t('audit.broken', { seq: verify.data.brokenAtSeq ?? 0 })}
          description={<span className="mono wrap-any">{verify.data.head}</span>}
        />
      )}
      <div className="panel table-scroll">
        <Endless pages={pages} empty={<Empty>{t('audit.none')}</Empty>}>
          {(rows) => (
            <DataTable
              rows={rows}
              columns={columns}
              rowKey={({ seq }) => seq}
              caption={t('nav.audit')}
              expanded={(row) => (row.seq === openSeq ? <Changes row={row} /> : undefined)}
            />
          )}
        </Endless>
      </div>
    </>
  )
}

function Changes({ row }: { row: AuditRow }) {
  const { t } = useTranslation()
  const changes = changesOf(row.before, row.after)
  return (
    <div>
      {changes.length === 0 ? (
        <span className="muted">{t('audit.noChange')}</span>
      ) : (
        <DataTable
          rows={changes}
          rowKey={({ path }) => path}
          caption={t('audit.change')}
          columns={[
            { key: 'path', title: t('audit.field'), render: ({ path }) => <span className="mono">{path || '·'}</span> },
            { key: 'before', title: t('audit.before'), render: ({ before }) => <span className="mono wrap-any">{before}</span> },
            { key: 'after', title: t('audit.after'), render: ({ after }) => <span className="mono wrap-any">{after}</span> },
          ]}
        />
      )}
      <div className="muted mono wrap-any">{row.hash}</div>
    </div>
  )
}
