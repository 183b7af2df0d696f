import type { Point } from '@roomkeeper/shared/http'
import { COMBINATIONS, type CombinationKind, isPointKind, type PointKindInfo, pointKindInfo } from '@roomkeeper/shared/model'

/** Whether two points can be combined: the same unit and the same type of value. */
export function sameSort(a: Pick<Point, 'kind' | 'unit'>, b: Pick<Point, 'kind' | 'unit'>): boolean {
  return a.unit === b.unit && typeOf(a.kind) === typeOf(b.kind)
}

function typeOf(kind: string): PointKindInfo['valueType'] {
  return isPointKind(kind) ? pointKindInfo(kind).valueType : 'number'
}

/** Contacts have neither average nor difference. undefined: no point is chosen yet. */
export function combinationsFor(valueType: PointKindInfo['valueType'] | undefined): readonly CombinationKind[] {
  return valueType === 'boolean' ? ['any', 'all'] : COMBINATIONS
}

/** The one value of several numbers; those without a true value are left out, and without two of them there is none. */
export function combinationExample(kind: CombinationKind, values: readonly (number | null)[]): number | undefined {
  const known = values.filter((value) => value !== null)
  if (known.length < 2) return undefined
  const least = Math.min(...known)
  const most = Math.max(...known)
  if (kind === 'average') return known.reduce((sum, value) => sum + value, 0) / known.length
  if (kind === 'difference') return most - least
  return kind === 'any' ? most : least
}
