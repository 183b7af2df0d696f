import type { Me } from '@roomkeeper/shared/http'
import { App, Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import { PasswordForm } from './PasswordForm.tsx'

export function ChangePasswordDialog({ me, onClose }: { me: Me; onClose: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  return (
    <Modal open title={t('password.change')} footer={null} onCancel={onClose} destroyOnHidden>
      <PasswordForm
        me={me}
        onChanged={() => {
          void message.success(t('password.changed'))
          onClose()
        }}
      />
    </Modal>
  )
}
