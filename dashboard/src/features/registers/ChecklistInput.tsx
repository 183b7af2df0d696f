import { CheckOutlined, CloseOutlined, MinusOutlined } from '@ant-design/icons'
import {
  CHECK_RESULTS,
  type CheckAnswer,
  type ChecklistItem,
  type CheckResult,
  type FieldProblem,
  type SheetBeside,
  type Words,
} from '@roomkeeper/shared/registers'
import { Button } from 'antd'
import { type ReactNode, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useWords } from '../../i18n/use-words.ts'
import { ChecklistDetails } from './ChecklistDetails.tsx'
import { type ChecklistPhotos, checklistOf, groupsOf, progressOf } from './checklist.ts'

interface Props {
  items: readonly ChecklistItem[]
  /** Of the checklist field. */
  value: unknown
  /** Gets the answer as it is at that moment: a photo may arrive long after it was taken. */
  onAnswer: (itemKey: string, update: (before: CheckAnswer) => CheckAnswer) => void
  /** Of the checklist field; `path` begins with the item's key. */
  problems?: readonly FieldProblem[]
  /** By item: what the sensors say. */
  beside?: Readonly<Record<string, SheetBeside>>
  /** Where people and sensors say different things. */
  contradictions?: readonly { item: string; message: Words }[]
  photos?: ChecklistPhotos
  /** An abnormal item gives rise to an incident or a work order; the person may choose which. */
  hasFollowUps?: boolean
}

const ICONS: Record<CheckResult, ReactNode> = {
  normal: <CheckOutlined />,
  abnormal: <CloseOutlined />,
  'not-applicable': <MinusOutlined />,
}

/** Items to look at, each with three buttons large enough for a gloved thumb; how far one is stays in view. */
export function ChecklistInput({ items, value, onAnswer, problems = [], beside = {}, contradictions = [], photos, hasFollowUps }: Props) {
  const { t } = useTranslation('registers')
  const words = useWords()
  const list = useRef<HTMLDivElement>(null)
  const answers = checklistOf(value)
  const progress = progressOf(items, answers)

  function answer(item: ChecklistItem, result: CheckResult): void {
    onAnswer(item.key, (before) => (before.result === result ? { ...before, result: undefined } : { ...before, result, atMs: Date.now() }))
    // What was seen is written down at once.
    if (result === 'abnormal' && answers[item.key]?.result !== 'abnormal')
      requestAnimationFrame(() => rowOf(item.key)?.querySelector('textarea')?.focus())
  }

  function rowOf(key: string): HTMLElement | null | undefined {
    return list.current?.querySelector<HTMLElement>(`[data-item="${CSS.escape(key)}"]`)
  }

  function goToOpen(): void {
    const row = progress.firstOpen === undefined ? undefined : rowOf(progress.firstOpen)
    row?.scrollIntoView({ block: 'center', behavior: 'smooth' })
    row?.querySelector<HTMLElement>('button, input, textarea')?.focus({ preventScroll: true })
  }

  return (
    <div className="checklist" ref={list} data-testid="checklist">
      <div className="checklist-progress" role="status">
        <progress max={Math.max(1, progress.total)} value={progress.answered} aria-hidden="true" />
        <b data-testid="checklist-progress">{t('checklist.progress', { answered: progress.answered, total: progress.total })}</b>
        {progress.abnormal > 0 && <span className="mark mark-high">{t('checklist.abnormalCount', { count: progress.abnormal })}</span>}
        {progress.firstOpen !== undefined && (
          <Button size="small" onClick={goToOpen} data-testid="checklist-next">
            {t('checklist.toOpen')}
          </Button>
        )}
      </div>
      {groupsOf(items).map((group) => (
        <section key={group.items[0]?.key}>
          {group.heading && <h4 className="checklist-group">{words.of(group.heading)}</h4>}
          <ol className="checklist-items">
            {group.items.map((item) => {
              const given = answers[item.key] ?? {}
              const own = problems.filter(({ path }) => path === item.key || path?.startsWith(`${item.key}.`))
              const label = words.of(item.label)
              return (
                <li
                  key={item.key}
                  data-item={item.key}
                  data-testid={`check-${item.key}`}
                  className={`checklist-item ${given.result ? `check-${given.result}` : ''} ${own.length > 0 ? 'check-missing' : ''}`}
                >
                  <div className="check-name">
                    <b>{label}</b> {item.clause && <span className="muted">{item.clause}</span>}
                    {item.help && <div className="field-hint">{words.of(item.help)}</div>}
                  </div>
                  {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a grid everywhere */}
                  <div className="check-buttons" role="group" aria-label={label}>
                    {CHECK_RESULTS.map((result) => (
                      <button
                        key={result}
                        type="button"
                        className={`check-button check-button-${result}`}
                        aria-pressed={given.result === result}
                        data-testid={`check-${item.key}-${result}`}
                        onClick={() => answer(item, result)}
                      >
                        {ICONS[result]} {t(`checklist.${result}`)}
                      </button>
                    ))}
                  </div>
                  <ChecklistDetails
                    item={item}
                    answer={given}
                    sensor={beside[item.key]}
                    hasFollowUps={hasFollowUps === true}
                    onChange={(patch) => onAnswer(item.key, (before) => ({ ...before, ...patch }))}
                    photos={photos}
                  />
                  {contradictions
                    .filter((each) => each.item === item.key)
                    .map(({ message }) => (
                      <div key={message.zh} className="check-contradiction" role="status">
                        {words.of(message)}
                      </div>
                    ))}
                  {own.map(({ path, message }) => (
                    <div key={path} className="field-error" role="alert">
                      {words.of(message)}
                    </div>
                  ))}
                </li>
              )
            })}
          </ol>
        </section>
      ))}
    </div>
  )
}
