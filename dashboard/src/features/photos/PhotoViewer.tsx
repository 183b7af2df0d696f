import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import { Alert, Button, type ButtonProps, Input, Modal } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { dateTimeText } from '../../i18n/format.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'

/** A photo of an incident or a record. */
export interface ShownPhoto {
  id: number
  name: string
  by: string
  atMs: number
  /** Struck out; its bytes stay. */
  removed: { by: string; atMs: number; reason: string } | null
}

interface Props {
  photos: readonly ShownPhoto[]
  /** Of the photo shown. */
  index: number
  urlOf: (photoId: number) => string
  /** Absent: photos cannot be struck out now. */
  strikeOut?: (photoId: number, reason: string) => Promise<unknown>
  onMove(index: number): void
  onClose(): void
}

/** One photo, large; arrow keys go to the next, Escape closes. */
export function PhotoViewer({ photos, index, urlOf, strikeOut, onMove, onClose }: Props) {
  const { t } = useTranslation('photos')
  const [isStrikingOut, setIsStrikingOut] = useState(false)
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
        <img src={urlOf(photo.id)} alt={photo.name} data-testid="photo-large" />
      </div>
      <div className="form-actions photo-bar">
        <Button icon={<LeftOutlined />} disabled={index === 0} aria-label={t('previous')} onClick={() => onMove(index - 1)} />
        <span>{t('position', { index: index + 1, count: photos.length })}</span>
        <Button icon={<RightOutlined />} disabled={index === photos.length - 1} aria-label={t('next')} onClick={() => onMove(index + 1)} />
        <span className="muted photo-by">{t('by', { name: photo.by, time: dateTimeText(photo.atMs) })}</span>
        {strikeOut && !removed && (
          <Button danger size="small" data-testid="photo-strike-out" onClick={() => setIsStrikingOut(true)}>
            {t('strikeOut')}
          </Button>
        )}
      </div>
      {removed && (
        <Alert
          type="warning"
          showIcon
          title={t('struckOutBy', { name: removed.by, time: dateTimeText(removed.atMs), reason: removed.reason })}
        />
      )}
      {isStrikingOut && strikeOut && (
        <StrikeOutDialog name={photo.name} strikeOut={(reason) => strikeOut(photo.id, reason)} onClose={() => setIsStrikingOut(false)} />
      )}
    </Modal>
  )
}

interface DialogProps {
  name: string
  strikeOut: (reason: string) => Promise<unknown>
  onClose: () => void
}

function StrikeOutDialog({ name, strikeOut, onClose }: DialogProps) {
  const { t } = useTranslation('photos')
  const { t: common } = useTranslation()
  const words = useWords()
  const [reason, setReason] = useState('')
  const [isBusy, setIsBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  async function submit(): Promise<void> {
    setIsBusy(true)
    setError(null)
    try {
      await strikeOut(reason.trim())
      onClose()
    } catch (failure) {
      setError(failure)
    } finally {
      setIsBusy(false)
    }
  }
  return (
    <Modal
      open
      title={t('strikeOutTitle', { name })}
      okText={t('strikeOut')}
      cancelText={common('common.cancel')}
      okButtonProps={{ danger: true, disabled: !reason.trim(), 'data-testid': 'photo-strike-out-confirm' } as ButtonProps}
      confirmLoading={isBusy}
      onOk={() => void submit()}
      onCancel={onClose}
    >
      {error !== null && <Alert type="error" showIcon role="alert" title={words.error(error)} />}
      <p>{t('strikeOutNote')}</p>
      <Field label={t('reason')} required>
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
