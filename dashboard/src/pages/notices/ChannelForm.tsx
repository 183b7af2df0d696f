import type { Channel, ChannelKind } from '@roomkeeper/shared/http'
import { ALARM_PRIORITIES, type AlarmPriority } from '@roomkeeper/shared/model'
import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Input, Select, Switch } from 'antd'
import { type FormEvent, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { errorCode, errorIssues, queries } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { fieldsOf, initialValues, problemsOf, type SettingsValues, settingsOf } from '../../features/schema-form/fields-of.ts'
import { SchemaForm } from '../../features/schema-form/SchemaForm.tsx'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { showFirstError } from '../../ui/show-first-error.ts'
import { TestSend } from './TestSend.tsx'

interface Props {
  kind: ChannelKind
  channel: Channel | undefined
  onCreated: (channelId: number) => void
  onBack: () => void
  onClose: () => void
}

/** A channel's name, priority and settings, made from its kind's schema; then a test through what was saved. */
export function ChannelForm({ kind, channel, onCreated, onBack, onClose }: Props) {
  const { t } = useTranslation('notices')
  const { t: common } = useTranslation()
  const words = useWords()
  const form = useRef<HTMLFormElement>(null)
  const fields = useMemo(() => fieldsOf(kind.settings, kind.secrets, words.language), [kind, words.language])
  const [label, setLabel] = useState(channel?.label ?? words.of(kind.title))
  const [minPriority, setMinPriority] = useState<AlarmPriority>(channel?.minPriority ?? 'high')
  const [isEnabled, setIsEnabled] = useState(channel?.enabled ?? true)
  const [values, setValues] = useState<SettingsValues>(() => initialValues(fields, channel?.settings))
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({})
  const [isDirty, setIsDirty] = useState(false)
  const [isSaved, setIsSaved] = useState(false)
  /** As of the last save here: the list that `channel` comes from is read again a moment later. */
  const [saved, setSaved] = useState(channel)

  function onSuccess(next: Channel): void {
    setSaved(next)
    setIsDirty(false)
    setIsSaved(true)
    // What was typed is saved; the fields say so by "set, leave empty to keep".
    setValues((before) => ({ ...before, ...Object.fromEntries(kind.secrets.map((key) => [key, undefined])) }))
    refetchTopic('notices')
    if (!saved) onCreated(next.id)
  }
  function onError(error: unknown): void {
    if (errorCode(error) !== 'INVALID') return
    const known = new Set(['label', ...fields.map(({ key }) => key)])
    const found: Record<string, string> = {}
    for (const { field, message } of errorIssues(error)) {
      const path = field.replace(/^settings\./, '')
      const key = known.has(path) ? path : (path.split('.')[0] ?? '')
      found[known.has(key) ? key : 'form'] ??= words.half(message)
    }
    setErrors(found)
    if (form.current) showFirstError(form.current)
  }
  const create = useMutation(queries.notices.createChannel.mutationOptions({ onSuccess, onError }))
  const update = useMutation(queries.notices.updateChannel.mutationOptions({ onSuccess, onError }))
  const error = create.error ?? update.error

  function submit(event: FormEvent): void {
    event.preventDefault()
    const problems = problemsOf(fields, values, saved?.secretsSet ?? [])
    const found: Record<string, string> = label.trim() ? {} : { label: common('errors.required') }
    for (const [key, problem] of Object.entries(problems))
      found[key] = problem === 'required' ? common('errors.required') : t('form.notJson')
    setErrors(found)
    if (Object.keys(found).length > 0) {
      if (form.current) showFirstError(form.current)
      return
    }
    const body = { label: label.trim(), enabled: isEnabled, minPriority, settings: settingsOf(fields, values) }
    create.reset()
    update.reset()
    if (saved) update.mutate({ ...body, channelId: saved.id, revision: saved.revision })
    else create.mutate({ ...body, kind: kind.name })
  }
  const touch = (change: () => void) => {
    change()
    setIsDirty(true)
    setIsSaved(false)
  }
  const isConflict = error !== null && errorCode(error) === 'CONFLICT'
  return (
    <form ref={form} onSubmit={submit} noValidate data-testid="channel-form">
      {isConflict && <Alert type="warning" showIcon role="alert" title={t('channels.conflict')} className="form-alert" />}
      {error && !isConflict && (
        <Alert
          type="error"
          showIcon
          role="alert"
          className="form-alert"
          title={errors.form ?? (errorCode(error) === 'INVALID' ? t('channels.wrongSettings') : words.error(error))}
        />
      )}
      <Field label={t('channels.label')} required error={errors.label} hint={t('channels.labelHint')}>
        <Input value={label} maxLength={100} data-testid="channel-label" onChange={(event) => touch(() => setLabel(event.target.value))} />
      </Field>
      <SchemaForm
        fields={fields}
        values={values}
        secretsSet={saved?.secretsSet ?? []}
        errors={errors}
        onChange={(key, value) =>
          touch(() => {
            setValues({ ...values, [key]: value })
            setErrors(({ [key]: _mended, ...rest }) => rest)
          })
        }
      />
      <Field label={t('channels.minPriority')} hint={kind.address ? t('channels.minPriorityPerson') : t('channels.minPriorityPlace')}>
        <Select
          value={minPriority}
          style={{ width: 160 }}
          options={ALARM_PRIORITIES.map((value) => ({ value, label: words.priority(value) }))}
          onChange={(next) => touch(() => setMinPriority(next))}
        />
      </Field>
      <Field label={t('channels.enable')}>
        <Switch checked={isEnabled} onChange={(next) => touch(() => setIsEnabled(next))} />
      </Field>
      <div className="form-actions">
        <Button
          type="primary"
          htmlType="submit"
          loading={create.isPending || update.isPending}
          disabled={saved !== undefined && !isDirty}
          data-testid="channel-save"
        >
          {saved ? common('common.save') : t('channels.createAndTest')}
        </Button>
        {saved ? <Button onClick={onClose}>{common('common.close')}</Button> : <Button onClick={onBack}>{t('channels.back')}</Button>}
      </div>
      {saved && (
        <>
          {isSaved && <Alert type="success" showIcon className="form-alert" title={t('channels.saved')} data-testid="channel-saved" />}
          <TestSend channel={saved} kind={kind} isDirty={isDirty} />
        </>
      )}
    </form>
  )
}
