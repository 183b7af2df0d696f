import type { Me } from '@roomkeeper/shared/http'
import { Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import { showToast } from '../../ui/toasts.tsx'
import { PasswordForm } from './PasswordForm.tsx'

export function ChangePasswordDialog({ me, onClose }: { me: Me; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Modal open title={t('password.change')} footer={null} onCancel={onClose} destroyOnHidden>
      <PasswordForm
        me={me}
        onChanged={() => {
          showToast({ kind: 'success', text: t('password.changed') })
          onClose()
        }}
      />
    </Modal>
  )
}
