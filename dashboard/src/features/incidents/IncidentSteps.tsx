import type { Incident, IncidentStep } from '@roomkeeper/shared/http'
import { useTranslation } from 'react-i18next'
import { dateTimeText } from '../../i18n/format.ts'
import { assignmentOf } from './incident-review.ts'

/** What happened to the form: assigned, submitted, given back, closed; oldest first. */
export function IncidentSteps({ incident }: { incident: Incident }) {
  const { t } = useTranslation('incidents')
  if (incident.steps.length === 0) return null
  return (
    <section className="incident-steps" aria-label={t('steps.title')}>
      <h3 className="incident-part">{t('steps.title')}</h3>
      <ol>
        <li>
          <time>{dateTimeText(incident.openedAtMs)}</time> {t('steps.opened')}
        </li>
        {incident.steps.map((step) => (
          <Step key={`${step.kind}${step.atMs}`} step={step} />
        ))}
      </ol>
    </section>
  )
}

function Step({ step }: { step: IncidentStep }) {
  const { t } = useTranslation('incidents')
  const { by, kind } = step
  const { name, note } = kind === 'assign' ? assignmentOf(step) : { name: '', note: step.text }
  const what =
    kind === 'assign'
      ? name === ''
        ? t('steps.unassign', { by })
        : name === by
          ? t('steps.take', { by })
          : t('steps.assign', { by, name })
      : t(`steps.${kind}`, { by })
  return (
    <li className={`incident-step-${kind}`}>
      <time>{dateTimeText(step.atMs)}</time> {what}
      {note && <div className="incident-step-note prewrap">{note}</div>}
    </li>
  )
}
