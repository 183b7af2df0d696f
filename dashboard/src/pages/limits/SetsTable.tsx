import type { LimitSet, LimitTarget } from '@roomkeeper/shared/http'
import { LIMIT_SCOPES, type LimitScope } from '@roomkeeper/shared/model'
import { useQuery } from '@tanstack/react-query'
import { Button, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { useMay } from '../../client/session.ts'
import { LimitChips } from '../../features/limits/LimitChips.tsx'
import { concernsRoom, type Places } from '../../features/limits/places.ts'
import { targetKey } from '../../features/limits/target-key.ts'
import { useTargetWords } from '../../features/limits/use-target-words.ts'
import { useWords } from '../../i18n/use-words.ts'
import { type Column, DataTable } from '../../ui/DataTable.tsx'
import { Empty, QueryView } from '../../ui/states.tsx'
import { Time } from '../../ui/Time.tsx'

interface Props {
  places: Places
  onOpen: (target: LimitTarget) => void
}

/** Every set that people made, the most specific first. */
export function SetsTable({ places, onOpen }: Props) {
  const { t } = useTranslation('limits')
  const words = useWords()
  const targetWords = useTargetWords(places)
  const mayWrite = useMay('limits.write')
  const [scope, setScope] = useState<LimitScope>()
  const [kind, setKind] = useState<string>()
  const [roomId, setRoomId] = useState<number>()
  const query = useQuery(queries.limits.sets.queryOptions())
  const columns: Column<LimitSet>[] = [
    {
      key: 'scope',
      title: t('column.scope'),
      render: ({ target }) => <span className="mark mark-plain">{t(`scope.${target.scope}`)}</span>,
    },
    { key: 'for', title: t('column.for'), className: 'set-for', render: ({ target }) => targetWords(target) },
    {
      key: 'limits',
      title: t('title'),
      className: 'set-limits',
      render: (set) => <LimitChips limits={set.limits} kind={set.kind} unit={set.unit} />,
    },
    { key: 'points', title: t('column.points'), className: 'num', render: ({ points }) => points },
    {
      key: 'by',
      title: t('column.by'),
      render: ({ author, atMs, version }) => (
        <>
          {author} <Time ms={atMs} /> <span className="muted nowrap">{t('column.version', { version })}</span>
        </>
      ),
    },
    { key: 'reason', title: t('reason'), className: 'set-reason', render: ({ reason }) => reason },
    {
      key: 'open',
      title: '',
      className: 'actions',
      render: ({ target }) => (
        <Button size="small" data-testid={`limit-set-${targetKey(target)}`} onClick={() => onOpen(target)}>
          {t(mayWrite ? 'levels.change' : 'levels.show')}
        </Button>
      ),
    },
  ]
  return (
    <QueryView query={query}>
      {(sets) => {
        const rows = sets
          .filter(
            (set) =>
              (scope === undefined || set.target.scope === scope) &&
              (kind === undefined || set.kind === kind) &&
              (roomId === undefined || concernsRoom(set, roomId, places)),
          )
          .sort((a, b) => LIMIT_SCOPES.indexOf(a.target.scope) - LIMIT_SCOPES.indexOf(b.target.scope) || a.kind.localeCompare(b.kind))
        return (
          <>
            {sets.length > 0 && (
              <div className="limit-filter">
                <Select
                  allowClear
                  value={scope}
                  placeholder={t('filter.scope')}
                  aria-label={t('filter.scope')}
                  options={LIMIT_SCOPES.filter((each) => each !== 'built-in').map((value) => ({ value, label: t(`scope.${value}`) }))}
                  onChange={setScope}
                />
                <Select
                  allowClear
                  value={kind}
                  placeholder={t('filter.kind')}
                  aria-label={t('filter.kind')}
                  options={[...new Set(sets.map((set) => set.kind))].map((value) => ({ value, label: words.kind(value) }))}
                  onChange={setKind}
                />
                <Select
                  allowClear
                  value={roomId}
                  placeholder={t('filter.room')}
                  aria-label={t('filter.room')}
                  options={places.rooms.map(({ id, name }) => ({ value: id, label: name }))}
                  onChange={setRoomId}
                />
              </div>
            )}
            <div className="panel" data-testid="limit-sets">
              {rows.length === 0 ? (
                <Empty>{t(sets.length === 0 ? 'setsEmpty' : 'setsFiltered')}</Empty>
              ) : (
                <DataTable rows={rows} columns={columns} rowKey={({ target }) => targetKey(target)} caption={t('tab.sets')} />
              )}
            </div>
          </>
        )
      }}
    </QueryView>
  )
}
