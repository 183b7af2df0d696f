import { Button, Input, InputNumber, Select, Switch } from 'antd'
import type { ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { CLEARED, type SchemaField, type SettingsValues } from './fields-of.ts'
import { DeviceChoice, RoomsChoice } from './PlaceChoices.tsx'
import './schema-form.css'

interface Props {
  fields: readonly SchemaField[]
  values: SettingsValues
  /** Secrets the server holds; an empty field keeps them. */
  secretsSet: readonly string[]
  errors: Readonly<Record<string, string>>
  onChange: (key: string, value: unknown) => void
}

/** A form made from a JSON schema: one labelled control per setting. */
export function SchemaForm({ fields, values, secretsSet, errors, onChange }: Props) {
  return fields.map((field) => (
    <Field
      key={field.key}
      label={field.label}
      required={field.required && !secretsSet.includes(field.key)}
      error={errors[field.key]}
      hint={field.help || undefined}
    >
      <Control
        field={field}
        value={values[field.key]}
        isSet={secretsSet.includes(field.key)}
        onChange={(value) => onChange(field.key, value)}
      />
    </Field>
  ))
}

interface ControlProps {
  field: SchemaField
  value: unknown
  isSet: boolean
  onChange: (value: unknown) => void
  /** Given by Field. */
  id?: string
  status?: 'error'
}

function Control({ field, value, isSet, onChange, ...given }: ControlProps): ReactElement {
  const { t } = useTranslation('notices')
  const words = useWords()
  const testId = `setting-${field.key}`
  const text = typeof value === 'string' ? value : ''
  switch (field.kind) {
    case 'secret':
    case 'long-secret':
      return <SecretControl {...given} field={field} value={value} isSet={isSet} onChange={onChange} />
    case 'number':
      return (
        <InputNumber
          {...given}
          value={typeof value === 'number' ? value : null}
          min={field.min}
          max={field.max}
          precision={field.isInteger ? 0 : undefined}
          style={{ width: 160 }}
          data-testid={testId}
          onChange={(next) => onChange(next ?? undefined)}
        />
      )
    case 'boolean':
      return <Switch id={given.id} checked={value === true} data-testid={testId} onChange={onChange} />
    case 'choice':
      return (
        <Select
          {...given}
          value={text || undefined}
          placeholder={t('form.pick')}
          allowClear={!field.required && field.initial === undefined}
          style={{ width: '100%' }}
          data-testid={testId}
          options={field.choices.map((choice) => ({ value: choice, label: words.priority(choice) }))}
          onChange={onChange}
        />
      )
    case 'list':
      return (
        <Select
          {...given}
          mode={field.choices.length > 0 ? 'multiple' : 'tags'}
          open={field.choices.length > 0 ? undefined : false}
          suffixIcon={field.choices.length > 0 ? undefined : null}
          tokenSeparators={[' ', ',', ';']}
          value={Array.isArray(value) ? value : []}
          placeholder={field.choices.length > 0 ? t('form.pick') : t('form.listHint')}
          style={{ width: '100%' }}
          data-testid={testId}
          options={field.choices.map((choice) => ({ value: choice, label: choice }))}
          onChange={onChange}
        />
      )
    case 'device':
      return <DeviceChoice {...given} value={value} testId={testId} onChange={onChange} />
    case 'rooms':
      return <RoomsChoice {...given} value={value} testId={testId} onChange={onChange} />
    case 'long-text':
    case 'json':
      return (
        <Input.TextArea
          {...given}
          value={text}
          autoSize={{ minRows: 2, maxRows: 10 }}
          className="mono"
          spellCheck={false}
          data-testid={testId}
          onChange={(event) => onChange(event.target.value)}
        />
      )
    case 'text':
      return (
        <Input
          {...given}
          value={text}
          autoComplete="off"
          maxLength={field.maxLength}
          data-testid={testId}
          onChange={(event) => onChange(event.target.value)}
        />
      )
  }
}

/** The server never gives a secret: an empty field keeps it, and one that may be absent can be cleared, which can be taken back until saved. */
function SecretControl({ field, value, isSet, onChange, ...given }: ControlProps) {
  const { t } = useTranslation('notices')
  const isCleared = isSet && value === CLEARED
  const text = typeof value === 'string' ? value : ''
  const testId = `setting-${field.key}`
  const control = {
    ...given,
    value: text,
    disabled: isCleared,
    placeholder: isCleared ? t('form.secretCleared') : isSet ? t('form.secretSet') : undefined,
    'data-testid': testId,
  }
  return (
    <div className="secret-control">
      {field.kind === 'secret' ? (
        <Input.Password
          {...control}
          // The browser must not offer to keep a mail server's password as this site's.
          autoComplete="new-password"
          maxLength={field.maxLength}
          onChange={(event) => onChange(event.target.value)}
        />
      ) : (
        <Input.TextArea
          {...control}
          autoSize={{ minRows: 2, maxRows: 10 }}
          className="mono"
          spellCheck={false}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
      {isSet && !field.required && text === '' && (
        <Button
          danger={!isCleared}
          data-testid={`${testId}-${isCleared ? 'keep' : 'clear'}`}
          aria-label={t(isCleared ? 'form.keepSecret' : 'form.clearSecret', { field: field.label })}
          onClick={() => onChange(isCleared ? undefined : CLEARED)}
        >
          {t(isCleared ? 'form.undo' : 'form.clear')}
        </Button>
      )}
    </div>
  )
}
