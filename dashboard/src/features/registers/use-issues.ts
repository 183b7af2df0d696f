import type { FieldProblem } from '@roomkeeper/shared/registers'
import { errorIssues } from '../../client/api.ts'
import { useWords } from '../../i18n/use-words.ts'
import { problemsOf } from './record-problems.ts'

export function useIssues(): (error: unknown) => FieldProblem[] {
  const words = useWords()
  // In the language that is on the screen; after a change of language it is asked anew.
  return (error) => problemsOf(errorIssues(error), (message) => ({ zh: words.half(message), en: words.half(message) }))
}
