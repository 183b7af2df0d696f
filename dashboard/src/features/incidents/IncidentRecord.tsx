import { PrinterOutlined } from '@ant-design/icons'
import type { Incident } from '@roomkeeper/shared/http'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { dateTimeText } from '../../i18n/format.ts'
import { INCIDENT_FIELDS, useIncidentWords } from './incident-words.ts'

/** What a record shows even when nothing was filled in. */
const ALWAYS: ReadonlySet<string> = new Set(['faultClass', 'cause', 'measures'])

/** The form as it was signed (or as it stands, for those who may only read). Printable. */
export function IncidentRecord({ incident, onClose }: { incident: Incident; onClose?: () => void }) {
  const { t } = useTranslation('incidents')
  const { t: common } = useTranslation()
  const words = useIncidentWords()
  const { fields } = incident
  const shown = INCIDENT_FIELDS.filter((name) => ALWAYS.has(name) || words.content(fields, name) !== '')
  return (
    <section className="incident-record" data-testid="incident-record">
      <dl className="facts">
        {shown.map((name) => (
          <div className="facts-row" key={name}>
            <dt>{words.field(name)}</dt>
            <dd className="prewrap">{words.content(fields, name) || '—'}</dd>
          </div>
        ))}
        <dt>{common('incidents.signature')}</dt>
        <dd>
          {incident.submittedAtMs === null
            ? t('notSubmitted')
            : common('sign.signed', { name: incident.submittedBy ?? '', time: dateTimeText(incident.submittedAtMs) })}
          {incident.closedAtMs !== null && (
            <>
              <br />
              {t('review.title')}: {common('sign.signed', { name: incident.closedBy ?? '', time: dateTimeText(incident.closedAtMs) })}
            </>
          )}
        </dd>
      </dl>
      <div className="form-actions no-print">
        <Button icon={<PrinterOutlined />} onClick={() => window.print()}>
          {common('common.print')}
        </Button>
        {onClose && (
          <Button type="primary" onClick={onClose}>
            {common('common.close')}
          </Button>
        )}
      </div>
    </section>
  )
}
