import { useTranslation } from 'react-i18next'
import './alarms.css'

/** Nothing is wrong: this is the drill. */
export function DrillMark() {
  const { t } = useTranslation()
  return <span className="mark mark-drill">{t('alarms.drill')}</span>
}
