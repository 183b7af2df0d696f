import type { LimitLevel, Point } from '@roomkeeper/shared/http'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'react-router'
import { queries } from '../../client/api.ts'
import { useMay } from '../../client/session.ts'
import { nameIn } from '../../i18n/bilingual.ts'
import { dateTimeText } from '../../i18n/format.ts'
import { useWords } from '../../i18n/use-words.ts'
import { QueryView } from '../../ui/states.tsx'
import { targetKey } from './target-key.ts'

/** Why these limits: the way from the point to the built-in defaults, with the level that wins. The first that is set does. */
export function LimitLevels({ point }: { point: Point }) {
  const { t } = useTranslation('limits')
  const query = useQuery(queries.limits.levels.queryOptions({ input: { pointId: point.id } }))
  return (
    <div className="limit-levels" data-testid="limit-levels">
      <h3>{t('levels.title')}</h3>
      <p className="muted">{t('levels.note')}</p>
      <QueryView query={query}>
        {(levels) => (
          <ol className="level-way">
            {levels.map((level) => (
              <Level key={level.scope} level={level} point={point} />
            ))}
          </ol>
        )}
      </QueryView>
    </div>
  )
}

function Level({ level, point }: { level: LimitLevel; point: Point }) {
  const { t } = useTranslation('limits')
  const words = useWords()
  const mayWrite = useMay('limits.write')
  const { pathname, search } = useLocation()
  const label =
    level.target?.scope === 'room-class'
      ? words.roomClass(level.target.roomClass)
      : level.target?.scope === 'kind'
        ? words.kind(level.target.kind)
        : nameIn({ name: level.label, nameEn: level.labelEn }, words.language)
  const action = level.isSet ? (mayWrite ? 'levels.change' : 'levels.show') : 'levels.set'
  return (
    <li className={level.wins ? 'level-wins' : level.isSet ? 'level-set' : 'level-unset'} data-testid={`level-${level.scope}`}>
      <div className="level-name">
        <b>{t(`scope.${level.scope}`)}</b> {label}
        {level.wins && <span className="mark mark-ok">{t('levels.wins')}</span>}
      </div>
      <div className="muted">
        {level.scope === 'built-in'
          ? t('levels.builtIn')
          : level.isSet
            ? t('levels.version', {
                version: level.version ?? 0,
                name: level.author ?? '—',
                time: level.atMs === null ? '' : dateTimeText(level.atMs),
              })
            : t('levels.unset')}
        {level.reason && <span> {t('quoted', { text: level.reason })}</span>}
      </div>
      <div className="level-action">
        {level.target === null ? (
          <Link to={`/limits?tab=built-in&kind=${point.kind}`}>{t('levels.show')}</Link>
        ) : (
          (level.isSet || mayWrite) && (
            <Link to={`/limits?set=${targetKey(level.target)}`} state={{ from: pathname + search }}>
              {t(action)}
            </Link>
          )
        )}
      </div>
    </li>
  )
}
