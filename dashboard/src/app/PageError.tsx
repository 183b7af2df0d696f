import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useRouteError } from 'react-router'
import { Failure } from '../ui/states.tsx'

/** A page that fails takes only itself down; after an update of the server its old chunks are gone, so it offers a reload. */
export function PageError() {
  const { t } = useTranslation()
  const error = useRouteError()
  return (
    <div className="panel">
      <Failure error={error} />
      <div className="state-box">
        <Button type="primary" onClick={() => window.location.reload()}>
          {t('errors.reload')}
        </Button>
      </div>
    </div>
  )
}
