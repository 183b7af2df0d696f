import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import type { Incident } from '@roomkeeper/shared/http'
import { useMutation } from '@tanstack/react-query'
import { Alert, Button, type ButtonProps, Input, Modal } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { photoUrl } from '../../client/photos.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { dateTimeText } from '../../i18n/format.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'

interface Props {
  incident: Incident
  /** Of the photo shown. */
  index: number
  isEditable: boolean
  onMove(index: number): void
  onClose(): void
}

/** One photo, large; arrow keys go to the next, Escape closes. */
export function PhotoViewer({ incident, index, isEditable, onMove, onClose }: Props) {
  const { t } = useTranslation('incidents')
  const [isStrikingOut, setIsStrikingOut] = useState(false)
  const { photos } = incident
  const photo = photos[index]

  useEffect(() => {
    if (isStrikingOut) return
    const onKey = ({ key }: KeyboardEvent) => {
      if (key === 'ArrowLeft' && index > 0) onMove(index - 1)
      if (key === 'ArrowRight' && index < photos.length - 1) onMove(index + 1)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [index, photos.length, isStrikingOut, onMove])

  if (!photo) return null
  const { removed } = photo
  return (
    <Modal open width="min(1100px, 96vw)" centered title={photo.name} footer={null} onCancel={onClose} className="photo-viewer">
      <div className="photo-large">
        <img src={photoUrl(photo.id)} alt={photo.name} data-testid="photo-large" />
      </div>
      <div className="form-actions photo-bar">
        <Button icon={<LeftOutlined />} disabled={index === 0} aria-label={t('photos.previous')} onClick={() => onMove(index - 1)} />
        <span>{t('photos.position', { index: index + 1, count: photos.length })}</span>
        <Button
          icon={<RightOutlined />}
          disabled={index === photos.length - 1}
          aria-label={t('photos.next')}
          onClick={() => onMove(index + 1)}
        />
        <span className="muted photo-by">{t('photos.by', { name: photo.by, time: dateTimeText(photo.atMs) })}</span>
        {isEditable && !removed && (
          <Button danger size="small" data-testid="photo-strike-out" onClick={() => setIsStrikingOut(true)}>
            {t('photos.strikeOut')}
          </Button>
        )}
      </div>
      {removed && (
        <Alert
          type="warning"
          showIcon
          title={t('photos.struckOutBy', { name: removed.by, time: dateTimeText(removed.atMs), reason: removed.reason })}
        />
      )}
      {isStrikingOut && (
        <StrikeOutDialog incidentId={incident.id} photoId={photo.id} name={photo.name} onClose={() => setIsStrikingOut(false)} />
      )}
    </Modal>
  )
}

function StrikeOutDialog({
  incidentId,
  photoId,
  name,
  onClose,
}: {
  incidentId: number
  photoId: number
  name: string
  onClose: () => void
}) {
  const { t } = useTranslation('incidents')
  const { t: common } = useTranslation()
  const words = useWords()
  const [reason, setReason] = useState('')
  const strikeOut = useMutation(
    queries.incidents.removePhoto.mutationOptions({
      onSuccess: () => {
        refetchTopic('incidents')
        onClose()
      },
    }),
  )
  return (
    <Modal
      open
      title={t('photos.strikeOutTitle', { name })}
      okText={t('photos.strikeOut')}
      cancelText={common('common.cancel')}
      okButtonProps={{ danger: true, disabled: !reason.trim(), 'data-testid': 'photo-strike-out-confirm' } as ButtonProps}
      confirmLoading={strikeOut.isPending}
      onOk={() => strikeOut.mutate({ incidentId, photoId, reason: reason.trim() })}
      onCancel={onClose}
    >
      {strikeOut.error && <Alert type="error" showIcon role="alert" className="incident-alert" title={words.error(strikeOut.error)} />}
      <p>{t('photos.strikeOutNote')}</p>
      <Field label={t('photos.reason')} required>
        <Input
          value={reason}
          autoFocus
          maxLength={4000}
          data-testid="photo-strike-out-reason"
          onChange={(event) => setReason(event.target.value)}
        />
      </Field>
    </Modal>
  )
}
