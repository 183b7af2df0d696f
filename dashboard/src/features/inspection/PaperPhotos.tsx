import { CameraOutlined, CloseOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { showToast } from '../../ui/toasts.tsx'
import { isLocal, keepPhoto, photoAddress } from './paper-photos.ts'

interface Props {
  paperKey: string
  /** The field that the photos belong to. */
  field: string
  photos: readonly number[]
  /** What is photographed, for screen readers. */
  label: string
  max: number
  isRequired?: boolean
  isReadOnly?: boolean
  testId: string
  onAdd: (photoId: number) => void
  onRemove: (photoId: number) => void
}

/** Photos that are taken with or without a connection: kept in this browser at once, sent later. */
export function PaperPhotos({ paperKey, field, photos, label, max, isRequired, isReadOnly, testId, onAdd, onRemove }: Props) {
  const { t } = useTranslation('inspection')
  const input = useRef<HTMLInputElement>(null)
  const [isBusy, setIsBusy] = useState(false)

  async function add(files: readonly File[]): Promise<void> {
    setIsBusy(true)
    try {
      for (const file of files.slice(0, max - photos.length)) onAdd(await keepPhoto(paperKey, field, file))
    } catch {
      showToast({ kind: 'error', text: t('check.photoBad') })
    } finally {
      setIsBusy(false)
    }
  }

  return (
    <div className="paper-photos">
      {photos.map((id) => (
        <PaperPhoto key={id} paperKey={paperKey} id={id} label={label} onRemove={isReadOnly ? undefined : () => onRemove(id)} />
      ))}
      {!isReadOnly && photos.length < max && (
        <>
          <input
            ref={input}
            type="file"
            accept="image/*"
            capture="environment"
            className="visually-hidden"
            tabIndex={-1}
            aria-hidden
            data-testid={testId}
            onChange={(event) => {
              void add([...(event.target.files ?? [])])
              event.target.value = ''
            }}
          />
          <Button icon={<CameraOutlined />} loading={isBusy} onClick={() => input.current?.click()}>
            {isRequired && photos.length === 0 ? t('check.photoNeeded') : t('check.photo')}
          </Button>
        </>
      )}
    </div>
  )
}

function PaperPhoto({
  paperKey,
  id,
  label,
  onRemove,
}: {
  paperKey: string
  id: number
  label: string
  onRemove: (() => void) | undefined
}) {
  const { t } = useTranslation('inspection')
  const [address, setAddress] = useState<string>()
  useEffect(() => {
    let isCurrent = true
    void photoAddress(paperKey, id).then((found) => isCurrent && setAddress(found))
    return () => {
      isCurrent = false
    }
  }, [paperKey, id])
  return (
    <span className="paper-photo" data-testid="paper-photo" data-local={isLocal(id)}>
      {address && <img src={address} alt={t('check.photoOf', { item: label })} />}
      {isLocal(id) && <span className="paper-photo-mark">{t('check.photoWaiting')}</span>}
      {onRemove && (
        <button type="button" aria-label={t('check.removePhoto')} onClick={onRemove}>
          <CloseOutlined />
        </button>
      )}
    </span>
  )
}
