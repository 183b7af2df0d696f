import { CameraOutlined, PictureOutlined } from '@ant-design/icons'
import { PHOTO_MAX_BYTES, PHOTO_TYPES } from '@roomkeeper/shared/http'
import { Button } from 'antd'
import { type DragEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useExternalStore } from '../../client/external-store.ts'
import { useWords } from '../../i18n/use-words.ts'
import { showToast } from '../../ui/toasts.tsx'
import { PhotoViewer, type ShownPhoto } from './PhotoViewer.tsx'
import { addUploads, discardUpload, retryUpload, type Upload, type UploadTarget, uploadsStore } from './photo-uploads.ts'
import { UnsuitablePhotoError } from './scale-photo.ts'
import './photos.css'

interface Props {
  photos: readonly ShownPhoto[]
  urlOf: (photoId: number) => string
  /** How many there may be. */
  max: number
  /** Absent: only to look at. */
  target?: UploadTarget
  /** Absent: photos cannot be struck out now. */
  strikeOut?: (photoId: number, reason: string) => Promise<unknown>
  /** Only a camera button, without words about limits: one of many in a checklist. */
  isSmall?: boolean
}

/** Photos side by side; added by button, camera or dropping, opened large. */
export function PhotoStrip({ photos, urlOf, max, target, strikeOut, isSmall }: Props) {
  const { t } = useTranslation('photos')
  const uploads = useExternalStore(uploadsStore).filter((upload) => upload.target.place === target?.place)
  const [viewed, setViewed] = useState<number | null>(null)
  const [isOver, setIsOver] = useState(false)
  const present = photos.filter(({ removed }) => removed === null).length

  function add(files: FileList | null): void {
    if (!target) return
    const free = Math.max(0, max - present - uploads.length)
    const chosen = [...(files ?? [])]
    if (chosen.length > free) showToast({ kind: 'error', text: t('tooMany', { max }) })
    addUploads(target, chosen.slice(0, free))
  }

  const dropping = target
    ? {
        onDragOver: (event: DragEvent) => {
          event.preventDefault()
          setIsOver(true)
        },
        onDragLeave: () => setIsOver(false),
        onDrop: (event: DragEvent) => {
          event.preventDefault()
          setIsOver(false)
          add(event.dataTransfer.files)
        },
      }
    : {}
  return (
    <div className={isOver ? 'photos-over' : ''} {...dropping}>
      {photos.length + uploads.length > 0 && (
        <ul className="photo-list">
          {photos.map((photo, index) => (
            <li key={photo.id}>
              <button
                type="button"
                className={`photo ${photo.removed ? 'photo-removed' : ''}`}
                aria-label={t('view', { name: photo.name })}
                data-testid={`photo-${photo.id}`}
                onClick={() => setViewed(index)}
              >
                <img src={urlOf(photo.id)} alt="" loading="lazy" />
                {photo.removed && <span className="mark mark-plain photo-mark">{t('struckOut')}</span>}
              </button>
            </li>
          ))}
          {uploads.map((upload) => (
            <UploadItem key={upload.key} upload={upload} />
          ))}
        </ul>
      )}
      {target && <AddButtons isFull={present + uploads.length >= max} max={max} add={add} isSmall={isSmall === true} />}
      {viewed !== null && (
        <PhotoViewer
          photos={photos}
          index={viewed}
          urlOf={urlOf}
          strikeOut={strikeOut}
          onMove={setViewed}
          onClose={() => setViewed(null)}
        />
      )}
    </div>
  )
}

interface AddProps {
  isFull: boolean
  max: number
  isSmall: boolean
  add: (files: FileList | null) => void
}

function AddButtons({ isFull, max, isSmall, add }: AddProps) {
  const { t } = useTranslation('photos')
  const files = useRef<HTMLInputElement>(null)
  const camera = useRef<HTMLInputElement>(null)
  const input = {
    type: 'file',
    className: 'visually-hidden',
    tabIndex: -1,
    'aria-hidden': true,
    onChange: (event: { target: HTMLInputElement }) => {
      add(event.target.files)
      // The same file may be chosen again after it was discarded.
      event.target.value = ''
    },
  } as const
  return (
    <div className="form-actions no-print">
      <input {...input} ref={files} accept={`${PHOTO_TYPES.join(',')},image/*`} multiple data-testid="photo-files" />
      <input {...input} ref={camera} accept="image/*" capture="environment" />
      <Button icon={<CameraOutlined />} className="photo-camera" disabled={isFull} onClick={() => camera.current?.click()}>
        {t('camera')}
      </Button>
      <Button icon={<PictureOutlined />} disabled={isFull} data-testid="photo-add" onClick={() => files.current?.click()}>
        {t('add')}
      </Button>
      {!isSmall && (
        <span className="muted">
          {t('limits', { max })} <span className="photo-drop">· {t('drop')}</span>
        </span>
      )}
    </div>
  )
}

function UploadItem({ upload }: { upload: Upload }) {
  const { t } = useTranslation('photos')
  const words = useWords()
  const { key, file, status, share, error } = upload
  const percent = Math.round(share * 100)
  const reasonOf = () => {
    if (!(error instanceof UnsuitablePhotoError)) return words.error(error)
    return error.reason === 'tooLarge' ? t('tooLarge', { max: PHOTO_MAX_BYTES / 1e6 }) : t('unreadable')
  }
  return (
    <li className={`photo-upload ${status === 'failed' ? 'photo-failed' : ''}`} data-testid="photo-upload" data-status={status}>
      <span className="photo-name">{file.name}</span>
      {status === 'failed' ? (
        <>
          <span role="alert">{t('failed', { reason: reasonOf() })}</span>
          <span className="form-actions">
            {!(error instanceof UnsuitablePhotoError) && (
              <Button size="small" data-testid="photo-retry" onClick={() => retryUpload(key)}>
                {t('retry')}
              </Button>
            )}
            <Button size="small" onClick={() => discardUpload(key)}>
              {t('discard')}
            </Button>
          </span>
        </>
      ) : (
        <>
          <progress max={100} value={status === 'sending' ? percent : undefined} aria-label={file.name} />
          <span className="muted">
            {status === 'waiting' ? t('waiting') : status === 'preparing' ? t('preparing') : t('sending', { percent })}
          </span>
        </>
      )}
    </li>
  )
}
