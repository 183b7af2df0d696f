import { Alert, type ButtonProps, Modal, type ModalProps } from 'antd'
import { useTranslation } from 'react-i18next'
import { useWords } from '../i18n/use-words.ts'

interface Props extends Pick<ModalProps, 'title' | 'width' | 'className' | 'children'> {
  /** What the server said against it. */
  error?: unknown
  isSaving: boolean
  /** Save, by default. */
  okText?: string
  ok?: ButtonProps & { 'data-testid'?: string }
  onSave: () => void
  onClose: () => void
}

/** Asks for something and saves it: what the server says against it stands on top, and it stays open then. */
export function FormDialog({ error, isSaving, okText, ok, onSave, onClose, children, ...modal }: Props) {
  const { t } = useTranslation()
  const words = useWords()
  return (
    <Modal
      {...modal}
      open
      okText={okText ?? t('common.save')}
      cancelText={t('common.cancel')}
      confirmLoading={isSaving}
      okButtonProps={ok}
      onOk={onSave}
      onCancel={onClose}
    >
      {error !== null && error !== undefined && <Alert type="error" showIcon title={words.error(error)} />}
      {children}
    </Modal>
  )
}
