import { InboxOutlined, ReloadOutlined, WarningOutlined } from '@ant-design/icons'
import type { UseQueryResult } from '@tanstack/react-query'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { errorCode } from '../client/api.ts'
import { useWords } from '../i18n/use-words.ts'
import './ui.css'

export function Loading() {
  const { t } = useTranslation()
  return (
    <div className="state-box" role="status">
      <span className="spinner" aria-hidden="true" />
      {t('common.loading')}
    </div>
  )
}

export function Empty({ children, icon }: { children: ReactNode; icon?: ReactNode }) {
  return (
    <div className="state-box">
      <span className="state-icon" aria-hidden="true">
        {icon ?? <InboxOutlined />}
      </span>
      {children}
    </div>
  )
}

export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation()
  const words = useWords()
  const isGone = errorCode(error) === 'NOT_FOUND'
  return (
    <div className="state-box state-failure" role="alert">
      <span className="state-icon" aria-hidden="true">
        <WarningOutlined />
      </span>
      {words.error(error)}
      {/* What is not there will not be there a second later: the way out is another page. */}
      {isGone && <Link to="/">{t('errors.backTo', { page: t('nav.overview') })}</Link>}
      {onRetry && !isGone && (
        <Button size="small" icon={<ReloadOutlined />} onClick={onRetry}>
          {t('common.retry')}
        </Button>
      )}
    </div>
  )
}

/** Loading, failure, then the data. Data that is there stays on screen when a refetch fails, with the failure above it. */
export function QueryView<T>({ query, children }: { query: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  if (query.data === undefined) {
    return query.error ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : <Loading />
  }
  return (
    <>
      {query.error && <Failure error={query.error} onRetry={() => void query.refetch()} />}
      {children(query.data)}
    </>
  )
}
