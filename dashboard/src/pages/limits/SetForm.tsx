import { UndoOutlined } from '@ant-design/icons'
import type { EffectiveLimit, LimitTarget } from '@roomkeeper/shared/http'
import type { Limit } from '@roomkeeper/shared/model'
import { useMutation } from '@tanstack/react-query'
import { Alert, Button } from 'antd'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'react-router'
import { errorCode, queries } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { LimitDiffList } from '../../features/limits/LimitDiffList.tsx'
import { LimitEditor } from '../../features/limits/LimitEditor.tsx'
import { diffOf } from '../../features/limits/limit-diff.ts'
import { draftOf, type LimitDraft, limitOf } from '../../features/limits/limit-draft.ts'
import type { Places } from '../../features/limits/places.ts'
import { begun, changed, undone } from '../../features/limits/undo.ts'
import { usePresentValues } from '../../features/limits/use-present-values.ts'
import { useProblemTexts } from '../../features/limits/use-problem-texts.ts'
import { dateTimeText } from '../../i18n/format.ts'
import { useWords } from '../../i18n/use-words.ts'
import { showFirstError } from '../../ui/show-first-error.ts'
import { showToast } from '../../ui/toasts.tsx'
import { RehearsalBox } from './RehearsalBox.tsx'
import { SaveDialog } from './SaveDialog.tsx'
import { SetVersions, type Version } from './SetVersions.tsx'
import { useRehearsal } from './use-rehearsal.ts'

interface Props {
  target: LimitTarget
  answer: { versions: readonly Version[]; inherited: readonly EffectiveLimit[]; kind: string; unit: string; points: number }
  places: Places
  onDirty: (isDirty: boolean) => void
  onClose: () => void
}

const draftsOf = (limits: readonly Limit[]): LimitDraft[] => limits.map(draftOf)

