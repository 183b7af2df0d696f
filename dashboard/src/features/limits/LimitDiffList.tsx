import type { Limit } from '@roomkeeper/shared/model'
import { useTranslation } from 'react-i18next'
import { useWords } from '../../i18n/use-words.ts'
import { diffOf } from './limit-diff.ts'
import { useLimitWords } from './limit-words.ts'
import './limit-diff.css'

/** What changes from one set of limits to another, condition by condition, in words. */
export function LimitDiffList({
  before,
  after,
  kind,
  unit,
}: {
  before: readonly Limit[]
  after: readonly Limit[]
  kind: string
  unit: string
}) {
  const { t } = useTranslation('limits')
  const words = useWords()
  const limitWords = useLimitWords(kind, unit)
  const diffs = diffOf(before, after)
  if (diffs.length === 0) return <p className="muted">{t('diff.same')}</p>
  return (
    <ul className="limit-diff" data-testid="limit-diff">
      {diffs.map((diff) => (
        <li key={diff.condition} className={`limit-diff-${diff.change}`}>
          <b>{words.condition(diff.condition)}</b>{' '}
          {diff.change === 'added' && diff.after && (
            <>
              {t('diff.added')} <ins>{limitWords.brief(diff.after)}</ins>
            </>
          )}
          {diff.change === 'removed' && diff.before && (
            <>
              {t('diff.removed')} <del>{limitWords.brief(diff.before)}</del>
            </>
          )}
          {diff.fields.map((field) => (
            <div key={field}>
              {t(`field.${field}`)} <del>{diff.before && limitWords.field(diff.before, field)}</del> →{' '}
              <ins>{diff.after && limitWords.field(diff.after, field)}</ins>
            </div>
          ))}
        </li>
      ))}
    </ul>
  )
}
