import { showToast } from '../../ui/toasts.tsx'
import '../incidents/incidents.css'
import {
  INSPECTION_ITEM_NAMES,
  INSPECTION_ITEMS,
  type Inspection,
  type InspectionFields,
  type InspectionItem,
  inspectionSubmitSchema,
} from '@roomkeeper/shared/http'
import { unitSymbol } from '@roomkeeper/shared/units'
import { Input, InputNumber, Radio } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, errorCode, errorField, errorNumber } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { useMe } from '../../client/session.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { showFirstError } from '../../ui/show-first-error.ts'
import { DraftConflict } from '../drafts/DraftStatus.tsx'
import type { Snapshot } from '../drafts/draft.ts'
import { SignBox } from '../drafts/SignBox.tsx'
import { useDraft } from '../drafts/use-draft.ts'
import { measuredUnit, useInspectionFieldName } from './inspection-words.ts'
import './inspections.css'

type Answer = NonNullable<InspectionFields['answers'][InspectionItem]>

function snapshotOf(inspection: Inspection): Snapshot<InspectionFields> {
  return { fields: inspection.fields, revision: inspection.revision, by: inspection.startedBy, atMs: null }
}

/** The inspection sheet: each item normal or abnormal, measured values beside what the sensors say, signed at the end. */
export function InspectionForm({ inspection, onDone }: { inspection: Inspection; onDone: () => void }) {
  const { t } = useTranslation()
  const words = useWords()
  const fieldName = useInspectionFieldName()
  const me = useMe()
  const [password, setPassword] = useState('')
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [isSubmitting, setIsSubmitting] = useState(false)
  const [server, setServer] = useState({ inspection, snapshot: snapshotOf(inspection) })
  if (server.inspection !== inspection) setServer({ inspection, snapshot: snapshotOf(inspection) })

  const { draft, state } = useDraft<InspectionFields>({
    storageKey: `roomkeeper.draft.inspection.${me.id}.${inspection.id}`,
    server: server.snapshot,
    prefilled: inspection.fields,
    save: async (revision, fields) => snapshotOf(await api.inspections.saveDraft({ inspectionId: inspection.id, revision, fields })),
    load: async () => snapshotOf(await api.inspections.get({ inspectionId: inspection.id })),
  })
  const { fields } = state

  function answer(item: InspectionItem, patch: Partial<Answer>): void {
    const before = fields.answers[item] ?? {}
    const next: Answer = { ...before, ...patch }
    // The sensor's value is what the inspector most likely reads off; it is taken over with the judgement and can be changed.
    const latest = inspection.measured[item]?.latest
    if (patch.result && before.measured === undefined && measuredUnit(item) && latest !== undefined && latest !== null)
      next.measured = Math.round(latest * 10) / 10
    draft.change({ answers: { ...fields.answers, [item]: next } })
    setErrors(({ [item]: _item, [`${item}.note`]: _note, ...rest }) => rest)
  }

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const form = event.currentTarget
    const checked = inspectionSubmitSchema.safeParse(fields)
    const found: Record<string, string> = {}
    for (const issue of checked.error?.issues ?? []) found[issue.path.slice(1).join('.')] ??= words.issue(issue)
    if (!password) found.password = t('errors.passwordNeeded')
    setErrors(found)
    if (!checked.success || Object.keys(found).length > 0) return showFirstError(form)
    setIsSubmitting(true)
    try {
      await draft.settle()
      // What another person has just saved is seen before it is signed.
      if (draft.get().status === 'conflict' || draft.get().fields !== fields) return
      await api.inspections.submit({ inspectionId: inspection.id, revision: draft.get().revision, fields: checked.data, password })
      draft.finish()
      showToast({ kind: 'success', text: t('inspections.submitted') })
      refetchTopic('inspections')
      onDone()
    } catch (error) {
      await onSubmitError(error)
    } finally {
      draft.resume()
      setIsSubmitting(false)
    }
  }

  async function onSubmitError(error: unknown): Promise<void> {
    const code = errorCode(error)
    if (errorField(error) === 'password') setErrors({ password: t('errors.wrongPassword') })
    else if (code === 'TOO_MANY_REQUESTS')
      setErrors({ password: t('errors.tooMany', { seconds: errorNumber(error, 'retryAfterSeconds') ?? 60 }) })
    else if (code === 'CONFLICT') draft.adopt(snapshotOf(await api.inspections.get({ inspectionId: inspection.id })))
    else setErrors({ form: words.error(error) })
  }

  const answered = INSPECTION_ITEM_NAMES.filter((item) => fields.answers[item]?.result).length
  return (
    <form data-testid="inspection-form" onSubmit={(event) => void submit(event)} noValidate>
      <DraftConflict draft={draft} state={state} fieldName={fieldName} />
      <ol className="inspection-items">
        {INSPECTION_ITEM_NAMES.map((item) => (
          <ItemRow
            key={item}
            item={item}
            answer={fields.answers[item] ?? {}}
            measured={inspection.measured[item]}
            error={errors[item]}
            noteError={errors[`${item}.note`]}
            onChange={(patch) => answer(item, patch)}
          />
        ))}
      </ol>
      <Field label={t('inspections.note')}>
        <Input.TextArea
          autoSize={{ minRows: 1, maxRows: 6 }}
          maxLength={4000}
          value={fields.note ?? ''}
          data-testid="inspection-note"
          onChange={(event) => draft.change({ note: event.target.value })}
        />
      </Field>
      <SignBox
        name={me.name}
        password={password}
        onPassword={setPassword}
        errors={errors}
        state={state}
        isSubmitting={isSubmitting}
        submitLabel={t('inspections.submit')}
        testId="inspection"
      >
        <span className="muted">{t('inspections.answered', { count: answered, total: INSPECTION_ITEM_NAMES.length })}</span>
      </SignBox>
    </form>
  )
}

