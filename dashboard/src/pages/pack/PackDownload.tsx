import { FileExcelOutlined, FilePdfOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Alert, Button, Progress } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { downloadFile, packUrl } from '../../client/pack-download.ts'
import { useWords } from '../../i18n/use-words.ts'

interface Props {
  fromMs: number
  toMs: number
  roomId: number | undefined
}

type Outcome = { kind: 'saved' } | { kind: 'failed'; error: unknown }
const ASK_EVERY_MS = 700

/** The two files, and how far the one is that is being made. */
export function PackDownload({ fromMs, toMs, roomId }: Props) {
  const { t } = useTranslation('pack')
  const words = useWords()
  const [key, setKey] = useState<string>()
  const [outcome, setOutcome] = useState<Outcome>()
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])
  const progress = useQuery({
    ...queries.pack.progress.queryOptions({ input: { key: key ?? '' } }),
    enabled: key !== undefined,
    refetchInterval: ASK_EVERY_MS,
  })

  const start = (format: 'pdf' | 'xlsx'): void => {
    const made = crypto.getRandomValues(new Uint32Array(4)).join('-')
    const controller = new AbortController()
    running.current = controller
    setKey(made)
    setOutcome(undefined)
    const language = words.language.startsWith('zh') ? 'zh' : 'en'
    downloadFile(packUrl(format, { fromMs, toMs, roomId, language, key: made }), controller.signal)
      .then(
        () => setOutcome({ kind: 'saved' }),
        (error: unknown) => {
          if (!controller.signal.aborted) setOutcome({ kind: 'failed', error })
        },
      )
      .finally(() => setKey(undefined))
  }

  const isBusy = key !== undefined
  return (
    <>
      <div className="pack-buttons">
        <Button type="primary" icon={<FilePdfOutlined />} disabled={isBusy} data-testid="pack-pdf" onClick={() => start('pdf')}>
          {t('pdf')}
        </Button>
        <Button icon={<FileExcelOutlined />} disabled={isBusy} data-testid="pack-xlsx" onClick={() => start('xlsx')}>
          {t('excel')}
        </Button>
      </div>
      {isBusy && (
        <div className="pack-progress" role="status">
          <Progress percent={Math.round((progress.data?.share ?? 0) * 100)} status="active" />
          <span>{t('making', { text: progress.data?.text || '…' })}</span>
          <Button size="small" onClick={() => running.current?.abort()}>
            {t('cancel')}
          </Button>
        </div>
      )}
      {outcome?.kind === 'saved' && <Alert type="success" showIcon title={t('saved')} data-testid="pack-saved" />}
      {outcome?.kind === 'failed' && <Alert type="error" showIcon title={t('failed', { reason: words.error(outcome.error) })} />}
    </>
  )
}
