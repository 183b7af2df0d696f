import { type Incident, type IncidentFields, incidentSubmitSchema } from '@roomkeeper/shared/http'
import { Button, Input, Radio } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, errorCode, errorField, errorNumber } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { useMe } from '../../client/session.ts'
import { useWords } from '../../i18n/use-words.ts'
import { DateTimeInput } from '../../ui/DateTimeInput.tsx'
import { Field } from '../../ui/Field.tsx'
import { showFirstError } from '../../ui/show-first-error.ts'
import { showToast } from '../../ui/toasts.tsx'
import { DraftConflict } from '../drafts/DraftStatus.tsx'
import type { Snapshot } from '../drafts/draft.ts'
import { SignBox } from '../drafts/SignBox.tsx'
import { useDraft } from '../drafts/use-draft.ts'
import { FAULT_CLASSES, useIncidentFieldName } from './incident-words.ts'

function snapshotOf(incident: Incident): Snapshot<IncidentFields> {
  return { fields: incident.fields, revision: incident.revision, by: incident.draftBy, atMs: incident.draftAtMs }
}

interface Props {
  incident: Incident
  onLater?: () => void
  onDone: () => void
}

/** What people fill in (regulation E2, E6): saved by itself while typing, signed with the password at the end. */
export function IncidentFieldsForm({ incident, onLater, onDone }: Props) {
  const { t } = useTranslation()
  const words = useWords()
  const fieldName = useIncidentFieldName()
  const me = useMe()
  const [password, setPassword] = useState('')
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [isSubmitting, setIsSubmitting] = useState(false)
  const [server, setServer] = useState({ incident, snapshot: snapshotOf(incident) })
  if (server.incident !== incident) setServer({ incident, snapshot: snapshotOf(incident) })

  const { draft, state } = useDraft<IncidentFields>({
    storageKey: `roomkeeper.draft.incident.${me.id}.${incident.id}`,
    server: server.snapshot,
    prefilled: { noticedAtMs: incident.openedAtMs, ...incident.fields },
    save: async (revision, fields) => snapshotOf(await api.incidents.saveDraft({ incidentId: incident.id, revision, fields })),
    load: async () => snapshotOf(await api.incidents.get({ incidentId: incident.id })),
  })
  const { fields } = state

  function change(patch: Partial<IncidentFields>): void {
    draft.change(patch)
    const names = Object.keys(patch)
    setErrors((before) => Object.fromEntries(Object.entries(before).filter(([name]) => !names.includes(name))))
  }

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const form = event.currentTarget
    const checked = incidentSubmitSchema.safeParse(fields)
    const found: Record<string, string> = {}
    for (const issue of checked.error?.issues ?? []) found[String(issue.path[0])] ??= words.issue(issue)
    if (!password) found.password = t('errors.passwordNeeded')
    setErrors(found)
    if (!checked.success || Object.keys(found).length > 0) return showFirstError(form)
    setIsSubmitting(true)
    try {
      await draft.settle()
      if (draft.get().status === 'conflict') return
      await api.incidents.submit({ incidentId: incident.id, revision: draft.get().revision, fields: checked.data, password })
      draft.finish()
      showToast({ kind: 'success', text: t('incidents.submitted') })
      refetchTopic('incidents')
      onDone()
    } catch (error) {
      await onSubmitError(error)
    } finally {
      setIsSubmitting(false)
    }
  }

  async function onSubmitError(error: unknown): Promise<void> {
    const code = errorCode(error)
    if (errorField(error) === 'password') setErrors({ password: t('errors.wrongPassword') })
    else if (code === 'TOO_MANY_REQUESTS')
      setErrors({ password: t('errors.tooMany', { seconds: errorNumber(error, 'retryAfterSeconds') ?? 60 }) })
    else if (code === 'CONFLICT') {
      const latest = await api.incidents.get({ incidentId: incident.id })
      draft.adopt(snapshotOf(latest))
      refetchTopic('incidents')
    } else setErrors({ form: words.error(error) })
  }

  const isSoftware = fields.faultClass === 'software'
  return (
    <form className="incident-form" data-testid="incident-form" onSubmit={(event) => void submit(event)} noValidate>
      <DraftConflict draft={draft} state={state} fieldName={fieldName} />
      <Field label={fieldName('faultClass')} required error={errors.faultClass}>
        <Radio.Group
          optionType="button"
          buttonStyle="solid"
          className="wrap-group"
          value={fields.faultClass ?? null}
          data-testid="incident-fault-class"
          onChange={(event) => change({ faultClass: event.target.value as IncidentFields['faultClass'] })}
        >
          {FAULT_CLASSES.map((faultClass) => (
            <Radio.Button key={faultClass} value={faultClass}>
              <span data-testid={`incident-fault-class-${faultClass}`}>{t(`faultClass.${faultClass}`)}</span>
            </Radio.Button>
          ))}
        </Radio.Group>
      </Field>
      <Field label={fieldName('cause')} required error={errors.cause}>
        <Input.TextArea
          autoSize={{ minRows: 2, maxRows: 8 }}
          maxLength={4000}
          value={fields.cause ?? ''}
          data-testid="incident-cause"
          onChange={(event) => change({ cause: event.target.value })}
        />
      </Field>
      <Field label={fieldName('measures')} required error={errors.measures}>
        <Input.TextArea
          autoSize={{ minRows: 2, maxRows: 8 }}
          maxLength={4000}
          value={fields.measures ?? ''}
          data-testid="incident-measures"
          onChange={(event) => change({ measures: event.target.value })}
        />
      </Field>
      <div className="field-grid">
        <Field label={fieldName('noticedAtMs')} required error={errors.noticedAtMs}>
          <DateTimeInput valueMs={fields.noticedAtMs} testId="incident-noticed-at" onChange={(noticedAtMs) => change({ noticedAtMs })} />
        </Field>
        <Field label={fieldName('arrivedAtMs')} error={errors.arrivedAtMs}>
          <DateTimeInput valueMs={fields.arrivedAtMs} testId="incident-arrived-at" onChange={(arrivedAtMs) => change({ arrivedAtMs })} />
        </Field>
        {(isSoftware || fields.engineerCalledAtMs !== undefined) && (
          <Field
            label={fieldName('engineerCalledAtMs')}
            required={isSoftware}
            error={errors.engineerCalledAtMs}
            hint={t('incidents.engineerHint')}
          >
            <DateTimeInput
              valueMs={fields.engineerCalledAtMs}
              testId="incident-engineer-called-at"
              onChange={(engineerCalledAtMs) => change({ engineerCalledAtMs })}
            />
          </Field>
        )}
        <Field label={fieldName('recoveredAtMs')} error={errors.recoveredAtMs}>
          <DateTimeInput
            valueMs={fields.recoveredAtMs}
            testId="incident-recovered-at"
            onChange={(recoveredAtMs) => change({ recoveredAtMs })}
          />
        </Field>
      </div>
      <Field label={fieldName('note')} error={errors.note}>
        <Input.TextArea
          autoSize={{ minRows: 1, maxRows: 6 }}
          maxLength={4000}
          value={fields.note ?? ''}
          data-testid="incident-note"
          onChange={(event) => change({ note: event.target.value })}
        />
      </Field>
      <SignBox
        name={me.name}
        password={password}
        onPassword={setPassword}
        errors={errors}
        state={state}
        isSubmitting={isSubmitting}
        submitLabel={t('incidents.submit')}
        testId="incident"
      >
        {onLater && (
          <Button onClick={onLater} data-testid="incident-later">
            {t('incidents.later')}
          </Button>
        )}
      </SignBox>
    </form>
  )
}
