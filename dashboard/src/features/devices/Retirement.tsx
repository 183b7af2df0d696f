import type { DeviceDetail } from '@roomkeeper/shared/http'
import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, queries } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { Time } from '../../ui/Time.tsx'
import { showToast } from '../../ui/toasts.tsx'
import type { OwnChanges } from './device-edits.ts'

/** Takes a device that is gone for good out of use, and back. Nothing of its history is lost either way. */
export function Retirement({ detail, own, onRetired }: { detail: DeviceDetail; own: OwnChanges; onRetired: () => void }) {
  const { t } = useTranslation()
  const words = useWords()
  const [isAsking, setIsAsking] = useState(false)
  const [reason, setReason] = useState('')
  const { device, retired } = detail
  const { revision, onSaved } = own
  const onError = (error: unknown): void => showToast({ kind: 'error', text: words.error(error) })
  const restore = useMutation(queries.devices.restore.mutationOptions({ onSuccess: onSaved, onError }))
  const retire = useMutation(
    queries.devices.retire.mutationOptions({
      onSuccess: (saved) => {
        onSaved(saved)
        setIsAsking(false)
        onRetired()
        showToast({
          kind: 'info',
          text: t('devices.retiredUndo', { name: words.device(device) }),
          onClick: () =>
            void api.devices.restore({ deviceId: device.id, revision: saved.revision }).then(() => refetchTopic('rooms'), onError),
        })
      },
    }),
  )
  if (retired)
    return (
      <Alert
        type="warning"
        showIcon
        title={t('devices.retiredBy', { name: retired.by, reason: retired.reason })}
        description={
          <>
            <Time ms={retired.atMs} />{' '}
            <Button size="small" loading={restore.isPending} onClick={() => restore.mutate({ deviceId: device.id, revision })}>
              {t('devices.restore')}
            </Button>
          </>
        }
      />
    )
  if (device.online) return null
  return (
    <p className="device-retire">
      <Button danger type="text" data-testid="device-retire" onClick={() => setIsAsking(true)}>
        {t('devices.retire')}
      </Button>
      {isAsking && (
        <Modal
          open
          title={t('devices.retireTitle', { name: words.device(device) })}
          okText={t('devices.retire')}
          okButtonProps={{ danger: true, disabled: reason.trim() === '' }}
          cancelText={t('common.cancel')}
          confirmLoading={retire.isPending}
          onOk={() => retire.mutate({ deviceId: device.id, revision, reason: reason.trim() })}
          onCancel={() => setIsAsking(false)}
        >
          <p>{t('devices.retireNote')}</p>
          {retire.error && <Alert type="error" showIcon title={words.error(retire.error)} />}
          <Field label={t('devices.reasonShort')} required>
            <Input value={reason} maxLength={4000} data-testid="retire-reason" onChange={(event) => setReason(event.target.value)} />
          </Field>
        </Modal>
      )}
    </p>
  )
}
