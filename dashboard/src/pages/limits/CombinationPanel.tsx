import type { Combination } from '@roomkeeper/shared/http'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { LimitTable } from '../../features/limits/LimitTable.tsx'
import type { Places } from '../../features/limits/places.ts'
import { useWords } from '../../i18n/use-words.ts'
import { SidePanel } from '../../ui/SidePanel.tsx'
import { useDiscardQuestion } from '../../ui/use-discard-question.tsx'
import { CombinationForm } from './CombinationForm.tsx'
import { PresentCombination } from './Combinations.tsx'
import { RemoveCombination } from './RemoveCombination.tsx'

interface Props {
  /** Absent: a new one. */
  combination: Combination | undefined
  places: Places
  mayWrite: boolean
  onClose: () => void
}

/** One limit over several points: what it is now, and its form for those who may change it. */
export function CombinationPanel({ combination, places, mayWrite, onClose }: Props) {
  const { t } = useTranslation('limits')
  const words = useWords()
  const [isRemoving, setIsRemoving] = useState(false)
  const [isDirty, setIsDirty] = useState(false)
  const { question, settled } = useDiscardQuestion('combination', isDirty)
  const closeSettled = () => {
    settled()
    onClose()
  }
  const title = combination ? combination.name : t('combination.add')
  const members = places.entries.filter(({ point }) => combination?.pointIds.includes(point.id))
  return (
    <SidePanel title={title} label={title} className="limit-set-panel" onClose={onClose} takesFocus>
      {combination && (
        <p className="set-state">
          {t('combination.value')}: <PresentCombination combination={combination} places={places} />{' '}
          <span className="muted">{t('quoted', { text: combination.reason })}</span>
        </p>
      )}
      {mayWrite ? (
        <CombinationForm
          combination={combination}
          places={places}
          onDirty={setIsDirty}
          onRemove={() => setIsRemoving(true)}
          onCancel={onClose}
          onSaved={closeSettled}
        />
      ) : (
        combination && (
          <>
            <p>{t(`combination.explained.${combination.combination}`)}</p>
            <ul>
              {members.map(({ device, point }) => (
                <li key={point.id}>
                  {words.device(device)} › {words.point(point)}
                </li>
              ))}
            </ul>
            <LimitTable limits={combination.limits} kind={members[0]?.point.kind ?? 'number'} unit={combination.unit} />
          </>
        )
      )}
      {combination && isRemoving && (
        <RemoveCombination combination={combination} onRemoved={closeSettled} onClose={() => setIsRemoving(false)} />
      )}
      {question}
    </SidePanel>
  )
}
