import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { ALARM_PRIORITIES, type AlarmPriority, ROLE_NAMES } from '@roomkeeper/shared/model'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, Button, Input, InputNumber, Select } from 'antd'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { errorCode, queries } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { dateTimeText } from '../../i18n/format.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { showFirstError } from '../../ui/show-first-error.ts'
import { showToast } from '../../ui/toasts.tsx'
import type { StoredPolicy } from './EscalationPanel.tsx'
import { draftOf, type TierDraft, type TierProblem, tierProblems, tiersOf } from './escalation-tiers.ts'
import { Tiers } from './Tiers.tsx'

const MOST_TIERS = 10
const PROBLEM_TEXTS = { minutes: 'escalation.needsMinutes', who: 'escalation.needsWho', 'same-minute': 'escalation.sameMinute' } as const

interface Props {
  /** What the form began from. */
  policy: StoredPolicy
  /** What the server has now; newer when somebody else saved meanwhile. */
  current: StoredPolicy
  /** The own changes are to be saved on top of this version. */
  onRebase: (policy: StoredPolicy) => void
  onClose: () => void
}

/** Edits the tiers, shows what they will mean, and saves with a reason. Somebody else's newer version is shown, never overwritten unseen. */
export function EscalationForm({ policy, current, onRebase, onClose }: Props) {
  const { t } = useTranslation('notices')
  const { t: common } = useTranslation()
  const words = useWords()
  const form = useRef<HTMLFormElement>(null)
  const [minPriority, setMinPriority] = useState<AlarmPriority>(policy.minPriority)
  const [drafts, setDrafts] = useState<readonly TierDraft[]>(() => policy.tiers.map(draftOf))
  const [repeatMinutes, setRepeatMinutes] = useState<number | null>(policy.repeatMinutes)
  const [reason, setReason] = useState('')
  const [isTried, setIsTried] = useState(false)
  const save = useMutation(
    queries.notices.putEscalation.mutationOptions({
      onSuccess: () => {
        showToast({ kind: 'success', text: common('common.saved') })
        onClose()
      },
      onSettled: () => refetchTopic('notices'),
    }),
  )
  const isOutdated = current.revision !== policy.revision
  const problems = tierProblems(drafts)
  const tiers = tiersOf(drafts.filter(({ key }) => !problems.has(key)))

  function submit(event: FormEvent): void {
    event.preventDefault()
    setIsTried(true)
    if (problems.size > 0 || repeatMinutes === null || !reason.trim()) {
      if (form.current) showFirstError(form.current)
      return
    }
    save.mutate({ minPriority, tiers, repeatMinutes, revision: policy.revision, reason: reason.trim() })
  }
  const change = (key: number, patch: Partial<TierDraft>) =>
    setDrafts(drafts.map((draft) => (draft.key === key ? { ...draft, ...patch } : draft)))
  function addTier(): void {
    const last = Math.max(0, ...drafts.map(({ afterMinutes }) => afterMinutes ?? 0))
    const key = Math.max(-1, ...drafts.map((draft) => draft.key)) + 1
    setDrafts([...drafts, { key, afterMinutes: drafts.length === 0 ? 0 : last + 10, kind: 'roles', roles: [], accountIds: [] }])
  }

  return (
    <form ref={form} onSubmit={submit} noValidate className="escalation-form" data-testid="escalation-form">
      {isOutdated && (
        <Alert
          type="warning"
          showIcon
          role="alert"
          data-testid="escalation-conflict"
          title={t('escalation.conflictTitle', {
            name: current.changedBy ?? common('draft.someone'),
            time: current.changedAtMs === null ? '' : dateTimeText(current.changedAtMs),
          })}
          description={
            <>
              <p>{t('escalation.conflictNote')}</p>
              <Tiers policy={current} />
              <div className="form-actions">
                <Button size="small" type="primary" onClick={onClose}>
                  {t('escalation.takeTheirs')}
                </Button>
                <Button
                  size="small"
                  onClick={() => {
                    save.reset()
                    onRebase(current)
                  }}
                >
                  {t('escalation.keepMine')}
                </Button>
              </div>
            </>
          }
        />
      )}
      {save.error && !isOutdated && errorCode(save.error) !== 'CONFLICT' && (
        <Alert type="error" showIcon role="alert" title={words.error(save.error)} />
      )}
      <Field label={t('escalation.minPriority')}>
        <Select
          value={minPriority}
          style={{ width: 160 }}
          options={ALARM_PRIORITIES.map((value) => ({ value, label: words.priority(value) }))}
          onChange={setMinPriority}
        />
      </Field>
      {drafts.map((draft, index) => (
        <TierRow
          key={draft.key}
          draft={draft}
          problem={isTried ? problems.get(draft.key) : undefined}
          removeLabel={t('escalation.removeTier', { tier: index + 1 })}
          onChange={(patch) => change(draft.key, patch)}
          onRemove={drafts.length > 1 ? () => setDrafts(drafts.filter(({ key }) => key !== draft.key)) : undefined}
        />
      ))}
      <p>
        <Button size="small" icon={<PlusOutlined />} disabled={drafts.length >= MOST_TIERS} data-testid="tier-add" onClick={addTier}>
          {t('escalation.addTier')}
        </Button>
      </p>
      <Field
        label={t('escalation.repeatMinutes')}
        required
        error={isTried && repeatMinutes === null ? common('errors.required') : undefined}
      >
        <InputNumber value={repeatMinutes} min={1} max={1440} precision={0} style={{ width: 160 }} onChange={setRepeatMinutes} />
      </Field>
      {tiers.length > 0 && repeatMinutes !== null && (
        <div className="test-send">
          <h3>{t('escalation.willBe')}</h3>
          <Tiers policy={{ minPriority, tiers, repeatMinutes }} />
        </div>
      )}
      <Field label={t('escalation.reason')} required error={isTried && !reason.trim() ? common('errors.required') : undefined}>
        <Input value={reason} maxLength={4000} data-testid="escalation-reason" onChange={(event) => setReason(event.target.value)} />
      </Field>
      <div className="form-actions">
        <Button type="primary" htmlType="submit" loading={save.isPending} disabled={isOutdated} data-testid="escalation-save">
          {common('common.save')}
        </Button>
        <Button onClick={onClose}>{common('common.cancel')}</Button>
      </div>
    </form>
  )
}

