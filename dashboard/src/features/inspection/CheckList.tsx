import type { CheckAnswer, CheckResult, InspectionSheet } from '@roomkeeper/shared/registers'
import { useRef } from 'react'
import type { Paper } from '../../client/offline/paper.ts'
import { useWords } from '../../i18n/use-words.ts'
import { checklistOf, groupsOf } from '../registers/checklist.ts'
import { CheckCard } from './CheckCard.tsx'
import { isDoubleTap } from './check-flow.ts'
import { changeFields } from './use-paper.ts'

/**
 * The items under their headings. Each is answered by itself: there is no "all of this is normal", because a signature stands for having looked. What is
 * answered folds up, so that the next item comes under the same thumb: one tap an item.
 */
export function CheckList({ paper, sheet, isReadOnly }: { paper: Paper; sheet: Partial<InspectionSheet>; isReadOnly: boolean }) {
  const words = useWords()
  const lastTapMs = useRef(0)
  const answers = checklistOf(paper.fields.checklist)

  function change(item: string, update: (before: CheckAnswer) => CheckAnswer): void {
    changeFields(paper.key, (fields) => {
      const before = checklistOf(fields.checklist)
      return { ...fields, checklist: { ...before, [item]: update(before[item] ?? {}) } }
    })
  }

  function answer(item: string, result: CheckResult, isTap: boolean): void {
    const nowMs = performance.now()
    if (isTap && isDoubleTap(lastTapMs.current, nowMs)) return
    lastTapMs.current = nowMs
    change(item, (before) => ({ ...before, result, atMs: Date.now() }))
  }

  return (
    <div className="check-groups">
      {groupsOf(sheet.items ?? []).map((group) => (
        <section key={`${group.heading?.zh}-${group.items[0]?.key}`}>
          {group.heading && <h2 className="check-group">{words.of(group.heading)}</h2>}
          <ol className="check-cards">
            {group.items.map((item) => (
              <CheckCard
                key={item.key}
                paperKey={paper.key}
                item={item}
                answer={answers[item.key] ?? {}}
                sheet={sheet}
                isReadOnly={isReadOnly}
                onResult={(result, isTap) => answer(item.key, result, isTap)}
                onChange={(update) => change(item.key, update)}
              />
            ))}
          </ol>
        </section>
      ))}
    </div>
  )
}
