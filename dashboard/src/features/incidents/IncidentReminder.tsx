import { AuditOutlined, FileExclamationOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useMay, useMe } from '../../client/session.ts'
import type { IncidentQueue } from './use-incident-queue.ts'
import './incident-reminder.css'

/** Incident forms that wait to be filled in, or to be reviewed; stays until they are. */
export function IncidentReminder({ queue }: { queue: IncidentQueue }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const me = useMe()
  const mayWrite = useMay('incidents.write')
  const { open, toReview } = queue
  const [first] = open
  const mine = open.filter(({ assignee }) => assignee?.accountId === me.id)
  const only = mine.length === 1 ? mine[0] : open.length === 1 ? first : undefined
  return (
    <>
      {toReview > 0 && (
        <button
          type="button"
          className="bar-button"
          data-testid="incident-review-reminder"
          title={t('incidents.toReview')}
          onClick={() => void navigate('/incidents?state=submitted')}
        >
          <AuditOutlined /> <span className="hide-phone">{t('incidents.toReview')}</span> <b>{toReview}</b>
        </button>
      )}
      {first && (
        <button
          type="button"
          className="bar-button incident-reminder"
          data-testid="incident-reminder"
          title={t('incidents.reminder')}
          onClick={() => (mayWrite && only ? queue.show(only.id) : void navigate('/incidents?state=open'))}
        >
          <FileExclamationOutlined /> <span className="hide-phone">{t('incidents.reminder')}</span> <b>{open.length}</b>
          {mine.length > 0 && <span className="incident-reminder-mine">{t('incidents.mine', { count: mine.length })}</span>}
        </button>
      )}
    </>
  )
}
