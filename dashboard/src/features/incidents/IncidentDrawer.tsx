import { useTranslation } from 'react-i18next'
import { SidePanel } from '../../ui/SidePanel.tsx'
import { IncidentForm } from './IncidentForm.tsx'
import type { IncidentQueue } from './use-incident-queue.ts'
import './incidents.css'

/** The form that opens by itself, docked beside the page: the room's values stay readable while it is filled in. */
export function IncidentDrawer({ queue }: { queue: IncidentQueue }) {
  const { t } = useTranslation('incidents')
  const { shown } = queue
  if (shown === null) return null
  const label = t('formTitle', { id: shown })
  return (
    <SidePanel
      isDocked
      className="incident-drawer"
      label={label}
      title={
        <span className="incident-title">
          {label}
          {queue.waiting.length > 0 && <span className="mark mark-high">{t('moreWaiting', { count: queue.waiting.length })}</span>}
        </span>
      }
    >
      <IncidentForm key={shown} incidentId={shown} onLater={() => queue.later(shown)} onDone={queue.done} />
    </SidePanel>
  )
}
