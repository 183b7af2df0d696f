import { type Me, passwordSchema } from '@roomkeeper/shared/http'
import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { errorField, queries } from '../../client/api.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'

/** The own password: present one, new one twice. */
export function PasswordForm({ me, onChanged }: { me: Me; onChanged: () => void }) {
  const { t } = useTranslation()
  const words = useWords()
  const [currentPassword, setCurrentPassword] = useState('')
  const [newPassword, setNewPassword] = useState('')
  const [repeated, setRepeated] = useState('')
  const [isTried, setIsTried] = useState(false)
  const change = useMutation(queries.session.changePassword.mutationOptions({ meta: { signsIn: true }, onSuccess: onChanged }))

  const check = passwordSchema.safeParse(newPassword)
  const newError = check.success
    ? newPassword === currentPassword
      ? t('password.same')
      : undefined
    : words.issue(check.error.issues[0] ?? { code: 'custom', message: t('errors.invalid') })
  const repeatError = repeated === newPassword ? undefined : t('password.differs')

  function submit(event: FormEvent): void {
    event.preventDefault()
    setIsTried(true)
    if (currentPassword && !newError && !repeatError) change.mutate({ currentPassword, newPassword })
  }

  const isWrongCurrent = errorField(change.error) === 'currentPassword'
  return (
    <form onSubmit={submit} noValidate>
      {change.error && (
        <Alert type="error" showIcon role="alert" title={isWrongCurrent ? t('password.wrongCurrent') : words.error(change.error)} />
      )}
      <input type="text" hidden readOnly autoComplete="username" value={me.username} />
      <Field label={t('password.current')} error={isTried && !currentPassword ? t('errors.required') : undefined}>
        <Input.Password
          value={currentPassword}
          autoComplete="current-password"
          data-testid="current-password"
          onChange={(event) => setCurrentPassword(event.target.value)}
        />
      </Field>
      <Field label={t('password.new')} error={isTried ? newError : undefined} hint={t('password.hint')}>
        <Input.Password
          value={newPassword}
          autoComplete="new-password"
          data-testid="new-password"
          onChange={(event) => setNewPassword(event.target.value)}
        />
      </Field>
      <Field label={t('password.repeat')} error={isTried ? repeatError : undefined}>
        <Input.Password
          value={repeated}
          autoComplete="new-password"
          data-testid="repeat-password"
          onChange={(event) => setRepeated(event.target.value)}
        />
      </Field>
      <Button type="primary" htmlType="submit" loading={change.isPending} data-testid="change-password">
        {t('password.change')}
      </Button>
    </form>
  )
}
