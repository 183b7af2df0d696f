import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams } from 'react-router'
import { queries } from '../../client/api.ts'
import { useMay } from '../../client/session.ts'
import { InspectionForm } from '../../features/inspections/InspectionForm.tsx'
import { InspectionRecord } from '../../features/inspections/InspectionRecord.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { QueryView } from '../../ui/states.tsx'
import { Time } from '../../ui/Time.tsx'

export function InspectionPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const inspectionId = Number(useParams().inspectionId)
  const mayWrite = useMay('inspections.write')
  const query = useQuery(queries.inspections.get.queryOptions({ input: { inspectionId } }))
  return (
    <QueryView query={query}>
      {(inspection) => (
        <>
          <PageHead
            title={
              <>
                <Link to="/inspections" className="no-print">
                  {t('nav.inspections')}
                </Link>
                <span className="no-print"> › </span>
                {inspection.roomName}
              </>
            }
            note={
              <>
                #{inspection.id} · {t('inspections.startedBy', { name: inspection.startedBy })} <Time ms={inspection.startedAtMs} />
              </>
            }
          />
          <div className="panel inspection-page">
            {inspection.state === 'draft' && mayWrite ? (
              <div className="panel-body">
                <InspectionForm key={inspection.id} inspection={inspection} onDone={() => void navigate('/inspections')} />
              </div>
            ) : (
              <InspectionRecord inspection={inspection} />
            )}
          </div>
        </>
      )}
    </QueryView>
  )
}
