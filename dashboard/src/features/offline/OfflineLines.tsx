import { CloudUploadOutlined, ReloadOutlined, WarningFilled } from '@ant-design/icons'
import { Button } from 'antd'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'react-router'
import { useExternalStore } from '../../client/external-store.ts'
import { isSendingStore, isUnsent, papersStore, sendAll, startQueue } from '../../client/offline/queue.ts'
import { newVersionStore, startUpdates, takeOver } from '../../client/offline/updates.ts'
import { Time } from '../../ui/Time.tsx'
import './offline.css'

const WaitingDialog = lazy(async () => ({ default: (await import('./WaitingDialog.tsx')).WaitingDialog }))

/** After the first page is there: the program is fetched for later without getting in its way. */
const UPDATES_AFTER_MS = 3000
/** Where a person is in the middle of something; a new version can wait. */
const FORM_PATHS = /^\/(inspections\/.|at\/|registers\/[^/]+\/.|incidents\/.)/

/** Below the top bar: what waits to be sent, and that there is a newer version. */
export function OfflineLines() {
  useEffect(() => startQueue(), [])
  useEffect(() => {
    const timer = setTimeout(() => void startUpdates().catch(() => undefined), UPDATES_AFTER_MS)
    return () => clearTimeout(timer)
  }, [])
  return (
    <>
      <WaitingLine />
      <NewVersionLine />
    </>
  )
}

function WaitingLine() {
  const { t } = useTranslation('inspection')
  const papers = (useExternalStore(papersStore) ?? []).filter(isUnsent)
  const isSending = useExternalStore(isSendingStore)
  const [isOpen, setIsOpen] = useState(false)
  const { pathname } = useLocation()
  // The paper that is being written says by itself how it stands.
  const others = papers.filter((paper) => paper.trouble || paper.waiting || !isShownAt(paper.path, paper.recordId, pathname))
  if (others.length === 0 && !isOpen) return null
  const troubled = others.filter(({ trouble }) => trouble).length
  const sinceMs = Math.min(...others.map(({ unsentSinceMs, touchedAtMs }) => unsentSinceMs ?? touchedAtMs))
  return (
    <>
      {others.length > 0 && (
        <div className={`offline-line ${troubled > 0 ? 'offline-trouble' : ''}`} role="status" data-testid="waiting-line">
          {troubled > 0 ? <WarningFilled /> : <CloudUploadOutlined />}
          <span>
            {troubled > 0 ? t('queue.troubled', { count: troubled }) : t('queue.waiting', { count: others.length })}{' '}
            <span className="muted">
              {t('queue.since')} <Time ms={sinceMs} />
            </span>
          </span>
          <span className="offline-actions">
            {troubled < others.length && (
              <Button size="small" loading={isSending} onClick={() => void sendAll().catch(() => undefined)} data-testid="send-now">
                {t('queue.tryNow')}
              </Button>
            )}
            <Button size="small" onClick={() => setIsOpen(true)} data-testid="waiting-show">
              {t('queue.show')}
            </Button>
          </span>
        </div>
      )}
      {isOpen && (
        <Suspense>
          <WaitingDialog onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </>
  )
}

function isShownAt(path: string, recordId: number | null, pathname: string): boolean {
  return pathname === path || (recordId !== null && pathname.endsWith(`/${recordId}`))
}

function NewVersionLine() {
  const { t } = useTranslation('inspection')
  const worker = useExternalStore(newVersionStore)
  const { pathname } = useLocation()
  if (!worker || FORM_PATHS.test(pathname)) return null
  return (
    <div className="offline-line" role="status" data-testid="new-version">
      <ReloadOutlined />
      <span>{t('queue.newVersion')}</span>
      <span className="offline-actions">
        <Button size="small" type="primary" onClick={() => takeOver(worker)} data-testid="new-version-reload">
          {t('queue.reload')}
        </Button>
      </span>
    </div>
  )
}
