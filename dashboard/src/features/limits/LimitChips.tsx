import type { Limit } from '@roomkeeper/shared/model'
import { useWords } from '../../i18n/use-words.ts'
import { PriorityShape } from '../../ui/PriorityMark.tsx'
import { useLimitWords } from './limit-words.ts'
import './limits.css'

/** A set of limits at a glance: one chip for each condition, with its priority and what raises. */
export function LimitChips({ limits, kind, unit }: { limits: readonly Limit[]; kind: string; unit: string }) {
  const words = useWords()
  const limitWords = useLimitWords(kind, unit)
  return (
    <span className="limit-chips">
      {limits.map((limit) => (
        <span key={limit.condition} className={`limit-chip ${limit.enabled ? '' : 'limit-chip-off'}`}>
          <PriorityShape priority={limit.priority} /> {words.condition(limit.condition)}
          {limitWords.hasRaise(limit) && <b>{limitWords.raises(limit)}</b>}
        </span>
      ))}
    </span>
  )
}
