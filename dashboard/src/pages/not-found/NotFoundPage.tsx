import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Empty } from '../../ui/states.tsx'

export function NotFoundPage() {
  const { t } = useTranslation()
  return (
    <div className="panel">
      <Empty>
        <h1>{t('errors.noPage')}</h1>
        <Link to="/">{t('errors.backTo', { page: t('nav.overview') })}</Link>
      </Empty>
    </div>
  )
}
