import type { Channel } from '@roomkeeper/shared/http'
import { useMutation } from '@tanstack/react-query'
import { Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { Field } from '../../ui/Field.tsx'
import { FormDialog } from '../../ui/FormDialog.tsx'

/** Removing a way to tell people is written to the audit trail, so it needs a reason. */
export function RemoveChannelDialog({ channel, onClose }: { channel: Channel; onClose: () => void }) {
  const { t } = useTranslation('notices')
  const [reason, setReason] = useState('')
  const remove = useMutation(
    queries.notices.removeChannel.mutationOptions({
      onSuccess: () => {
        refetchTopic('notices')
        onClose()
      },
    }),
  )
  return (
    <FormDialog
      title={t('channels.removeTitle', { name: channel.label })}
      okText={t('channels.remove')}
      ok={{ danger: true, disabled: !reason.trim() }}
      error={remove.error}
      isSaving={remove.isPending}
      onSave={() => remove.mutate({ channelId: channel.id, reason: reason.trim() })}
      onClose={onClose}
    >
      <p>{t('channels.removeNote')}</p>
      <Field label={t('channels.reason')} required>
        <Input
          value={reason}
          autoFocus
          maxLength={4000}
          data-testid="channel-remove-reason"
          onChange={(event) => setReason(event.target.value)}
        />
      </Field>
    </FormDialog>
  )
}
