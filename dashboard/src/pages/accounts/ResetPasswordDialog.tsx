import { type Account, passwordSchema } from '@roomkeeper/shared/http'
import { useMutation } from '@tanstack/react-query'
import { Alert, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { showToast } from '../../ui/toasts.tsx'

export function ResetPasswordDialog({ account, onClose }: { account: Account; onClose: () => void }) {
  const { t } = useTranslation()
  const words = useWords()
  const [password, setPassword] = useState('')
  const [isTried, setIsTried] = useState(false)
  const reset = useMutation(
    queries.accounts.resetPassword.mutationOptions({
      onSuccess: () => {
        showToast({ kind: 'success', text: t('common.saved') })
        onClose()
      },
    }),
  )
  const issue = passwordSchema.safeParse(password).error?.issues[0]
  return (
    <Modal
      open
      title={t('accounts.resetTitle', { name: account.name })}
      okText={t('common.save')}
      cancelText={t('common.cancel')}
      confirmLoading={reset.isPending}
      onOk={() => {
        setIsTried(true)
        if (!issue) reset.mutate({ accountId: account.id, password })
      }}
      onCancel={onClose}
    >
      {reset.error && <Alert type="error" showIcon title={words.error(reset.error)} />}
      <Field
        label={t('password.new')}
        required
        error={isTried && issue ? words.issue({ code: 'custom', message: issue.message }) : undefined}
        hint={t('accounts.firstPasswordHint')}
      >
        <Input.Password value={password} autoComplete="new-password" onChange={(event) => setPassword(event.target.value)} />
      </Field>
    </Modal>
  )
}
