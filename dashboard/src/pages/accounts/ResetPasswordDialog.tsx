import { type Account, passwordSchema } from '@roomkeeper/shared/http'
import { useMutation } from '@tanstack/react-query'
import { Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { FormDialog } from '../../ui/FormDialog.tsx'
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
    <FormDialog
      title={t('accounts.resetTitle', { name: account.name })}
      error={reset.error}
      isSaving={reset.isPending}
      onSave={() => {
        setIsTried(true)
        if (!issue) reset.mutate({ accountId: account.id, password })
      }}
      onClose={onClose}
    >
      <Field
        label={t('password.new')}
        required
        error={isTried && issue ? words.issue({ code: 'custom', message: issue.message }) : undefined}
        hint={t('accounts.firstPasswordHint')}
      >
        <Input.Password value={password} autoComplete="new-password" onChange={(event) => setPassword(event.target.value)} />
      </Field>
    </FormDialog>
  )
}