interface TierRowProps {
  draft: TierDraft
  problem: TierProblem | undefined
  removeLabel: string
  onChange: (patch: Partial<TierDraft>) => void
  onRemove: (() => void) | undefined
}

function TierRow({ draft, problem, removeLabel, onChange, onRemove }: TierRowProps) {
  const { t } = useTranslation('notices')
  const words = useWords()
  const people = useQuery(queries.notices.people.queryOptions()).data
  const text = problem && t(PROBLEM_TEXTS[problem])
  return (
    <div className="tier-edit">
      <Field label={t('escalation.after')} required error={problem === 'minutes' || problem === 'same-minute' ? text : undefined}>
        <InputNumber
          value={draft.afterMinutes}
          min={0}
          max={1440}
          precision={0}
          style={{ width: '100%' }}
          onChange={(afterMinutes) => onChange({ afterMinutes })}
        />
      </Field>
      <Field label={t('escalation.who')}>
        <Select
          value={draft.kind}
          style={{ width: '100%' }}
          options={[
            { value: 'on-duty', label: t('escalation.onDuty') },
            { value: 'roles', label: t('escalation.roles') },
            { value: 'accounts', label: t('escalation.accounts') },
          ]}
          onChange={(kind) => onChange({ kind })}
        />
      </Field>
      <div className="tier-whom">
        {draft.kind === 'roles' && (
          <Field label={t('escalation.whichRoles')} required error={problem === 'who' ? text : undefined}>
            <Select
              mode="multiple"
              value={draft.roles}
              style={{ width: '100%' }}
              options={ROLE_NAMES.map((value) => ({ value, label: words.role(value) }))}
              onChange={(roles) => onChange({ roles })}
            />
          </Field>
        )}
        {draft.kind === 'accounts' && (
          <Field label={t('escalation.whichPeople')} required error={problem === 'who' ? text : undefined}>
            <Select
              mode="multiple"
              value={draft.accountIds}
              style={{ width: '100%' }}
              optionFilterProp="label"
              options={people?.map(({ accountId, name }) => ({ value: accountId, label: name })) ?? []}
              onChange={(accountIds) => onChange({ accountIds })}
            />
          </Field>
        )}
      </div>
      <Button
        className="tier-remove"
        icon={<DeleteOutlined />}
        aria-label={removeLabel}
        title={removeLabel}
        disabled={onRemove === undefined}
        onClick={onRemove}
      />
    </div>
  )
}
