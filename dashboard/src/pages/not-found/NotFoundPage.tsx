import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Empty } from '../../ui/states.tsx'

export function NotFoundPage() {
  const { t } = useTranslation()
  return (
    <div className="panel">
      <Empty>
        {t('errors.noPage')} <Link to="/">{t('nav.overview')}</Link>
      </Empty>
    </div>
  )
}
