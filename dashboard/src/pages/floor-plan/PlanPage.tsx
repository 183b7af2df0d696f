import { startPlan } from '@roomkeeper/shared/model'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, Navigate, useParams } from 'react-router'
import { queries } from '../../client/api.ts'
import { watchRooms } from '../../client/connection.ts'
import { roomQuery } from '../../client/room-queries.ts'
import { useMay } from '../../client/session.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import { QueryView } from '../../ui/states.tsx'
import { PlanEditor } from './PlanEditor.tsx'
import '../room/room.css'

/** The editor of a room's floor plan. A room without one begins with a plan made from its devices. */
export function PlanPage() {
  const { t } = useTranslation('plan')
  const { t: tAll } = useTranslation()
  const roomId = Number(useParams().roomId)
  const room = useQuery(roomQuery(roomId))
  const saved = useQuery(queries.floorPlans.get.queryOptions({ input: { roomId } }))
  const mayWrite = useMay('rooms.write')
  useEffect(() => watchRooms([roomId]), [roomId])
  if (!mayWrite) return <Navigate to={`/rooms/${roomId}`} replace />
  return (
    <QueryView query={room}>
      {(present) => (
        <>
          <PageHead
            title={
              <>
                <Link to="/" className="crumb">
                  {tAll('nav.overview')}
                </Link>
                <span className="crumb-sign">›</span>
                <Link to={`/rooms/${roomId}`} className="crumb">
                  {present.name}
                </Link>
                <span className="crumb-sign">›</span> {t('editor.title')}
              </>
            }
          />
          <QueryView query={saved}>
            {(newest) => (
              <PlanEditor
                key={roomId}
                room={present}
                // Only what was there when the page was opened counts; what others save since is told at saving.
                opened={newest}
                begin={() => newest.plan ?? startPlan(present.deviceList)}
              />
            )}
          </QueryView>
        </>
      )}
    </QueryView>
  )
}
