import { FileExclamationOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useMay } from '../../client/session.ts'
import type { IncidentQueue } from './use-incident-queue.ts'
import './incidents.css'

/** Incident forms that wait to be filled in; stays until they are. */
export function IncidentReminder({ queue }: { queue: IncidentQueue }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const mayWrite = useMay('incidents.write')
  const first = queue.open[0]
  if (!first) return null
  const isSeveral = queue.open.length > 1
  return (
    <button
      type="button"
      className="bar-button incident-reminder"
      data-testid="incident-reminder"
      onClick={() => (mayWrite && !isSeveral ? queue.show(first.id) : void navigate('/incidents'))}
    >
      <FileExclamationOutlined /> <span className="hide-phone">{t('incidents.reminder')}</span> <b>{queue.open.length}</b>
    </button>
  )
}