/** Edits one set: undo, rehearsal, comparison with what is in force, reason, and the versions to go back to. Nobody's newer version is overwritten unseen. */
export function SetForm({ target, answer, places, onDirty, onClose }: Props) {
  const { t } = useTranslation('limits')
  const { t: common } = useTranslation()
  const words = useWords()
  const form = useRef<HTMLDivElement>(null)
  const { kind, unit } = answer
  const newest = answer.versions[0]
  const inherited = useMemo(() => answer.inherited.map(({ limit }) => limit), [answer.inherited])
  /** The version that the draft began from. */
  const [base, setBase] = useState<Pick<Version, 'version' | 'limits'>>(() => newest ?? { version: 0, limits: [] })
  const isSet = base.limits.length > 0
  const inForce = isSet ? base.limits : inherited
  /** From the alarm quality page: one limit as the records suggest it, to be rehearsed; undo takes it back. */
  const proposal = (useLocation().state as { proposal?: Limit } | null)?.proposal
  const [state, setState] = useState(() => {
    const start = begun(draftsOf(inForce))
    if (!proposal) return start
    const proposed = inForce.map((limit) => (limit.condition === proposal.condition ? proposal : limit))
    return changed(start, draftsOf(proposed), 'proposal')
  })
  const [isTried, setIsTried] = useState(false)
  const [asking, setAsking] = useState<'save' | 'remove' | null>(null)
  const [reason, setReason] = useState('')
  const rehearsal = useRehearsal(target)
  const present = usePresentValues(target, places)

  const drafts = state.now
  const limits = useMemo(() => drafts.map(limitOf), [drafts])
  const isDirty = diffOf(inForce, limits).length > 0
  useEffect(() => onDirty(isDirty), [onDirty, isDirty])

  const save = useMutation(
    queries.limits.putSet.mutationOptions({
      onSuccess: ({ points }) => {
        showToast({ kind: 'success', text: t('save.done', { count: points }) })
        onClose()
      },
      // What is wrong is shown at its field, and somebody else's newer version above the form: both behind the dialog.
      onError: (error) => {
        if (!['INVALID', 'CONFLICT'].includes(errorCode(error))) return
        setAsking(null)
        if (errorCode(error) === 'CONFLICT') form.current?.scrollIntoView({ block: 'start' })
      },
      onSettled: () => refetchTopic('rooms'),
    }),
  )
  const { problems, texts, general } = useProblemTexts(drafts, isTried, save.error)
  const isOutdated = newest !== undefined && newest.version !== base.version
  const isRehearsed = rehearsal.run?.result.state === 'done' && diffOf(rehearsal.run.limits, limits).length === 0

  const change = (next: LimitDraft[], place: string) => {
    save.reset()
    setState(changed(state, next, place))
  }
  const showProblems = () => {
    setIsTried(true)
    if (form.current) showFirstError(form.current)
  }
  const ask = () => {
    if (problems.size > 0 || drafts.length === 0) showProblems()
    else setAsking('save')
  }
  const takeTheirs = () => {
    if (!newest) return
    setBase(newest)
    setState(begun(draftsOf(newest.limits.length > 0 ? newest.limits : inherited)))
    save.reset()
  }

  return (
    <div ref={form} data-testid="limit-set-form">
      {isOutdated && (
        <Alert
          type="warning"
          showIcon
          role="alert"
          data-testid="limit-set-conflict"
          title={t('set.conflict', { name: newest.author, time: dateTimeText(newest.atMs) })}
          description={
            <>
              <LimitDiffList before={inForce} after={newest.limits.length > 0 ? newest.limits : inherited} kind={kind} unit={unit} />
              <div className="form-actions">
                <Button size="small" type="primary" onClick={takeTheirs}>
                  {t('set.takeTheirs')}
                </Button>
                <Button size="small" onClick={() => setBase(newest)}>
                  {t('set.keepMine')}
                </Button>
              </div>
            </>
          }
        />
      )}
      {general && <Alert className="form-alert" type="error" showIcon role="alert" title={general} />}
      <LimitEditor drafts={drafts} kind={kind} unit={unit} problems={texts} present={present} onChange={change} />
      {isTried && drafts.length === 0 && (
        <div className="field">
          <div className="field-error" role="alert">
            {t('set.emptyMeans')}
          </div>
        </div>
      )}
      <RehearsalBox
        rehearsal={rehearsal}
        limits={problems.size > 0 || drafts.length === 0 ? null : limits}
        isOutdated={!isRehearsed}
        kind={kind}
        unit={unit}
        onTry={showProblems}
      />
      <div className="set-actions form-actions">
        <Button type="primary" disabled={isOutdated || (isSet && !isDirty)} data-testid="limits-save" onClick={ask}>
          {t('save.open')}
        </Button>
        <Button icon={<UndoOutlined />} disabled={state.past.length === 0} onClick={() => setState(undone(state))}>
          {t('set.undo')}
        </Button>
        {isSet && (
          <Button danger disabled={isOutdated} className="set-remove" data-testid="limit-set-remove" onClick={() => setAsking('remove')}>
            {t('set.remove')}
          </Button>
        )}
        {!isDirty && <span className="muted">{t(isSet ? 'set.unchanged' : 'set.prefilled')}</span>}
      </div>
      <SetVersions
        versions={answer.versions}
        kind={kind}
        unit={unit}
        onRestore={(version) => {
          change(draftsOf(version.limits), '')
          setReason(t('set.restoreReason', { version: version.version }))
          showToast({ kind: 'info', text: t('set.restored', { version: version.version }) })
          form.current?.scrollIntoView({ block: 'start' })
        }}
      />
      {asking && (
        <SaveDialog
          mode={asking}
          before={asking === 'save' ? inForce : base.limits}
          after={asking === 'save' ? limits : inherited}
          kind={kind}
          unit={unit}
          points={answer.points}
          reason={reason}
          rehearsal={asking === 'save' && isRehearsed && rehearsal.run ? rehearsal.run.result : null}
          isSaving={save.isPending}
          error={save.error && errorCode(save.error) !== 'INVALID' ? words.error(save.error) : undefined}
          onReason={setReason}
          onRehearse={() => {
            setAsking(null)
            rehearsal.start(limits)
          }}
          onSave={() => save.mutate({ target, limits: asking === 'save' ? limits : [], reason: reason.trim(), basedOn: base.version })}
          onClose={() => setAsking(null)}
          cancelText={common('common.cancel')}
        />
      )}
    </div>
  )
}
