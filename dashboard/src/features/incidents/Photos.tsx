import { type Incident, PHOTOS_MAX } from '@roomkeeper/shared/http'
import { useTranslation } from 'react-i18next'
import { api } from '../../client/api.ts'
import { useExternalStore } from '../../client/external-store.ts'
import { incidentPhotosUrl, photoUrl } from '../../client/photos.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { PhotoStrip } from '../photos/PhotoStrip.tsx'
import { uploadsStore } from '../photos/photo-uploads.ts'

/** The photos of an incident; added and struck out while the form is open. */
export function Photos({ incident, isEditable = false }: { incident: Incident; isEditable?: boolean }) {
  const { t } = useTranslation('photos')
  const place = `incident:${incident.id}`
  const hasUploads = useExternalStore(uploadsStore).some(({ target }) => target.place === place)
  if (!isEditable && incident.photos.length === 0 && !hasUploads) return null
  const changed = () => refetchTopic('incidents')
  return (
    <section className="photos" aria-label={t('title')} data-testid="photos">
      <h3 className="incident-part">{t('title')}</h3>
      <PhotoStrip
        photos={incident.photos}
        urlOf={photoUrl}
        max={PHOTOS_MAX}
        target={isEditable ? { place, url: (name) => incidentPhotosUrl(incident.id, name), onSent: changed } : undefined}
        strikeOut={
          isEditable
            ? async (photoId, reason) => {
                await api.incidents.removePhoto({ incidentId: incident.id, photoId, reason })
                changed()
              }
            : undefined
        }
      />
    </section>
  )
}
