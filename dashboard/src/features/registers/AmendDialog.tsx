import type { WholeRecord } from '@roomkeeper/shared/http'
import type { Field as FieldDefinition, FieldProblem, RecordFields } from '@roomkeeper/shared/registers'
import { Alert, type ButtonProps, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, errorField } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { useMe } from '../../client/session.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { FieldInput, isWide } from './FieldInput.tsx'
import { useIssues } from './use-issues.ts'
import { rememberRecord } from './use-record-draft.ts'

interface Props {
  record: WholeRecord
  field: FieldDefinition
  onClose: () => void
}

/** A finished record is corrected, never rewritten: the old text stays beside the new one, with the reason and who signed for it. */
export function AmendDialog({ record, field, onClose }: Props) {
  const { t } = useTranslation('registers')
  const { t: common } = useTranslation()
  const words = useWords()
  const issues = useIssues()
  const me = useMe()
  const [value, setValue] = useState<unknown>(record.fields[field.key])
  const [reason, setReason] = useState('')
  const [password, setPassword] = useState('')
  const [problems, setProblems] = useState<readonly FieldProblem[]>([])
  const [errors, setErrors] = useState<{ reason?: string; password?: string; form?: string }>({})
  const [isBusy, setIsBusy] = useState(false)
  const fields: RecordFields = { ...record.fields, [field.key]: value }
  const form = {
    change: (patch: RecordFields) => setValue(patch[field.key]),
    update: (_key: string, next: (before: unknown) => unknown) => setValue(next),
    recordId: () => Promise.resolve(record.id),
  }

  async function submit(): Promise<void> {
    const found = {
      ...(reason.trim() ? {} : { reason: t('amend.reasonNeeded') }),
      ...(password ? {} : { password: common('errors.passwordNeeded') }),
    }
    setErrors(found)
    if (Object.keys(found).length > 0) return
    setIsBusy(true)
    try {
      const { register, id: recordId, revision } = record
      rememberRecord(
        await api.registers.amend({ register, recordId, revision, key: field.key, value: value ?? null, reason: reason.trim(), password }),
      )
      refetchTopic('registers')
      onClose()
    } catch (error) {
      const at = issues(error)
      setProblems(at)
      if (errorField(error) === 'password') setErrors({ password: t('sign.wrongPassword') })
      else if (at.length === 0) setErrors({ form: words.error(error) })
    } finally {
      setIsBusy(false)
    }
  }

  return (
    <Modal
      open
      width={isWide(field) ? 900 : 560}
      title={t('amend.title', { field: words.of(field.label), number: record.number })}
      okText={t('amend.submit')}
      cancelText={common('common.cancel')}
      okButtonProps={{ 'data-testid': 'amend-submit' } as ButtonProps}
      confirmLoading={isBusy}
      mask={{ closable: false }}
      onOk={() => void submit()}
      onCancel={onClose}
    >
      <p className="muted">{t('amend.note')}</p>
      {errors.form && <Alert type="error" showIcon role="alert" title={errors.form} />}
      <FieldInput field={field} record={record} fields={fields} isRequired={false} problems={problems} form={form} />
      <Field label={t('amend.reason')} required error={errors.reason}>
        <Input.TextArea
          autoSize={{ minRows: 2, maxRows: 6 }}
          maxLength={4000}
          value={reason}
          data-testid="amend-reason"
          onChange={(event) => setReason(event.target.value)}
        />
      </Field>
      <Field label={common('sign.password', { name: me.name })} required error={errors.password}>
        <Input.Password
          value={password}
          autoComplete="current-password"
          data-testid="amend-password"
          onChange={(event) => setPassword(event.target.value)}
        />
      </Field>
    </Modal>
  )
}