interface ItemProps {
  item: InspectionItem
  answer: Answer
  measured: Inspection['measured'][InspectionItem]
  error: string | undefined
  noteError: string | undefined
  onChange: (patch: Partial<Answer>) => void
}

function ItemRow({ item, answer, measured, error, noteError, onChange }: ItemProps) {
  const { t } = useTranslation()
  const words = useWords()
  const unit = measuredUnit(item)
  const label = words.of(INSPECTION_ITEMS[item])
  const needsNote = answer.result === 'abnormal'
  return (
    <li
      className={`inspection-item ${answer.result ? `inspection-${answer.result}` : ''} ${error ? 'inspection-missing' : ''}`}
      data-testid={`inspection-item-${item}`}
    >
      <div className="inspection-name">
        <b>{label}</b> <span className="muted">{INSPECTION_ITEMS[item].clause}</span>
        {error && (
          <div className="field-error" role="alert">
            {error}
          </div>
        )}
      </div>
      <Radio.Group
        optionType="button"
        buttonStyle="solid"
        aria-label={label}
        value={answer.result ?? null}
        onChange={(event) => onChange({ result: event.target.value as Answer['result'] })}
      >
        <Radio.Button value="normal">
          <span data-testid={`inspection-item-${item}-normal`}>{t('inspections.normal')}</span>
        </Radio.Button>
        <Radio.Button value="abnormal">
          <span data-testid={`inspection-item-${item}-abnormal`}>{t('inspections.abnormal')}</span>
        </Radio.Button>
      </Radio.Group>
      <div className="inspection-measured">
        {unit && (
          <>
            <InputNumber
              value={answer.measured ?? null}
              suffix={unitSymbol(unit)}
              aria-label={t('inspections.measuredOf', { item: label })}
              data-testid={`inspection-item-${item}-measured`}
              onChange={(value) => onChange({ measured: value })}
            />
            {measured && measured.latest !== null && (
              <button
                type="button"
                className="link-button inspection-sensor"
                onClick={() => onChange({ measured: Math.round((measured.latest ?? 0) * 10) / 10 })}
              >
                {t('inspections.sensor', { latest: measured.latest.toFixed(1), unit: unitSymbol(unit) })}
                {measured.min !== null && measured.max !== null && (
                  <span className="muted">
                    {' '}
                    {t('inspections.sensorRange', { min: measured.min.toFixed(1), max: measured.max.toFixed(1) })}
                  </span>
                )}
              </button>
            )}
          </>
        )}
      </div>
      <div className="inspection-note">
        <Input
          value={answer.note ?? ''}
          maxLength={4000}
          status={noteError ? 'error' : undefined}
          placeholder={needsNote ? t('inspections.noteNeeded') : t('inspections.itemNote')}
          aria-label={t('inspections.noteOf', { item: label })}
          data-testid={`inspection-item-${item}-note`}
          onChange={(event) => onChange({ note: event.target.value })}
        />
        {noteError && (
          <div className="field-error" role="alert">
            {noteError}
          </div>
        )}
      </div>
    </li>
  )
}
