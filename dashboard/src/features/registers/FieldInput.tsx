import type { WholeRecord } from '@roomkeeper/shared/http'
import type { CheckAnswer, Field as FieldDefinition, FieldProblem, RecordFields } from '@roomkeeper/shared/registers'
import { unitSymbol } from '@roomkeeper/shared/units'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { recordFilesUrl } from '../../client/photos.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import type { UploadTarget } from '../photos/photo-uploads.ts'
import { ChecklistInput } from './ChecklistInput.tsx'
import { checklistOf, sheetBeside, sheetContradictions, sheetItems } from './checklist.ts'
import { PhotoInput } from './PhotoInput.tsx'
import { ReadingInput } from './ReadingInput.tsx'
import { DeviceInput, PersonInput, RecordInput, RoomInput, referenceOf } from './ReferenceInputs.tsx'
import { ScalarInput } from './ScalarInput.tsx'
import { SignatureInput } from './SignatureInput.tsx'
import { TableInput } from './TableInput.tsx'
import type { RecordDraft } from './use-record-draft.ts'

export interface FieldInputProps {
  field: FieldDefinition
  record: WholeRecord
  /** Of the whole record: some inputs depend on others. */
  fields: RecordFields
  isRequired: boolean
  problems: readonly FieldProblem[]
  form: Pick<RecordDraft, 'change' | 'update' | 'recordId'>
  strikeOut?: (fileId: number, reason: string) => Promise<unknown>
}

/** Takes the whole width of a form. */
export function isWide(field: FieldDefinition): boolean {
  return ['checklist', 'table', 'photo', 'signature'].includes(field.type) || (field.type === 'text' && field.multiline === true)
}

/** The input of one field, whatever its type, with its label, help and what is wrong with it. */
export function FieldInput({ field, record, fields, isRequired, problems, form, strikeOut }: FieldInputProps) {
  const { t } = useTranslation('registers')
  const words = useWords()
  const value = fields[field.key]
  const own = problems.filter(({ key }) => key === field.key)
  const whole = own.filter(({ path }) => path === undefined).map(({ message }) => words.of(message))
  const label = words.of(field.label)
  const testId = `field-${field.key}`
  const onChange = (next: unknown) => form.change({ [field.key]: next })
  const limits = field.type === 'number' ? limitsText(field, t('from'), t('upTo')) : ''
  const hint = [field.help && words.of(field.help), limits].filter(Boolean).join(' · ')
  const roomId = referenceOf(fields.room)?.id ?? record.roomId ?? undefined
  const given = { value, onChange, testId }

  const urlOf = async (key: string, name: string) => recordFilesUrl(record.register, await form.recordId(), key, name)
  const targetOf = (key: string, onSent: UploadTarget['onSent']): UploadTarget => ({
    place: `record:${record.register}:${record.id}:${key}`,
    url: (name) => urlOf(key, name),
    onSent,
  })
  const labelled = (children: ReactNode) => (
    <Field label={label} required={isRequired} error={whole[0]} hint={hint}>
      {children}
    </Field>
  )
  const grouped = (children: ReactNode) => (
    <fieldset className="field record-group">
      <legend className="field-label">
        {label}
        {isRequired && <span className="required">*</span>}
      </legend>
      {hint && <div className="field-hint record-group-hint">{hint}</div>}
      {children}
      {whole.map((text) => (
        <div key={text} className="field-error" role="alert">
          {text}
        </div>
      ))}
    </fieldset>
  )

  switch (field.type) {
    case 'person':
      return labelled(<PersonInput {...given} roles={field.roles} />)
    case 'room':
      return labelled(<RoomInput {...given} />)
    case 'device':
      return labelled(<DeviceInput {...given} roomId={roomId} />)
    case 'record':
      return labelled(<RecordInput {...given} register={field.register} />)
    case 'reading':
      return labelled(<ReadingInput {...given} kind={field.kind} roomId={roomId} />)
    case 'photo':
      return grouped(
        <PhotoInput
          value={value}
          files={record.files}
          max={field.max}
          strikeOut={strikeOut}
          target={targetOf(field.key, ({ id }) => form.update(field.key, withId(id)))}
        />,
      )
    case 'signature':
      return labelled(<SignatureInput {...given} label={label} url={(name) => urlOf(field.key, name)} />)
    case 'checklist': {
      const onAnswer = (itemKey: string, update: (before: CheckAnswer) => CheckAnswer) =>
        form.update(field.key, (before) => ({ ...checklistOf(before), [itemKey]: update(checklistOf(before)[itemKey] ?? {}) }))
      return grouped(
        <ChecklistInput
          items={field.items ?? sheetItems(record.sheet) ?? []}
          value={value}
          onAnswer={onAnswer}
          problems={own.filter(({ path }) => path !== undefined)}
          beside={sheetBeside(record.sheet)}
          contradictions={sheetContradictions(record.sheet)}
          hasFollowUps={sheetItems(record.sheet) !== undefined}
          photos={{
            files: record.files,
            strikeOut,
            targetOf: (itemKey) =>
              targetOf(`${field.key}.${itemKey}`, ({ id }) =>
                onAnswer(itemKey, (before) => ({ ...before, photos: withId(id)(before.photos) as number[] })),
              ),
          }}
        />,
      )
    }
    case 'table':
      return grouped(
        <TableInput {...given} columns={field.columns} minRows={field.minRows} maxRows={field.maxRows} problems={own} label={label} />,
      )
    default:
      return labelled(<ScalarInput {...given} type={field} />)
  }
}

/** The file ids with one more; the same photo sent twice is there once. */
function withId(id: number) {
  return (before: unknown): number[] => [...(Array.isArray(before) ? before.filter((each) => each !== id) : []), id]
}

const FAR = 1_000_000

function limitsText({ low, high, unit }: { low?: number; high?: number; unit?: string }, from: string, upTo: string): string {
  // A bound nobody comes near says nothing.
  if (high !== undefined && high >= FAR) return ''
  const symbol = unit ? ` ${unitSymbol(unit)}` : ''
  if (low !== undefined && high !== undefined) return `${low} – ${high}${symbol}`
  if (low !== undefined) return `${from} ${low}${symbol}`
  return high === undefined ? '' : `${upTo} ${high}${symbol}`
}
