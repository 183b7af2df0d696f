import type { Incident } from '@roomkeeper/shared/http'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { focusIncident, presenceStore } from '../../client/connection.ts'
import { useExternalStore } from '../../client/external-store.ts'
import { useMay, useMe } from '../../client/session.ts'
import { QueryView } from '../../ui/states.tsx'
import { type Curves, IncidentFacts } from './IncidentFacts.tsx'
import { IncidentFieldsForm } from './IncidentFieldsForm.tsx'
import { IncidentRecord } from './IncidentRecord.tsx'
import './incidents.css'

interface Props {
  incidentId: number
  /** Put off; absent where the form is a page of its own. */
  onLater?: () => void
  onDone: () => void
}

/** One incident: its facts, and the form while it is open, or the signed record afterwards. */
export function IncidentForm({ incidentId, onLater, onDone }: Props) {
  const query = useQuery(queries.incidents.get.queryOptions({ input: { incidentId } }))
  return <QueryView query={query}>{(incident) => <IncidentBody incident={incident} onLater={onLater} onDone={onDone} />}</QueryView>
}

function IncidentBody({ incident, onLater, onDone }: { incident: Incident & { curves: Curves } } & Omit<Props, 'incidentId'>) {
  const { t } = useTranslation()
  const me = useMe()
  const mayWrite = useMay('incidents.write')
  const isEditing = incident.state === 'open' && mayWrite

  useEffect(() => {
    if (!isEditing) return
    focusIncident(incident.id)
    return () => focusIncident(null)
  }, [incident.id, isEditing])

  const others = (useExternalStore(presenceStore).get(incident.id) ?? []).filter(({ id }) => id !== me.id)
  return (
    <div className="incident">
      {others.length > 0 && incident.state === 'open' && (
        <div className="incident-presence" role="status" data-testid="incident-presence">
          <span className="presence-dot" aria-hidden="true" />
          {t('incidents.presence', { names: others.map(({ name }) => name).join(t('common.listComma')) })}
        </div>
      )}
      <IncidentFacts incident={incident} curves={incident.curves} />
      {isEditing ? (
        <IncidentFieldsForm incident={incident} onLater={onLater} onDone={onDone} />
      ) : (
        <IncidentRecord incident={incident} onClose={onLater && onDone} />
      )}
    </div>
  )
}
