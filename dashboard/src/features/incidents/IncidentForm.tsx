import type { Incident } from '@roomkeeper/shared/http'
import { useQuery } from '@tanstack/react-query'
import { Alert } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { focusIncident, presenceStore } from '../../client/connection.ts'
import { useExternalStore } from '../../client/external-store.ts'
import { useMay, useMe } from '../../client/session.ts'
import { dateTimeText } from '../../i18n/format.ts'
import { QueryView } from '../../ui/states.tsx'
import { CountdownLineLazily } from '../thermal/thermal-lazily.tsx'
import { IncidentAssignee } from './IncidentAssignee.tsx'
import { type Curves, IncidentFacts } from './IncidentFacts.tsx'
import { IncidentFieldsForm } from './IncidentFieldsForm.tsx'
import { IncidentRecord } from './IncidentRecord.tsx'
import { IncidentReview } from './IncidentReview.tsx'
import { IncidentSteps } from './IncidentSteps.tsx'
import { givenBack } from './incident-review.ts'
import { Photos } from './Photos.tsx'
import './incidents.css'

interface Props {
  incidentId: number
  /** Put off; absent where the form is a page of its own. */
  onLater?: () => void
  onDone: () => void
}

/** One incident: its facts, and the form while it is open, or the signed record, its review and what happened to it. */
export function IncidentForm({ incidentId, onLater, onDone }: Props) {
  const query = useQuery(queries.incidents.get.queryOptions({ input: { incidentId } }))
  return <QueryView query={query}>{(incident) => <IncidentBody incident={incident} onLater={onLater} onDone={onDone} />}</QueryView>
}

function IncidentBody({ incident, onLater, onDone }: { incident: Incident & { curves: Curves } } & Omit<Props, 'incidentId'>) {
  const mayWrite = useMay('incidents.write')
  const mayReview = useMay('incidents.review')
  const isEditing = incident.state === 'open' && mayWrite

  useEffect(() => {
    if (!isEditing) return
    focusIncident(incident.id)
    return () => focusIncident(null)
  }, [incident.id, isEditing])

  return (
    <div className="incident">
      <IncidentState incident={incident} />
      {incident.state === 'open' && <CountdownLineLazily roomId={incident.roomId} />}
      <IncidentAssignee incident={incident} />
      <IncidentFacts incident={incident} curves={incident.curves} />
      {isEditing ? (
        <IncidentFieldsForm incident={incident} onLater={onLater} onDone={onDone}>
          <Photos incident={incident} isEditable />
        </IncidentFieldsForm>
      ) : (
        <>
          <IncidentRecord incident={incident} onClose={onLater && onDone} />
          <Photos incident={incident} />
          {incident.state === 'submitted' && mayReview && <IncidentReview incident={incident} onDone={onDone} />}
        </>
      )}
      <IncidentSteps incident={incident} />
    </div>
  )
}

/** Who else is here, and what the form waits for. */
function IncidentState({ incident }: { incident: Incident }) {
  const { t } = useTranslation('incidents')
  const { t: common } = useTranslation()
  const me = useMe()
  const mayReview = useMay('incidents.review')
  const others = (useExternalStore(presenceStore).get(incident.id) ?? []).filter(({ id }) => id !== me.id)
  const returned = givenBack(incident)
  return (
    <>
      {others.length > 0 && incident.state === 'open' && (
        <div className="incident-presence" role="status" data-testid="incident-presence">
          <span className="presence-dot" aria-hidden="true" />
          {t('presence.here', { names: others.map(({ name }) => name).join(common('common.listComma')) })}
        </div>
      )}
      {returned && (
        <Alert
          type="warning"
          showIcon
          className="incident-alert"
          data-testid="incident-given-back"
          title={t('review.givenBack', { name: returned.by, time: dateTimeText(returned.atMs) })}
          description={<span className="prewrap">{returned.text}</span>}
        />
      )}
      {incident.state === 'submitted' && !mayReview && (
        <Alert type="info" showIcon className="incident-alert" title={t('review.waiting')} />
      )}
    </>
  )
}
