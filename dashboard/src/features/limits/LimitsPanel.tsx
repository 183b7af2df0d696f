import { EditOutlined } from '@ant-design/icons'
import type { Point } from '@roomkeeper/shared/http'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate } from 'react-router'
import { queries } from '../../client/api.ts'
import { useMay } from '../../client/session.ts'
import { useWords } from '../../i18n/use-words.ts'
import { QueryView } from '../../ui/states.tsx'
import { LimitLevels } from './LimitLevels.tsx'
import { LimitTable } from './LimitTable.tsx'
import './limits.css'

/** The limits in force on a point, where they come from, and why these. */
export function LimitsPanel({ point }: { point: Point }) {
  const { t } = useTranslation('limits')
  const words = useWords()
  const mayWrite = useMay('limits.write')
  const navigate = useNavigate()
  const { pathname, search } = useLocation()
  const query = useQuery(queries.limits.forPoint.queryOptions({ input: { pointId: point.id } }))
  return (
    <section className="panel" data-testid="limits-panel">
      <div className="panel-head">
        <h2>{t('title')}</h2>
        {mayWrite && (
          <Button
            className="panel-edit"
            size="small"
            icon={<EditOutlined />}
            data-testid="limits-edit"
            onClick={() => void navigate(`/limits?set=point:${point.id}`, { state: { from: pathname + search } })}
          >
            {t('editPoint')}
          </Button>
        )}
      </div>
      <QueryView query={query}>
        {(limits) => (
          <LimitTable
            limits={limits.map(({ limit }) => limit)}
            kind={point.kind}
            unit={point.unit}
            // One set of people decides as a whole: the way below says which. The defaults have a source for each.
            sourceOf={limits.some(({ origin }) => origin === 'built-in') ? (at) => words.half(limits[at]?.source ?? '') : undefined}
          />
        )}
      </QueryView>
      <LimitLevels point={point} />
    </section>
  )
}
