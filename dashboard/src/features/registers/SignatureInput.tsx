import { Alert, Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { recordFileUrl, uploadBytes } from '../../client/photos.ts'
import { useWords } from '../../i18n/use-words.ts'
import { drawingBlob, SignaturePad } from './SignaturePad.tsx'

interface Props {
  /** File id. */
  value: unknown
  label: string
  /** Absent: only to look at. Gives the address for the drawing's bytes. */
  url?: (name: string) => string | Promise<string>
  onChange?: (fileId: number | null) => void
  testId: string
  id?: string
}

/** Drawn by somebody without an account: the screen is handed over, and given back when they have signed. */
export function SignatureInput({ value, label, url, onChange, testId, id }: Props) {
  const { t } = useTranslation('registers')
  const { t: common } = useTranslation()
  const words = useWords()
  const [isOpen, setIsOpen] = useState(false)
  const [drawing, setDrawing] = useState<string | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const fileId = typeof value === 'number' ? value : undefined

  async function keep(): Promise<void> {
    if (!drawing || !url) return
    setIsBusy(true)
    setError(null)
    try {
      const file = await uploadBytes<{ id: number }>(await url('signature.png'), drawingBlob(drawing))
      onChange?.(file.id)
      setIsOpen(false)
    } catch (failure) {
      setError(failure)
    } finally {
      setIsBusy(false)
    }
  }

  return (
    <div className="record-signature">
      {fileId !== undefined && <img className="signature-picture" src={recordFileUrl(fileId)} alt={label} />}
      {url && (
        <Button
          id={id}
          data-testid={testId}
          onClick={() => {
            setDrawing(null)
            setIsOpen(true)
          }}
        >
          {fileId === undefined ? t('sign.draw') : t('sign.drawAgain')}
        </Button>
      )}
      {isOpen && (
        <Modal
          open
          width={680}
          title={label}
          okText={t('sign.take')}
          cancelText={common('common.cancel')}
          okButtonProps={{ disabled: !drawing }}
          confirmLoading={isBusy}
          mask={{ closable: false }}
          onOk={() => void keep()}
          onCancel={() => setIsOpen(false)}
        >
          {error !== null && <Alert type="error" showIcon role="alert" title={words.error(error)} />}
          <SignaturePad label={label} onChange={setDrawing} />
        </Modal>
      )}
    </div>
  )
}
