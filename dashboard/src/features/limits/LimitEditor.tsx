import { isPointKind, type LimitCondition, pointKindInfo } from '@roomkeeper/shared/model'
import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { useWords } from '../../i18n/use-words.ts'
import { Empty } from '../../ui/states.tsx'
import { LimitCard } from './LimitCard.tsx'
import { conditionsFor, inOrder, type LimitDraft, newDraft, nextKey } from './limit-draft.ts'
import { NumberLine, type PresentValue } from './NumberLine.tsx'
import './editor.css'
import './limits.css'

export interface EditorProps {
  drafts: readonly LimitDraft[]
  kind: string
  unit: string
  /** Sentences by place, see `Problems`. */
  problems: ReadonlyMap<string, string>
  present: readonly PresentValue[]
  /** A combination has no condition of its own for silent or suspect sensors. */
  excluded?: readonly LimitCondition[]
  /** `place` tells one field from another, so that typing is one step to undo. */
  onChange: (drafts: LimitDraft[], place: string) => void
}

/** The limits of one target, whatever it is: a picture of the levels, then one card for each condition. */
export function LimitEditor({ drafts, kind, unit, problems, present, excluded = [], onChange }: EditorProps) {
  const { t } = useTranslation('limits')
  const words = useWords()
  const { valueType } = isPointKind(kind) ? pointKindInfo(kind) : pointKindInfo('number')
  const addable = conditionsFor(valueType, [...excluded, ...drafts.map(({ condition }) => condition)])
  return (
    <div className="limit-editor" data-testid="limit-editor">
      {valueType === 'number' && <NumberLine drafts={drafts} kind={kind} unit={unit} present={present} />}
      {drafts.length === 0 && <Empty>{t('editor.empty')}</Empty>}
      {inOrder(drafts).map((draft) => (
        <LimitCard
          key={draft.key}
          draft={draft}
          kind={kind}
          unit={unit}
          problems={problems}
          onChange={(next, place) =>
            onChange(
              drafts.map((each) => (each.key === draft.key ? next : each)),
              place && `${draft.key}.${place}`,
            )
          }
          onRemove={() =>
            onChange(
              drafts.filter(({ key }) => key !== draft.key),
              '',
            )
          }
        />
      ))}
      {addable.length > 0 && (
        <Select<LimitCondition | null>
          value={null}
          className="limit-add"
          placeholder={t('editor.add')}
          aria-label={t('editor.add')}
          data-testid="limit-add"
          options={addable.map((value) => ({ value, label: words.condition(value) }))}
          onChange={(condition) => condition && onChange([...drafts, newDraft(condition, nextKey(drafts))], '')}
        />
      )}
    </div>
  )
}
