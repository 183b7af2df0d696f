import { CameraOutlined, PictureOutlined } from '@ant-design/icons'
import { type Incident, PHOTO_MAX_BYTES, PHOTO_TYPES, PHOTOS_MAX } from '@roomkeeper/shared/http'
import { Button } from 'antd'
import { type DragEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useExternalStore } from '../../client/external-store.ts'
import { photoUrl } from '../../client/photos.ts'
import { useWords } from '../../i18n/use-words.ts'
import { showToast } from '../../ui/toasts.tsx'
import { PhotoViewer } from './PhotoViewer.tsx'
import { addUploads, discardUpload, retryUpload, type Upload, uploadsStore } from './photo-uploads.ts'
import { UnsuitablePhotoError } from './scale-photo.ts'
import './photos.css'

/** The photos of an incident; added by button, camera or dropping while the form is open. */
export function Photos({ incident, isEditable = false }: { incident: Incident; isEditable?: boolean }) {
  const { t } = useTranslation('incidents')
  const uploads = useExternalStore(uploadsStore).filter(({ incidentId }) => incidentId === incident.id)
  const [viewed, setViewed] = useState<number | null>(null)
  const [isOver, setIsOver] = useState(false)
  const { photos } = incident
  const present = photos.filter(({ removed }) => removed === null).length
  if (!isEditable && photos.length === 0 && uploads.length === 0) return null

  function add(files: FileList | null): void {
    const free = Math.max(0, PHOTOS_MAX - present - uploads.length)
    const chosen = [...(files ?? [])]
    if (chosen.length > free) showToast({ kind: 'error', text: t('photos.tooMany', { max: PHOTOS_MAX }) })
    addUploads(incident.id, chosen.slice(0, free))
  }

  const dropping = isEditable
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
    <section className={`photos ${isOver ? 'photos-over' : ''}`} aria-label={t('photos.title')} data-testid="photos" {...dropping}>
      <h3 className="incident-part">{t('photos.title')}</h3>
      {photos.length + uploads.length > 0 && (
        <ul className="photo-list">
          {photos.map((photo, index) => (
            <li key={photo.id}>
              <button
                type="button"
                className={`photo ${photo.removed ? 'photo-removed' : ''}`}
                aria-label={t('photos.view', { name: photo.name })}
                data-testid={`photo-${photo.id}`}
                onClick={() => setViewed(index)}
              >
                <img src={photoUrl(photo.id)} alt="" loading="lazy" />
                {photo.removed && <span className="mark mark-plain photo-mark">{t('photos.struckOut')}</span>}
              </button>
            </li>
          ))}
          {uploads.map((upload) => (
            <UploadItem key={upload.key} upload={upload} />
          ))}
        </ul>
      )}
      {isEditable && <AddButtons isFull={present + uploads.length >= PHOTOS_MAX} add={add} />}
      {viewed !== null && (
        <PhotoViewer incident={incident} index={viewed} isEditable={isEditable} onMove={setViewed} onClose={() => setViewed(null)} />
      )}
    </section>
  )
}

function AddButtons({ isFull, add }: { isFull: boolean; add: (files: FileList | null) => void }) {
  const { t } = useTranslation('incidents')
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
        {t('photos.camera')}
      </Button>
      <Button icon={<PictureOutlined />} disabled={isFull} data-testid="photo-add" onClick={() => files.current?.click()}>
        {t('photos.add')}
      </Button>
      <span className="muted">
        {t('photos.limits', { max: PHOTOS_MAX })} <span className="photo-drop">{t('photos.drop')}</span>
      </span>
    </div>
  )
}

function UploadItem({ upload }: { upload: Upload }) {
  const { t } = useTranslation('incidents')
  const words = useWords()
  const { key, file, status, share, error } = upload
  const percent = Math.round(share * 100)
  const reasonOf = () => {
    if (!(error instanceof UnsuitablePhotoError)) return words.error(error)
    return error.reason === 'tooLarge' ? t('photos.tooLarge', { max: PHOTO_MAX_BYTES / 1e6 }) : t('photos.unreadable')
  }
  return (
    <li className={`photo-upload ${status === 'failed' ? 'photo-failed' : ''}`} data-testid="photo-upload" data-status={status}>
      <span className="photo-name">{file.name}</span>
      {status === 'failed' ? (
        <>
          <span role="alert">{t('photos.failed', { reason: reasonOf() })}</span>
          <span className="form-actions">
            {!(error instanceof UnsuitablePhotoError) && (
              <Button size="small" data-testid="photo-retry" onClick={() => retryUpload(key)}>
                {t('photos.retry')}
              </Button>
            )}
            <Button size="small" onClick={() => discardUpload(key)}>
              {t('photos.discard')}
            </Button>
          </span>
        </>
      ) : (
        <>
          <progress max={100} value={status === 'sending' ? percent : undefined} aria-label={file.name} />
          <span className="muted">
            {status === 'waiting' ? t('photos.waiting') : status === 'preparing' ? t('photos.preparing') : t('photos.sending', { percent })}
          </span>
        </>
      )}
    </li>
  )
}
