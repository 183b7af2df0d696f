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
import { useAuditWords } from './use-audit-words.ts'
import './audit.css'

type AuditRow = Awaited<ReturnType<typeof api.accounts.audit>>[number]

export function AuditPage() {
  const { t } = useTranslation()
  const words = useWords()
  const auditWords = useAuditWords()
  const [openSeq, setOpenSeq] = useState<number | null>(null)
  const pages = usePages({ queryKey: queries.accounts.audit.key(), read: (part) => api.accounts.audit(part), cursorOf: ({ seq }) => seq })
  const verify = useMutation({ mutationFn: () => api.accounts.verifyAudit() })

  const columns: Column<AuditRow>[] = [
    { key: 'seq', title: '#', className: 'num audit-seq', render: ({ seq }) => seq },
    {
      key: 'at',
      title: t('history.time'),
      className: 'no-label audit-when',
      render: ({ atMs }) => <span className="nowrap">{dateTimeText(atMs)}</span>,
    },
    { key: 'actor', title: t('audit.actor'), className: 'no-label audit-when', render: ({ actor }) => auditWords.actor(actor) },
    {
      key: 'action',
      title: t('audit.action'),
      className: 'no-label audit-action',
      render: ({ action }) => <b title={action}>{auditWords.action(action)}</b>,
    },
    {
      key: 'entity',
      title: t('audit.entity'),
      className: 'no-label audit-entity',
      render: ({ entity }) => (
        <span className="wrap-any" title={entity}>
          {auditWords.entity(entity)}
        </span>
      ),
    },
    {
      key: 'change',
      title: t('audit.change'),
      className: 'no-label audit-changed',
      render: (row) => (
        <span className="audit-brief wrap-any">
          {changesOf(row.before, row.after)
            .slice(0, 3)
            .map(({ path }) => auditWords.field(path))
            .join(t('common.listComma'))}
        </span>
      ),
    },
    {
      key: 'more',
      title: '',
      className: 'actions audit-open',
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
      <div className="panel table-scroll audit-list">
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
  const { t: audit } = useTranslation('audit')
  const words = useAuditWords()
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
            { key: 'path', title: t('audit.field'), render: ({ path }) => <span title={path}>{words.field(path)}</span> },
            {
              key: 'before',
              title: t('audit.before'),
              render: ({ path, before }) => <span className="mono wrap-any">{words.value(path, before)}</span>,
            },
            {
              key: 'after',
              title: t('audit.after'),
              render: ({ path, after }) => <span className="mono wrap-any">{words.value(path, after)}</span>,
            },
          ]}
        />
      )}
      <div className="audit-code muted wrap-any">
        {audit('code')} <span className="mono">{`${row.action} ${row.entity} ${row.hash}`}</span>
      </div>
    </div>
  )
}
