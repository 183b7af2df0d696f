import type { Combination } from '@roomkeeper/shared/http'
import { useMutation } from '@tanstack/react-query'
import { Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { Field } from '../../ui/Field.tsx'
import { FormDialog } from '../../ui/FormDialog.tsx'

/** Removing it clears its alarm, so it needs a reason. */
export function RemoveCombination({
  combination,
  onRemoved,
  onClose,
}: {
  combination: Combination
  onRemoved: () => void
  onClose: () => void
}) {
  const { t } = useTranslation('limits')
  const [reason, setReason] = useState('')
  const remove = useMutation(
    queries.limits.removeCombination.mutationOptions({ onSuccess: onRemoved, onSettled: () => refetchTopic('limits') }),
  )
  return (
    <FormDialog
      title={t('combination.removeTitle', { name: combination.name })}
      okText={t('combination.remove')}
      ok={{ danger: true, disabled: !reason.trim() }}
      error={remove.error}
      isSaving={remove.isPending}
      onSave={() => remove.mutate({ combinationId: combination.id, reason: reason.trim() })}
      onClose={onClose}
    >
      <p>{t('combination.removeNote')}</p>
      <Field label={t('reason')} required>
        <Input value={reason} autoFocus maxLength={4000} onChange={(event) => setReason(event.target.value)} />
      </Field>
    </FormDialog>
  )
}
