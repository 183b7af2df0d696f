import { useTranslation } from 'react-i18next'
import { Link, Navigate, useParams } from 'react-router'
import { InspectionDone } from '../../features/inspection/InspectionDone.tsx'
import { InspectionWriting } from '../../features/inspection/InspectionWriting.tsx'
import { usePaper } from '../../features/inspection/use-paper.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import { Failure, Loading } from '../../ui/states.tsx'

const pathOf = (id: string) => `/inspections/${id}`

export function InspectionPage() {
  const { t } = useTranslation('inspection')
  const id = useParams().recordId ?? ''
  const view = usePaper('inspection', id, pathOf)
  const record =
    view.kind === 'reading' ? view.record : view.kind === 'moved' ? view.moved.record : view.kind === 'writing' ? view.paper.seen : null
  const room = view.kind === 'writing' ? view.paper.about : record?.roomName
  return (
    <>
      <PageHead
        title={
          <>
            <Link to="/inspections">{t('due.title')}</Link> › {room}
          </>
        }
        note={view.kind === 'writing' ? (record?.number ?? t('queue.noNumber')) : undefined}
      />
      {view.kind === 'loading' && <Loading />}
      {view.kind === 'failed' && <Failure error={view.error} onRetry={view.retry} />}
      {view.kind === 'elsewhere' && <Navigate to={pathOf(String(view.recordId))} replace />}
      {view.kind === 'writing' && <InspectionWriting key={view.paper.key} paper={view.paper} />}
      {view.kind === 'moved' && <InspectionDone {...view.moved} />}
      {view.kind === 'reading' &&
        (view.record.phase === 'done' ? (
          <InspectionDone record={view.record} activeMs={null} />
        ) : (
          <Navigate to={`/registers/inspection/${view.record.id}`} replace />
        ))}
    </>
  )
}
