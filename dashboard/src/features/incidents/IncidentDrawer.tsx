import { Drawer } from 'antd'
import { useTranslation } from 'react-i18next'
import { IncidentForm } from './IncidentForm.tsx'
import type { IncidentQueue } from './use-incident-queue.ts'
import './incidents.css'

/** The form that opens by itself. No mask: the room's values stay readable beside it. */
export function IncidentDrawer({ queue }: { queue: IncidentQueue }) {
  const { t } = useTranslation()
  const { shown } = queue
  if (shown === null) return null
  return (
    <Drawer
      open
      mask={false}
      keyboard={false}
      closable={false}
      size={Math.min(720, window.innerWidth)}
      className="incident-drawer"
      title={
        <span className="incident-title">
          {t('incidents.formTitle', { id: shown })}
          {queue.waiting.length > 0 && (
            <span className="mark mark-high">{t('incidents.moreWaiting', { count: queue.waiting.length })}</span>
          )}
        </span>
      }
    >
      <IncidentForm key={shown} incidentId={shown} onLater={() => queue.later(shown)} onDone={queue.done} />
    </Drawer>
  )
}
