import { PrinterOutlined } from '@ant-design/icons'
import type { Incident } from '@roomkeeper/shared/http'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { dateTimeText } from '../../i18n/format.ts'
import { FAULT_CLASSES, useIncidentFieldName } from './incident-words.ts'

/** The form as it was signed (or as it stands, for those who may only read). Printable. */
export function IncidentRecord({ incident, onClose }: { incident: Incident; onClose?: () => void }) {
  const { t } = useTranslation()
  const fieldName = useIncidentFieldName()
  const { fields } = incident
  const faultClass = FAULT_CLASSES.find((each) => each === fields.faultClass)
  const times = ['noticedAtMs', 'arrivedAtMs', 'engineerCalledAtMs', 'recoveredAtMs'] as const
  return (
    <section className="incident-record" data-testid="incident-record">
      <dl className="facts">
        <dt>{fieldName('faultClass')}</dt>
        <dd>{faultClass ? t(`faultClass.${faultClass}`) : '—'}</dd>
        <dt>{fieldName('cause')}</dt>
        <dd className="prewrap">{fields.cause || '—'}</dd>
        <dt>{fieldName('measures')}</dt>
        <dd className="prewrap">{fields.measures || '—'}</dd>
        {times.map((name) => {
          const ms = fields[name]
          return (
            ms !== undefined && (
              <div className="facts-row" key={name}>
                <dt>{fieldName(name)}</dt>
                <dd>{dateTimeText(ms)}</dd>
              </div>
            )
          )
        })}
        {fields.note && (
          <>
            <dt>{fieldName('note')}</dt>
            <dd className="prewrap">{fields.note}</dd>
          </>
        )}
        <dt>{t('incidents.signature')}</dt>
        <dd>
          {incident.submittedAtMs === null
            ? t('incidents.notSubmitted')
            : t('sign.signed', { name: incident.submittedBy ?? '', time: dateTimeText(incident.submittedAtMs) })}
        </dd>
      </dl>
      <div className="form-actions no-print">
        <Button icon={<PrinterOutlined />} onClick={() => window.print()}>
          {t('common.print')}
        </Button>
        {onClose && (
          <Button type="primary" onClick={onClose}>
            {t('common.close')}
          </Button>
        )}
      </div>
    </section>
  )
}
