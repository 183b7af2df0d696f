import type { LimitTarget } from '@roomkeeper/shared/http'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { useMay } from '../../client/session.ts'
import { LimitTable } from '../../features/limits/LimitTable.tsx'
import type { Places } from '../../features/limits/places.ts'
import { useTargetWords } from '../../features/limits/use-target-words.ts'
import { SidePanel } from '../../ui/SidePanel.tsx'
import { QueryView } from '../../ui/states.tsx'
import { useDiscardQuestion } from '../../ui/use-discard-question.tsx'
import { SetForm } from './SetForm.tsx'
import { SetVersions } from './SetVersions.tsx'

/** The limits of one target: to be changed by those who may, to be read by everybody else. */
export function SetPanel({ target, places, onClose }: { target: LimitTarget; places: Places; onClose: () => void }) {
  const { t } = useTranslation('limits')
  const targetWords = useTargetWords(places)
  const mayWrite = useMay('limits.write')
  const query = useQuery(queries.limits.set.queryOptions({ input: target }))
  const [isDirty, setIsDirty] = useState(false)
  const { question, settled } = useDiscardQuestion('set', isDirty)
  const closeSettled = () => {
    settled()
    onClose()
  }
  const title = `${t(`scope.${target.scope}`)} · ${targetWords(target)}`
  return (
    <SidePanel title={title} label={title} className="limit-set-panel" onClose={onClose} takesFocus>
      <QueryView query={query}>
        {(answer) => {
          const newest = answer.versions[0]
          const own = newest?.limits ?? []
          return (
            <>
              <p className="set-state">
                {own.length > 0 && newest ? t('set.inForce', { version: newest.version, name: newest.author }) : t('set.notSet')}{' '}
                {target.scope !== 'point' && t('set.points', { count: answer.points })}
              </p>
              {mayWrite ? (
                <SetForm target={target} answer={answer} places={places} onDirty={setIsDirty} onClose={closeSettled} />
              ) : (
                <>
                  <LimitTable
                    limits={own.length > 0 ? own : answer.inherited.map(({ limit }) => limit)}
                    kind={answer.kind}
                    unit={answer.unit}
                  />
                  <SetVersions versions={answer.versions} kind={answer.kind} unit={answer.unit} />
                </>
              )}
            </>
          )
        }}
      </QueryView>
      {question}
    </SidePanel>
  )
}
