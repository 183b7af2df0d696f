import { EditOutlined } from '@ant-design/icons'
import type { EffectiveLimit, Point } from '@roomkeeper/shared/http'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { useMay } from '../../client/session.ts'
import { halfOf } from '../../i18n/bilingual.ts'
import { dateTimeText } from '../../i18n/format.ts'
import { useWords } from '../../i18n/use-words.ts'
import { type Column, DataTable } from '../../ui/DataTable.tsx'
import { PriorityMark } from '../../ui/PriorityMark.tsx'
import { Empty, QueryView } from '../../ui/states.tsx'
import { LimitsDialog } from './LimitsDialog.tsx'
import { useLimitText } from './limit-words.ts'
import './limits.css'

/** The limits in force on a point, each with where it comes from. */
export function LimitsPanel({ point }: { point: Point }) {
  const { t } = useTranslation()
  const words = useWords()
  const limitText = useLimitText()
  const mayWrite = useMay('limits.write')
  const [isEditing, setIsEditing] = useState(false)
  const query = useQuery(queries.limits.forPoint.queryOptions({ input: { pointId: point.id } }))

  const delays = ({ limit }: EffectiveLimit) =>
    [
      limit.deadband > 0 && t('limits.deadbandIs', { value: limit.deadband }),
      limit.onDelayMs > 0 && t('limits.onDelayIs', { seconds: limit.onDelayMs / 1000 }),
      limit.offDelayMs > 0 && t('limits.offDelayIs', { seconds: limit.offDelayMs / 1000 }),
    ]
      .filter(Boolean)
      .join(t('common.listComma')) || '—'
  const columns: Column<EffectiveLimit>[] = [
    { key: 'condition', title: t('limits.condition'), render: ({ limit }) => words.condition(limit.condition) },
    {
      key: 'value',
      title: t('limits.value'),
      render: ({ limit }) => <b className="limit-text">{limitText(limit, point.kind, point.unit)}</b>,
    },
    {
      key: 'priority',
      title: t('limits.priority'),
      render: ({ limit }) =>
        limit.enabled ? <PriorityMark priority={limit.priority} /> : <span className="mark mark-old">{t('limits.disabled')}</span>,
    },
    { key: 'delays', title: t('limits.delays'), render: delays },
    {
      key: 'source',
      title: t('limits.source'),
      render: (row) =>
        row.origin === 'default' ? (
          <>
            {t('limits.default')}: {halfOf(row.source, words.language)}
          </>
        ) : (
          <span title={row.reason ?? ''}>
            {t('limits.setBy', { name: row.author ?? '—', time: row.atMs === null ? '' : dateTimeText(row.atMs) })}
            {row.reason && <span className="muted"> “{row.reason}”</span>}
          </span>
        ),
    },
  ]
  return (
    <section className="panel" data-testid="limits-panel">
      <div className="panel-head">
        <h2>{t('limits.title')}</h2>
        {mayWrite && (
          <Button
            className="panel-edit"
            size="small"
            icon={<EditOutlined />}
            disabled={!query.data}
            data-testid="limits-edit"
            onClick={() => setIsEditing(true)}
          >
            {t('limits.edit')}
          </Button>
        )}
      </div>
      <QueryView query={query}>
        {(limits) =>
          limits.length === 0 ? (
            <Empty>{t('limits.none')}</Empty>
          ) : (
            <DataTable
              rows={limits}
              columns={columns}
              rowKey={({ limit }) => `${limit.condition}-${limit.priority}-${limit.value ?? limit.tokens?.join()}`}
              caption={t('limits.title')}
            />
          )
        }
      </QueryView>
      {isEditing && query.data && <LimitsDialog point={point} limits={query.data} onClose={() => setIsEditing(false)} />}
    </section>
  )
}
