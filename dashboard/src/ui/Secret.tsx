import { CopyOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { showToast } from './toasts.tsx'
import './ui.css'

/** A secret that is shown this once, with a copy button. */
export function Secret({ label, text }: { label: string; text: string }) {
  const { t } = useTranslation()
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text)
      showToast({ kind: 'success', text: t('common.copied') })
    } catch {
      // Over plain HTTP browsers offer no clipboard; the text can still be selected.
      showToast({ kind: 'info', text: t('common.copyByHand') })
    }
  }
  return (
    <div className="field">
      <span className="field-label">{label}</span>
      <div className="form-actions">
        <code className="secret" data-testid="secret">
          {text}
        </code>
        <Button size="small" icon={<CopyOutlined />} onClick={() => void copy()}>
          {t('common.copy')}
        </Button>
      </div>
    </div>
  )
}
