import type { WholeRecord } from '@roomkeeper/shared/http'
import type { RegisterDefinition } from '@roomkeeper/shared/registers'
import { lazy, Suspense } from 'react'
import { loadTexts } from '../../../i18n/index.ts'

export interface SheetProps {
  definition: RegisterDefinition
  record: WholeRecord
}

/** All in one piece, with its charts: pieces of their own would tear apart what the first page loads. */
const Sheet = lazy(async () => {
  const [part] = await Promise.all([import('./ShownSheet.tsx'), loadTexts('inspection')])
  return { default: part.ShownSheet }
})

/** What nobody had to write: the stay of a visit, the curves of a change. Nothing where the server wrote nothing. */
export function RecordSheet(props: SheetProps) {
  if (Object.keys(props.record.sheet).length === 0 && !props.definition.shelves) return null
  return (
    <Suspense>
      <Sheet {...props} />
    </Suspense>
  )
}
