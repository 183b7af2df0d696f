import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams } from 'react-router'
import { IncidentForm } from '../../features/incidents/IncidentForm.tsx'
import { PageHead } from '../../ui/PageHead.tsx'

/** One incident as a page of its own, to link to and to print. */
export function IncidentPage() {
  const { t } = useTranslation('incidents')
  const { t: common } = useTranslation()
  const navigate = useNavigate()
  const incidentId = Number(useParams().incidentId)
  return (
    <>
      <PageHead
        title={
          <>
            <Link to="/incidents" className="no-print">
              {common('nav.incidents')}
            </Link>
            <span className="no-print"> › </span>
            {t('formTitle', { id: incidentId })}
          </>
        }
      />
      <div className="panel incident-page">
        <IncidentForm key={incidentId} incidentId={incidentId} onDone={() => void navigate(`/incidents/${incidentId}`)} />
      </div>
    </>
  )
}
