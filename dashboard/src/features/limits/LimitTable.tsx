import type { Limit } from '@roomkeeper/shared/model'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useWords } from '../../i18n/use-words.ts'
import { type Column, DataTable } from '../../ui/DataTable.tsx'
import { PriorityMark } from '../../ui/PriorityMark.tsx'
import { Empty } from '../../ui/states.tsx'
import { useLimitWords } from './limit-words.ts'
import './limits.css'

interface Props {
  limits: readonly Limit[]
  kind: string
  unit: string
  /** Where the limit at this place comes from; no column without it. */
  sourceOf?: ((at: number) => ReactNode) | undefined
}

/** Limits to be read: what raises, at what it clears, how long it waits, how urgent it is. */
export function LimitTable({ limits, kind, unit, sourceOf }: Props) {
  const { t } = useTranslation('limits')
  const words = useWords()
  const limitWords = useLimitWords(kind, unit)
  const columns: Column<Limit>[] = [
    {
      key: 'condition',
      title: t('condition'),
      className: 'limit-what no-label',
      render: ({ condition }) => <span className="sentence-start">{words.condition(condition)}</span>,
    },
    {
      key: 'value',
      title: t('raise'),
      className: 'limit-value',
      render: (limit) => <b className="nowrap-number">{limitWords.raises(limit)}</b>,
    },
    {
      key: 'clear',
      title: t('clear'),
      className: 'limit-clear',
      render: (limit) => <span className="nowrap-number">{limitWords.clears(limit)}</span>,
    },
    {
      key: 'delays',
      title: t('delays'),
      className: 'limit-delays',
      render: (limit) => `${limitWords.span(limit.onDelayMs)} / ${limitWords.span(limit.offDelayMs)}`,
    },
    {
      key: 'priority',
      title: t('priority'),
      className: 'limit-priority no-label',
      render: ({ enabled, priority }) =>
        enabled ? <PriorityMark priority={priority} /> : <span className="mark mark-old">{t('off')}</span>,
    },
    ...(sourceOf
      ? [{ key: 'source', title: t('source'), className: 'limit-source', render: (limit: Limit) => sourceOf(limits.indexOf(limit)) }]
      : []),
  ]
  if (limits.length === 0) return <Empty>{t('none')}</Empty>
  return (
    <DataTable
      rows={limits}
      columns={columns}
      rowKey={({ condition }) => condition}
      caption={t('title')}
      expanded={(limit) => {
        const lines = [...limitWords.variants(limit), ...limitWords.steps(limit), ...(limit.latching ? [t('latchingOn')] : [])]
        return lines.length > 0 ? (
          <ul className="limit-extras">
            {lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        ) : undefined
      }}
    />
  )
}
