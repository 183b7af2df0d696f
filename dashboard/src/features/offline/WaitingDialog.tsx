import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useConnection } from '../../client/connection.ts'
import { useExternalStore } from '../../client/external-store.ts'
import type { Paper } from '../../client/offline/paper.ts'
import { discardPaper, isSendingStore, isUnsent, papersStore, sendAll } from '../../client/offline/queue.ts'
import { useMe } from '../../client/session.ts'
import { Empty } from '../../ui/states.tsx'
import { Time } from '../../ui/Time.tsx'
import { useTroubleWords } from './use-trouble-words.ts'

/** Everything in this browser that the server does not have, and what can be done about it. */
export function WaitingDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('inspection')
  const papers = (useExternalStore(papersStore) ?? []).filter(isUnsent)
  const isSending = useExternalStore(isSendingStore)
  const isLost = useConnection().phase !== 'live'
  return (
    <Modal
      open
      title={t('queue.title')}
      onCancel={onClose}
      footer={
        <Button type="primary" loading={isSending} onClick={() => void sendAll().catch(() => undefined)}>
          {t('queue.tryNow')}
        </Button>
      }
    >
      <p className="muted">{isLost ? t('queue.explainLost') : t('queue.explain')}</p>
      {papers.length === 0 ? (
        <Empty>{t('queue.none')}</Empty>
      ) : (
        <ul className="waiting-list">
          {papers.map((paper) => (
            <WaitingPaper key={paper.key} paper={paper} onClose={onClose} />
          ))}
        </ul>
      )}
    </Modal>
  )
}

function WaitingPaper({ paper, onClose }: { paper: Paper; onClose: () => void }) {
  const { t } = useTranslation('inspection')
  const { t: common } = useTranslation()
  const me = useMe()
  const troubleWords = useTroubleWords()
  const [isAsking, setIsAsking] = useState(false)
  const isOthers = paper.accountId !== me.id
  const state = paper.trouble
    ? troubleWords(paper.trouble)
    : isOthers
      ? t('queue.ofOther', { name: paper.by })
      : paper.waiting
        ? t('queue.signedWaiting')
        : t('queue.unsaved')
  return (
    <li className={paper.trouble ? 'waiting-troubled' : ''} data-testid={`waiting-${paper.key}`}>
      <div>
        <b>{paper.about}</b> <span className="muted">{paper.seen?.number ?? t('queue.noNumber')}</span>
      </div>
      <div>{state}</div>
      <div className="muted">
        {t('queue.since')} <Time ms={paper.unsentSinceMs ?? paper.touchedAtMs} />
        {paper.attempts > 0 && ` · ${t('queue.attempts', { count: paper.attempts })}`}
      </div>
      {isAsking ? (
        <div className="form-actions" role="alert">
          <span>{t('queue.discardQuestion')}</span>
          <Button danger onClick={() => void discardPaper(paper.key)} data-testid="waiting-discard-sure">
            {t('queue.discardSure')}
          </Button>
          <Button onClick={() => setIsAsking(false)}>{common('common.cancel')}</Button>
        </div>
      ) : (
        <div className="form-actions">
          {!isOthers && (
            <Link to={paper.path} onClick={onClose}>
              {t('queue.open')}
            </Link>
          )}
          <Button size="small" type="text" danger onClick={() => setIsAsking(true)} data-testid="waiting-discard">
            {t('queue.discard')}
          </Button>
        </div>
      )}
    </li>
  )
}
