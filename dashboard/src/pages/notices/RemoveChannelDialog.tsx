import type { Channel } from '@roomkeeper/shared/http'
import { useMutation } from '@tanstack/react-query'
import { Alert, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'

/** Removing a way to tell people is written to the audit trail, so it needs a reason. */
export function RemoveChannelDialog({ channel, onClose }: { channel: Channel; onClose: () => void }) {
  const { t } = useTranslation('notices')
  const { t: common } = useTranslation()
  const words = useWords()
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
    <Modal
      open
      title={t('channels.removeTitle', { name: channel.label })}
      okText={t('channels.remove')}
      cancelText={common('common.cancel')}
      okButtonProps={{ danger: true, disabled: !reason.trim() }}
      confirmLoading={remove.isPending}
      onOk={() => remove.mutate({ channelId: channel.id, reason: reason.trim() })}
      onCancel={onClose}
    >
      {remove.error && <Alert type="error" showIcon title={words.error(remove.error)} />}
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
    </Modal>
  )
}
