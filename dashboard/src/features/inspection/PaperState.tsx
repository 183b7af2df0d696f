import { CloudUploadOutlined, WarningFilled } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useExternalStore } from '../../client/external-store.ts'
import type { Paper } from '../../client/offline/paper.ts'
import { changePaper, discardPaper, isSendingStore, sendAll } from '../../client/offline/queue.ts'
import { dateTimeText } from '../../i18n/format.ts'
import { useTroubleWords } from '../offline/use-trouble-words.ts'
import { goOn } from './use-paper.ts'

/** What stands between this paper and the server: signed and waiting, or something a person has to decide. */
export function PaperState({ paper }: { paper: Paper }) {
  const { t } = useTranslation('inspection')
  const { t: common } = useTranslation()
  const isSending = useExternalStore(isSendingStore)
  const troubleWords = useTroubleWords()
  const [isAsking, setIsAsking] = useState(false)
  const { trouble, waiting } = paper
  if (waiting)
    return (
      <section className="panel paper-state" role="status" data-testid="paper-waiting">
        <b>
          <CloudUploadOutlined /> {isSending ? t('sign.sending') : t('sign.waiting')}
        </b>
        <span>{t('sign.waitingHint', { time: dateTimeText(waiting.atMs) })}</span>
        <span className="form-actions">
          <Button loading={isSending} onClick={() => void sendAll().catch(() => undefined)}>
            {t('queue.tryNow')}
          </Button>
          <Button type="text" disabled={isSending} onClick={() => void changePaper(paper.key, (now) => ({ ...now, waiting: null }))}>
            {t('sign.again')}
          </Button>
        </span>
      </section>
    )
  if (!trouble) return null
  return (
    <section className="panel paper-state paper-trouble" role="alert" data-testid="paper-trouble">
      <b>
        <WarningFilled /> {troubleWords(trouble)}
      </b>
      {isAsking ? (
        <span className="form-actions">
          <span>{t('queue.discardQuestion')}</span>
          <Button danger onClick={() => void discardPaper(paper.key)}>
            {t('queue.discardSure')}
          </Button>
          <Button onClick={() => setIsAsking(false)}>{common('common.cancel')}</Button>
        </span>
      ) : (
        <span className="form-actions">
          {trouble.kind !== 'over' && (
            <Button type="primary" onClick={() => goOn(paper.key)} data-testid="paper-go-on">
              {t('trouble.goOn')}
            </Button>
          )}
          <Button danger type="text" onClick={() => setIsAsking(true)}>
            {t('trouble.dropMine')}
          </Button>
        </span>
      )}
    </section>
  )
}
