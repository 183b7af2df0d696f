import type { LimitTarget } from '@roomkeeper/shared/http'
import { isPointKind, pointKindInfo, ROOM_CLASS_NAMES } from '@roomkeeper/shared/model'
import { useQuery } from '@tanstack/react-query'
import { Button, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { useMay } from '../../client/session.ts'
import { LimitTable } from '../../features/limits/LimitTable.tsx'
import { useWords } from '../../i18n/use-words.ts'
import { Empty, QueryView } from '../../ui/states.tsx'

const FOR_EVERY_POINT: ReadonlySet<string> = new Set(['no-data', 'sensor-suspect'])

interface Props {
  search: URLSearchParams
  onFilter: (patch: Record<string, string | undefined>, replace: boolean) => void
  onOpen: (target: LimitTarget) => void
}

/** The product's defaults with their sources, per room class; the way to own limits begins from them. */
export function BuiltIn({ search, onFilter, onOpen }: Props) {
  const { t } = useTranslation('limits')
  const words = useWords()
  const mayWrite = useMay('limits.write')
  const query = useQuery(queries.limits.defaults.queryOptions())
  const roomClass = ROOM_CLASS_NAMES.find((name) => name === search.get('class')) ?? 'computer-room'
  const kind = search.get('kind') ?? undefined
  return (
    <QueryView query={query}>
      {(defaults) => {
        const ofClass = defaults
          .filter((row) => row.roomClass === roomClass)
          .map((row) => ({ ...row, limits: row.limits.filter(({ limit }) => !FOR_EVERY_POINT.has(limit.condition)) }))
          .filter(({ limits }) => limits.length > 0)
        const shown = ofClass.filter((row) => kind === undefined || row.kind === kind)
        return (
          <>
            <div className="limit-filter">
              <Select
                value={roomClass}
                aria-label={t('scope.room-class')}
                options={ROOM_CLASS_NAMES.map((value) => ({ value, label: words.roomClass(value) }))}
                onChange={(next) => onFilter({ class: next }, true)}
              />
              <Select
                allowClear
                value={kind}
                placeholder={t('filter.kind')}
                aria-label={t('filter.kind')}
                options={[...new Set([...ofClass.map((row) => row.kind), ...(kind === undefined ? [] : [kind])])].map((value) => ({
                  value,
                  label: words.kind(value),
                }))}
                onChange={(next?: string) => onFilter({ kind: next }, true)}
              />
            </div>
            <p className="muted">{t('builtIn.everyPoint')}</p>
            {shown.length === 0 && (
              <div className="panel">
                <Empty>{t('builtIn.none')}</Empty>
              </div>
            )}
            {shown.map((row) => (
              <section className="panel limit-tables" key={row.kind} data-testid={`built-in-${row.kind}`}>
                <div className="panel-head">
                  <h2>{words.kind(row.kind)}</h2>
                  {(row.kind === 'voltage' || row.kind === 'line-to-line-voltage') && <span className="muted">{t('builtIn.nominal')}</span>}
                  {mayWrite && (
                    <Button
                      size="small"
                      className="built-in-change"
                      onClick={() => onOpen({ scope: 'room-class', roomClass, kind: row.kind })}
                    >
                      {t('builtIn.change', { class: words.roomClass(roomClass) })}
                    </Button>
                  )}
                </div>
                <LimitTable
                  limits={row.limits.map(({ limit }) => limit)}
                  kind={row.kind}
                  unit={isPointKind(row.kind) ? pointKindInfo(row.kind).unit : '1'}
                  sourceOf={(at) => words.half(row.limits[at]?.source ?? '')}
                />
              </section>
            ))}
          </>
        )
      }}
    </QueryView>
  )
}
