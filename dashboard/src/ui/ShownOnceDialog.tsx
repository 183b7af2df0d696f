import { Alert, Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import { Secret } from './Secret.tsx'

interface Props {
  title: string
  /** What to do with them now. */
  note: string
  secrets: readonly { label: string; text: string }[]
  onClose: () => void
}

/** Secrets the server gives this once: a click beside the dialog must not lose them. */
export function ShownOnceDialog({ title, note, secrets, onClose }: Props) {
  const { t } = useTranslation()
  return (
    <Modal
      open
      title={title}
      mask={{ closable: false }}
      okText={t('common.kept')}
      onOk={onClose}
      onCancel={onClose}
      cancelButtonProps={{ style: { display: 'none' } }}
    >
      <Alert type="warning" showIcon title={note} />
      {secrets.map(({ label, text }) => (
        <Secret key={label} label={label} text={text} />
      ))}
    </Modal>
  )
}
