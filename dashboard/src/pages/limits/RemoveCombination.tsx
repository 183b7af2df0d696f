import type { Combination } from '@roomkeeper/shared/http'
import { useMutation } from '@tanstack/react-query'
import { Alert, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'

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
  const { t: common } = useTranslation()
  const words = useWords()
  const [reason, setReason] = useState('')
  const remove = useMutation(
    queries.limits.removeCombination.mutationOptions({ onSuccess: onRemoved, onSettled: () => refetchTopic('limits') }),
  )
  return (
    <Modal
      open
      title={t('combination.removeTitle', { name: combination.name })}
      okText={t('combination.remove')}
      cancelText={common('common.cancel')}
      okButtonProps={{ danger: true, disabled: !reason.trim() }}
      confirmLoading={remove.isPending}
      onOk={() => remove.mutate({ combinationId: combination.id, reason: reason.trim() })}
      onCancel={onClose}
    >
      {remove.error && <Alert type="error" showIcon role="alert" title={words.error(remove.error)} />}
      <p>{t('combination.removeNote')}</p>
      <Field label={t('reason')} required>
        <Input value={reason} autoFocus maxLength={4000} onChange={(event) => setReason(event.target.value)} />
      </Field>
    </Modal>
  )
}
