import { CheckCircleFilled, ClockCircleOutlined, CloseCircleFilled, ExclamationCircleFilled, MinusCircleOutlined } from '@ant-design/icons'
import type { ReportOutcome, ReportRun } from '@roomkeeper/shared/http'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

const OUTCOMES: Record<ReportOutcome, { mark: string; icon: ReactNode }> = {
  making: { mark: 'mark-plain', icon: <ClockCircleOutlined /> },
  retrying: { mark: 'mark-high', icon: <ExclamationCircleFilled /> },
  sending: { mark: 'mark-plain', icon: <ClockCircleOutlined /> },
  sent: { mark: 'mark-ok', icon: <CheckCircleFilled /> },
  partly: { mark: 'mark-high', icon: <ExclamationCircleFilled /> },
  'not-sent': { mark: 'mark-critical', icon: <CloseCircleFilled /> },
  failed: { mark: 'mark-critical', icon: <CloseCircleFilled /> },
  skipped: { mark: 'mark-old', icon: <MinusCircleOutlined /> },
}
type DeliveryState = ReportRun['deliveries'][number]['state']
const STATES: Record<DeliveryState, { mark: string; icon: ReactNode }> = {
  pending: OUTCOMES.sending,
  sent: OUTCOMES.sent,
  failed: OUTCOMES.failed,
  cancelled: OUTCOMES.skipped,
  none: OUTCOMES.failed,
}

export function OutcomeMark({ outcome }: { outcome: ReportOutcome }) {
  const { t } = useTranslation('reports')
  return (
    <span className={`mark nowrap ${OUTCOMES[outcome].mark}`} data-outcome={outcome}>
      {OUTCOMES[outcome].icon} {t(`outcome.${outcome}`)}
    </span>
  )
}

export function DeliveryMark({ state }: { state: DeliveryState }) {
  const { t } = useTranslation('reports')
  return (
    <span className={`mark nowrap ${STATES[state].mark}`}>
      {STATES[state].icon} {t(`state.${state}`)}
    </span>
  )
}
