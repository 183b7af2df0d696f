import { DownloadOutlined, UploadOutlined } from '@ant-design/icons'
import { type ImportReport, XLSX_TYPE as XLSX } from '@roomkeeper/shared/http'
import type { Change } from '@roomkeeper/shared/push'
import { Alert, Button, type ButtonProps, Modal } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { uploadBytes } from '../../client/photos.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { useWords } from '../../i18n/use-words.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { showToast } from '../../ui/toasts.tsx'
import './import.css'

interface Props {
  /** What is read in. */
  title: string
  /** Which rows are taken for the same thing. */
  keyNote?: string | undefined
  templateUrl: string
  /** Where the file is sent; without `apply` it is only looked at. */
  importUrl(apply: boolean): string
  topic: Change['topic']
  onClose(): void
}

/** Many changes are counted; this many are shown. */
const SHOWN_CHANGES = 50

/** A list from Excel: what it would change is shown first, and done when confirmed. Its texts come with the part `registers`. */
export function ImportDialog({ title, keyNote, templateUrl, importUrl, topic, onClose }: Props) {
  const { t } = useTranslation('registers')
  const { t: common } = useTranslation()
  const words = useWords()
  const input = useRef<HTMLInputElement>(null)
  const [file, setFile] = useState<File | null>(null)
  const [preview, setPreview] = useState<ImportReport | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [isBusy, setIsBusy] = useState(false)
  const changed = preview?.rows.filter(({ outcome }) => outcome === 'changed') ?? []
  const count = preview && preview.problems.length === 0 ? preview.counts.new + preview.counts.changed : 0

  const problems = preview?.problems.length ?? 0
  const nothing = problems > 0 ? t('import.fixFirst', { count: problems }) : t('import.nothing')
  const okText = preview && count === 0 ? nothing : t('import.apply', { count })

  async function send(chosen: File, apply: boolean): Promise<void> {
    setIsBusy(true)
    setError(null)
    try {
      const answer = await uploadBytes<ImportReport>(importUrl(apply), new Blob([chosen], { type: XLSX }))
      if (!apply) return setPreview(answer)
      refetchTopic(topic)
      showToast({ kind: 'success', text: t('import.done', { added: answer.counts.new, changed: answer.counts.changed }) })
      onClose()
    } catch (failure) {
      setError(failure)
    } finally {
      setIsBusy(false)
    }
  }

  return (
    <Modal
      open
      width={640}
      title={t('import.title', { title })}
      okText={okText}
      cancelText={common('common.cancel')}
      okButtonProps={{ disabled: count === 0, 'data-testid': 'import-apply' } as ButtonProps}
      confirmLoading={isBusy && preview !== null}
      mask={{ closable: false }}
      onOk={() => file && void send(file, true)}
      onCancel={onClose}
    >
      <p>
        {t('import.note')} {keyNote}
      </p>
      <div className="form-actions">
        <Button icon={<DownloadOutlined />} href={templateUrl}>
          {t('import.template')}
        </Button>
        <input
          ref={input}
          type="file"
          accept={`.xlsx,${XLSX}`}
          className="visually-hidden"
          tabIndex={-1}
          aria-hidden="true"
          data-testid="import-file"
          onChange={(event) => {
            const [chosen] = event.target.files ?? []
            event.target.value = ''
            if (!chosen) return
            setFile(chosen)
            setPreview(null)
            void send(chosen, false)
          }}
        />
        <Button type="primary" icon={<UploadOutlined />} loading={isBusy && preview === null} onClick={() => input.current?.click()}>
          {isBusy && preview === null ? t('import.reading') : t('import.choose')}
        </Button>
        {file && <span className="muted wrap-any">{file.name}</span>}
      </div>
      {error !== null && <Alert type="error" showIcon role="alert" title={words.error(error)} />}
      {preview && (
        <div className="import-counts" data-testid="import-preview">
          <span className="mark mark-ok">{t('import.new', { count: preview.counts.new })}</span>
          <span className="mark mark-low">{t('import.changed', { count: preview.counts.changed })}</span>
          <span className="mark mark-plain">{t('import.unchanged', { count: preview.counts.unchanged })}</span>
          {preview.problems.length > 0 && (
            <span className="mark mark-high">{t('import.problems', { count: preview.problems.length })}</span>
          )}
        </div>
      )}
      {preview && preview.unknownColumns.length > 0 && (
        <p className="muted">{t('import.unknownColumns', { columns: preview.unknownColumns.join('、') })}</p>
      )}
      {changed.length > 0 && (
        <details className="import-changes">
          <summary>{t('import.changesTitle')}</summary>
          <DataTable
            rows={changed.slice(0, SHOWN_CHANGES)}
            rowKey={({ row }) => row}
            caption={t('import.changesTitle')}
            columns={[
              { key: 'key', title: '#', className: 'nowrap', render: ({ key }) => key },
              {
                key: 'changes',
                title: t('import.change'),
                render: ({ changes }) => (
                  <span className="import-change">
                    {changes.map(({ label, before, after }) => (
                      <span key={label.en}>
                        {words.of(label)}: {before !== '' && <s>{before}</s>} {after}
                      </span>
                    ))}
                  </span>
                ),
              },
            ]}
          />
        </details>
      )}
      {preview && preview.problems.length > 0 && (
        <div className="import-problems">
          <b>{t('import.problemsTitle')}</b>
          <DataTable
            rows={preview.problems}
            rowKey={({ row, column, message }) => `${row} ${column} ${message.en}`}
            caption={t('import.problemsTitle')}
            columns={[
              { key: 'row', title: '#', className: 'nowrap', render: ({ row }) => t('import.row', { row: String(row) }) },
              {
                key: 'message',
                title: t('checklist.result'),
                render: ({ column, value, message }) => [column, value, words.of(message)].filter(Boolean).join(' · '),
              },
            ]}
          />
        </div>
      )}
    </Modal>
  )
}
