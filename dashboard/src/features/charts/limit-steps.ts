import type { LimitChange } from '@roomkeeper/shared/http'

export type LimitSide = 'high' | 'low'

/** One limit through the range of a chart, as it was set then. */
export interface LimitSteps {
  side: LimitSide
  /** The curves that it held for. */
  curves: readonly number[]
  /** In order of time; null: no limit from then on. */
  steps: readonly LimitStep[]
}
interface LimitStep {
  fromMs: number
  value: number | null
}

/** The limits of several curves as lines: curves under one and the same limit share its line. */
export function limitSteps(changesOfCurves: readonly (readonly LimitChange[])[]): LimitSteps[] {
  return (['high', 'low'] as const).flatMap((side) => {
    const lines = new Map<string, { side: LimitSide; curves: number[]; steps: LimitStep[] }>()
    changesOfCurves.forEach((changes, curve) => {
      const steps: LimitStep[] = []
      for (const change of changes) if (steps.at(-1)?.value !== change[side]) steps.push({ fromMs: change.fromMs, value: change[side] })
      if (steps.every(({ value }) => value === null)) return
      const key = JSON.stringify(steps)
      const known = lines.get(key)
      if (known) known.curves.push(curve)
      else lines.set(key, { side, curves: [curve], steps })
    })
    return [...lines.values()]
  })
}
