import type { RegisterRecord } from '@roomkeeper/shared/http'
import {
  type Field as FormField,
  isEmpty,
  isRequiredAt,
  isShown,
  type Move,
  type RecordFields,
  type RegisterDefinition,
} from '@roomkeeper/shared/registers'
import { Alert, Button, Input, Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { roomKeyOf } from '../../client/room-key.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { showToast } from '../../ui/toasts.tsx'

interface Props {
  definition: RegisterDefinition
  record: RegisterRecord
  roomId: number
}

/** What can be asked for on this page; anything else is filled in on the record's own. */
function isSimple({ type }: FormField): boolean {
  return type === 'choice' || type === 'text'
}

/** What the move asks for and the record does not say yet. */
function neededFields(definition: RegisterDefinition, { fields }: RegisterRecord, move: Move): FormField[] {
  return definition.fields.filter((field) => isRequiredAt(definition, field, move) && isShown(field, fields) && isEmpty(fields[field.key]))
}

/** The moves of a record that belong at the room, each a button; what a move asks for comes below it. */
export function MoveHere({ definition, record, roomId }: Props) {
  const words = useWords()
  const [chosen, setChosen] = useState<Move | null>(null)
  const moves = definition.moves.filter(({ name, atRoom }) => atRoom && record.moves.includes(name))
  if (chosen) return <MoveForm definition={definition} record={record} roomId={roomId} move={chosen} onClose={() => setChosen(null)} />
  return (
    <div className="form-actions">
      {moves.map((move) => {
        const needed = neededFields(definition, record, move)
        const isElsewhere = move.signature !== undefined || needed.some((field) => !isSimple(field))
        return isElsewhere ? (
          <Link key={move.name} to={`/registers/${record.register}/${record.id}`}>
            {words.of(move.label)}
          </Link>
        ) : (
          <Button
            key={move.name}
            size="large"
            type={move.danger ? 'default' : 'primary'}
            danger={move.danger === true}
            data-testid={`move-${move.name}-${record.id}`}
            onClick={() => setChosen(move)}
          >
            {words.of(move.label)}
          </Button>
        )
      })}
    </div>
  )
}

interface FormProps extends Props {
  move: Move
  onClose: () => void
}

function MoveForm({ definition, record, roomId, move, onClose }: FormProps) {
  const { t } = useTranslation('inspection')
  const { t: common } = useTranslation()
  const words = useWords()
  const needed = neededFields(definition, record, move)
  const [fields, setFields] = useState<RecordFields>(() => Object.fromEntries(needed.map(({ key }) => [key, record.fields[key]])))
  const [comment, setComment] = useState('')
  const [isTried, setIsTried] = useState(false)
  const [isBusy, setIsBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const isMissing = (value: unknown) => typeof value !== 'string' || value.trim() === ''

  async function confirm(): Promise<void> {
    setIsTried(true)
    if (needed.some(({ key }) => isMissing(fields[key])) || (move.commentRequired && comment.trim() === '')) return
    setIsBusy(true)
    setError(null)
    try {
      const roomKey = roomKeyOf(roomId)
      const { register, id: recordId, revision } = record
      await api.registers.move({ register, recordId, revision, move: move.name, fields, comment, ...(roomKey === null ? {} : { roomKey }) })
      showToast({ kind: 'success', text: t('at.done', { move: words.of(move.label) }) })
      refetchTopic('registers')
      onClose()
    } catch (failure) {
      setError(failure)
      refetchTopic('registers')
    } finally {
      setIsBusy(false)
    }
  }

  return (
    <div className="move-here">
      {needed.map((field) => (
        <Field
          key={field.key}
          label={words.of(field.label)}
          required
          error={isTried && isMissing(fields[field.key]) ? common('errors.required') : undefined}
        >
          {field.type === 'choice' ? (
            <Radio.Group
              optionType="button"
              value={fields[field.key]}
              options={field.choices.map(({ value, label }) => ({ value, label: words.of(label) }))}
              onChange={(event) => setFields({ ...fields, [field.key]: event.target.value as string })}
            />
          ) : (
            <Input.TextArea
              autoSize={{ minRows: 2, maxRows: 6 }}
              value={typeof fields[field.key] === 'string' ? (fields[field.key] as string) : ''}
              data-testid={`move-field-${field.key}`}
              onChange={(event) => setFields({ ...fields, [field.key]: event.target.value })}
            />
          )}
        </Field>
      ))}
      <Field
        label={move.commentRequired ? t('at.reason') : t('at.comment')}
        required={move.commentRequired === true}
        error={isTried && move.commentRequired && comment.trim() === '' ? common('errors.required') : undefined}
      >
        <Input.TextArea autoSize={{ minRows: 1, maxRows: 4 }} value={comment} onChange={(event) => setComment(event.target.value)} />
      </Field>
      {error !== null && <Alert type="error" showIcon role="alert" title={words.error(error)} />}
      <div className="form-actions">
        <Button
          size="large"
          type="primary"
          danger={move.danger === true}
          loading={isBusy}
          data-testid={`move-confirm-${record.id}`}
          onClick={() => void confirm()}
        >
          {words.of(move.label)}
        </Button>
        <Button size="large" onClick={onClose}>
          {common('common.cancel')}
        </Button>
      </div>
    </div>
  )
}
