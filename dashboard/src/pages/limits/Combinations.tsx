import { PlusOutlined } from '@ant-design/icons'
import type { Combination } from '@roomkeeper/shared/http'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { useMay } from '../../client/session.ts'
import { LimitChips } from '../../features/limits/LimitChips.tsx'
import type { Places } from '../../features/limits/places.ts'
import { valueText } from '../../features/live/value-text.ts'
import { type Column, DataTable } from '../../ui/DataTable.tsx'
import { Empty, QueryView } from '../../ui/states.tsx'
import { Time } from '../../ui/Time.tsx'
import { CombinationPanel } from './CombinationPanel.tsx'

interface Props {
  places: Places
  search: URLSearchParams
  /** An id, `new`, or undefined to close. */
  onOpen: (combination: string | undefined) => void
}

/** Limits over several points: what they are together now, and when that is an alarm. */
export function Combinations({ places, search, onOpen }: Props) {
  const { t } = useTranslation('limits')
  const mayWrite = useMay('limits.write')
  const query = useQuery({ ...queries.limits.combinations.queryOptions(), refetchInterval: 10_000 })
  const opened = search.get('combination')
  const roomName = (roomId: number) => places.rooms.find(({ id }) => id === roomId)?.name ?? `#${roomId}`
  const columns: Column<Combination>[] = [
    {
      key: 'name',
      title: t('combination.name'),
      render: ({ name, enabled }) => (
        <>
          <b>{name}</b> {!enabled && <span className="mark mark-old">{t('off')}</span>}
        </>
      ),
    },
    { key: 'room', title: t('scope.room'), render: ({ roomId }) => roomName(roomId) },
    {
      key: 'what',
      title: t('combination.what'),
      render: ({ combination, pointIds }) => t(`combination.of.${combination}`, { count: pointIds.length }),
    },
    { key: 'value', title: t('combination.value'), render: (one) => <PresentCombination combination={one} places={places} /> },
    { key: 'limits', title: t('title'), render: (one) => <LimitChips limits={one.limits} kind={kindOf(one, places)} unit={one.unit} /> },
    {
      key: 'by',
      title: t('column.by'),
      render: ({ author, atMs, version }) => (
        <>
          {author} <Time ms={atMs} /> <span className="muted nowrap">{t('column.version', { version })}</span>
        </>
      ),
    },
    {
      key: 'open',
      title: '',
      className: 'actions',
      render: ({ id }) => (
        <Button size="small" data-testid={`combination-${id}`} onClick={() => onOpen(String(id))}>
          {t(mayWrite ? 'levels.change' : 'levels.show')}
        </Button>
      ),
    },
  ]
  return (
    <QueryView query={query}>
      {(combinations) => {
        const current = combinations.find(({ id }) => String(id) === opened)
        return (
          <>
            {mayWrite && (
              <div className="limit-filter">
                <Button type="primary" icon={<PlusOutlined />} data-testid="combination-add" onClick={() => onOpen('new')}>
                  {t('combination.add')}
                </Button>
              </div>
            )}
            <div className="panel" data-testid="combinations">
              {combinations.length === 0 ? (
                <Empty>{t('combination.none')}</Empty>
              ) : (
                <DataTable rows={combinations} columns={columns} rowKey={({ id }) => id} caption={t('tab.combinations')} />
              )}
            </div>
            {(current || (opened === 'new' && mayWrite)) && (
              <CombinationPanel key={opened} combination={current} places={places} mayWrite={mayWrite} onClose={() => onOpen(undefined)} />
            )}
          </>
        )
      }}
    </QueryView>
  )
}

/** The kind of the points: they are all of one unit, and their first says how values are written. */
function kindOf({ pointIds }: Pick<Combination, 'pointIds'>, places: Places): string {
  return places.entries.find(({ point }) => point.id === pointIds[0])?.point.kind ?? 'number'
}

export function PresentCombination({ combination, places }: { combination: Combination; places: Places }) {
  const { t } = useTranslation('limits')
  const { t: common, i18n } = useTranslation()
  const { value, missing, unit } = combination
  const shown = valueText(kindOf(combination, places), unit, value, common, i18n.language)
  return (
    <>
      <b className="nowrap-number">{value === null ? t('combination.unknown') : `${shown.text} ${shown.unit}`}</b>
      {missing > 0 && <div className="combination-missing">{t('combination.missing', { count: missing })}</div>}
    </>
  )
}
