import { useState } from 'react'
import { useWords } from '../i18n/use-words.ts'

type Issue = Parameters<ReturnType<typeof useWords>['issue']>[0] & { path: readonly PropertyKey[] }

interface Schema {
  safeParse(fields: unknown): { success: boolean; error?: { issues: readonly Issue[] } }
}

/** What a form has against its contract. What is wrong stands at its field (the first of its path) once it was tried to save. */
export function useChecked(schema: Schema, fields: unknown) {
  const words = useWords()
  const [isTried, setIsTried] = useState(false)
  const checked = schema.safeParse(fields)
  return {
    errorOf: (key: string): string | undefined => {
      const issue = isTried ? checked.error?.issues.find(({ path }) => path[0] === key) : undefined
      return issue && words.issue(issue)
    },
    /** To save: from now on what is wrong is shown. Whether nothing is. */
    trySave: (): boolean => {
      setIsTried(true)
      return checked.success
    },
  }
}
