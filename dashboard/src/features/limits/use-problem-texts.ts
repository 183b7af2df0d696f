import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { errorCode, errorIssues } from '../../client/api.ts'
import { useWords } from '../../i18n/use-words.ts'
import type { LimitDraft } from './limit-draft.ts'
import { type ProblemCode, type Problems, placeOfField, problemsOf } from './limit-problems.ts'

/** Nobody is told that a field is empty before they are done with it. */
const SHOWN_WHEN_TRIED: ReadonlySet<ProblemCode> = new Set<ProblemCode>(['required', 'tokens', 'days', 'nothing-differs'])

export interface ProblemTexts {
  problems: Problems
  /** A sentence for each place with a problem that is to be shown. */
  texts: ReadonlyMap<string, string>
  /** What the server said that belongs to no field. */
  general: string | undefined
}

/** What is wrong with the drafts in words: what is seen here at once, and what the server answered at its field. */
export function useProblemTexts(drafts: readonly LimitDraft[], isTried: boolean, error: unknown): ProblemTexts {
  const { t } = useTranslation('limits')
  const words = useWords()
  return useMemo(() => {
    const problems = problemsOf(drafts)
    const texts = new Map<string, string>()
    for (const [place, code] of problems) if (isTried || !SHOWN_WHEN_TRIED.has(code)) texts.set(place, t(`problem.${code}`))
    if (errorCode(error) !== 'INVALID') return { problems, texts, general: undefined }
    const unplaced: string[] = []
    for (const { field, message } of errorIssues(error)) {
      const place = placeOfField(field, drafts)
      const sentence = words.half(message)
      if (place === undefined) unplaced.push(sentence)
      else texts.set(place, t('problem.allowed', { allowed: sentence }))
    }
    return { problems, texts, general: unplaced.length > 0 ? unplaced.join('; ') : words.error(error) }
  }, [drafts, isTried, error, t, words])
}
