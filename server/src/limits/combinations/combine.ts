import type { CombinationKind, ReadingValue } from '@roomkeeper/shared/model'

export interface Combined {
  /** null: too few of the points have a true value, so nothing can be said. */
  value: number | boolean | null
  /** Points without a true value now (bad, silent, away). */
  missing: number
}

/**
 * Several points' values as one. `undefined` is a point without a true value: it is left out and never counts as 0. An average needs at
 * least half of its points, `any` at least one; `all` and `difference` need every one. Numbers: `any` is the largest, `all` the smallest.
 */
export function combine(kind: CombinationKind, values: readonly (ReadingValue | undefined)[]): Combined {
  const numbers = values.filter((value) => typeof value === 'number' && Number.isFinite(value)) as number[]
  const contacts = values.filter((value) => typeof value === 'boolean') as boolean[]
  const isContact = contacts.length > 0
  const present = isContact ? contacts.length : numbers.length
  const missing = values.length - present
  if (present < leastPresent(kind, values.length)) return { value: null, missing }
  if (isContact) return { value: combineContacts(kind, contacts), missing }
  return { value: combineNumbers(kind, numbers), missing }
}

function leastPresent(kind: CombinationKind, points: number): number {
  switch (kind) {
    case 'average':
      return Math.max(1, Math.ceil(points / 2))
    case 'any':
      return 1
    case 'all':
    case 'difference':
      return Math.max(1, points)
  }
}

function combineContacts(kind: CombinationKind, contacts: readonly boolean[]): boolean | null {
  if (kind === 'any') return contacts.includes(true)
  return kind === 'all' ? !contacts.includes(false) : null
}

function combineNumbers(kind: CombinationKind, numbers: readonly number[]): number {
  switch (kind) {
    case 'average':
      // A mean has no more true digits than its readings; this also keeps binary fractions out of notices.
      return Math.round((numbers.reduce((sum, value) => sum + value, 0) / numbers.length) * 1000) / 1000
    case 'difference':
      return Math.round((Math.max(...numbers) - Math.min(...numbers)) * 1000) / 1000
    case 'any':
      return Math.max(...numbers)
    case 'all':
      return Math.min(...numbers)
  }
}
