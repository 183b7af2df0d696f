import { ThunderboltFilled } from '@ant-design/icons'
import type { AlarmSummary } from '@roomkeeper/shared/http'
import { useTranslation } from 'react-i18next'
import { Time } from '../../ui/Time.tsx'

/** More alarms than people can take in: says so, and what to do first. */
export function FloodBanner({ flood }: { flood: NonNullable<AlarmSummary['flood']> }) {
  const { t } = useTranslation('life')
  return (
    <div className="flood-banner" role="alert" data-testid="flood-banner">
      <ThunderboltFilled />
      <div>
        <b>
          {t('flood.title')} · {t('flood.since')} <Time ms={flood.sinceMs} />
        </b>
        <div>{t('flood.figures', { count: flood.inTenMinutes, operators: flood.operators })}</div>
        <div>{t('flood.advice')}</div>
      </div>
    </div>
  )
}
