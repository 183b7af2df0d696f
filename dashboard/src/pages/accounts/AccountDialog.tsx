import { type Account, passwordSchema, usernameSchema } from '@roomkeeper/shared/http'
import { ROLE_NAMES, type Role } from '@roomkeeper/shared/model'
import { useMutation } from '@tanstack/react-query'
import { Input, Select, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { queryClient } from '../../client/query-client.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { FormDialog } from '../../ui/FormDialog.tsx'

/** Adds an account, or changes name, roles and whether it may sign in. */
export function AccountDialog({ account, onClose }: { account: Account | undefined; onClose: () => void }) {
  const { t } = useTranslation()
  const words = useWords()
  const [username, setUsername] = useState(account?.username ?? '')
  const [name, setName] = useState(account?.name ?? '')
  const [roles, setRoles] = useState<Role[]>(account?.roles ?? [])
  const [password, setPassword] = useState('')
  const [isDisabled, setIsDisabled] = useState(account?.disabled ?? false)
  const [isTried, setIsTried] = useState(false)
  const onSuccess = () => {
    void queryClient.invalidateQueries({ queryKey: queries.accounts.key() })
    onClose()
  }
  const create = useMutation(queries.accounts.create.mutationOptions({ onSuccess }))
  const update = useMutation(queries.accounts.update.mutationOptions({ onSuccess }))
  const error = create.error ?? update.error

  const firstIssue = (schema: typeof usernameSchema | typeof passwordSchema, value: string) => {
    const issue = schema.safeParse(value).error?.issues[0]
    return issue && words.issue({ code: 'custom', message: issue.message })
  }
  const problems = {
    username: account ? undefined : firstIssue(usernameSchema, username),
    name: name.trim() ? undefined : t('errors.required'),
    roles: roles.length > 0 ? undefined : t('accounts.needsRole'),
    password: account ? undefined : firstIssue(passwordSchema, password),
  }

  function save(): void {
    setIsTried(true)
    if (Object.values(problems).some(Boolean)) return
    if (account) update.mutate({ accountId: account.id, name: name.trim(), roles, disabled: isDisabled })
    else create.mutate({ username, name: name.trim(), roles, password })
  }
  const shown = (key: keyof typeof problems) => (isTried ? problems[key] : undefined)

  return (
    <FormDialog
      title={account ? t('accounts.editTitle', { name: account.username }) : t('accounts.add')}
      error={error}
      isSaving={create.isPending || update.isPending}
      onSave={save}
      onClose={onClose}
    >
      <Field label={t('accounts.username')} required error={shown('username')}>
        <Input
          value={username}
          disabled={account !== undefined}
          autoComplete="off"
          data-testid="account-username"
          onChange={(event) => setUsername(event.target.value)}
        />
      </Field>
      <Field label={t('accounts.name')} required error={shown('name')}>
        <Input value={name} maxLength={100} data-testid="account-name" onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field label={t('accounts.roles')} required error={shown('roles')} hint={t('accounts.rolesHint')}>
        <Select
          mode="multiple"
          value={roles}
          style={{ width: '100%' }}
          data-testid="account-roles"
          options={ROLE_NAMES.map((value) => ({ value, label: words.role(value) }))}
          onChange={setRoles}
        />
      </Field>
      {account ? (
        <Field label={t('accounts.mayNotSignIn')}>
          <Switch checked={isDisabled} onChange={setIsDisabled} />
        </Field>
      ) : (
        <Field label={t('accounts.firstPassword')} required error={shown('password')} hint={t('accounts.firstPasswordHint')}>
          <Input.Password
            value={password}
            autoComplete="new-password"
            data-testid="account-password"
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
      )}
    </FormDialog>
  )
}
