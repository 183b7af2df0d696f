import { PlusOutlined } from '@ant-design/icons'
import type { Account } from '@roomkeeper/shared/http'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { loadTexts } from '../../i18n/index.ts'
import { useWords } from '../../i18n/use-words.ts'
import { type Column, DataTable } from '../../ui/DataTable.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { Empty, QueryView } from '../../ui/states.tsx'
import { Time } from '../../ui/Time.tsx'
import { AccountDialog } from './AccountDialog.tsx'
import { ResetPasswordDialog } from './ResetPasswordDialog.tsx'
import { Tokens } from './Tokens.tsx'

const ContactsDialog = lazy(async () => {
  const [part] = await Promise.all([import('../../features/notices/ContactsDialog.tsx'), loadTexts('notices')])
  return { default: part.ContactsDialog }
})

export function AccountsPage() {
  const { t } = useTranslation()
  const words = useWords()
  const query = useQuery(queries.accounts.list.queryOptions())
  const [editing, setEditing] = useState<Account | 'new' | null>(null)
  const [resetting, setResetting] = useState<Account | null>(null)
  const [contactsOf, setContactsOf] = useState<Account | null>(null)

  const columns: Column<Account>[] = [
    { key: 'name', title: t('accounts.name'), render: ({ name }) => <b>{name}</b> },
    { key: 'username', title: t('accounts.username'), render: ({ username }) => <span className="mono">{username}</span> },
    { key: 'roles', title: t('accounts.roles'), render: ({ roles }) => roles.map(words.role).join(t('common.listComma')) },
    {
      key: 'state',
      title: t('accounts.state'),
      render: ({ disabled, onDuty }) =>
        disabled ? (
          <span className="mark mark-old">{t('accounts.disabled')}</span>
        ) : onDuty ? (
          <span className="mark mark-ok">{t('duty.on')}</span>
        ) : (
          <span className="muted">{t('duty.off')}</span>
        ),
    },
    { key: 'seen', title: t('accounts.lastSignIn'), render: ({ lastSignInMs }) => <Time ms={lastSignInMs} /> },
    {
      key: 'actions',
      title: '',
      className: 'actions',
      render: (account) => (
        <span className="form-actions">
          <Button size="small" onClick={() => setEditing(account)}>
            {t('common.edit')}
          </Button>
          <Button size="small" data-testid={`account-contacts-${account.id}`} onClick={() => setContactsOf(account)}>
            {t('accounts.contacts')}
          </Button>
          <Button size="small" onClick={() => setResetting(account)}>
            {t('accounts.resetPassword')}
          </Button>
        </span>
      ),
    },
  ]
  return (
    <>
      <PageHead title={t('nav.accounts')}>
        <Button type="primary" icon={<PlusOutlined />} data-testid="account-add" onClick={() => setEditing('new')}>
          {t('accounts.add')}
        </Button>
      </PageHead>
      <div className="panel table-scroll">
        <QueryView query={query}>
          {(accounts) =>
            accounts.length === 0 ? (
              <Empty>{t('accounts.none')}</Empty>
            ) : (
              <DataTable
                rows={accounts}
                columns={columns}
                rowKey={({ id }) => id}
                rowTestId={({ id }) => `account-row-${id}`}
                caption={t('nav.accounts')}
              />
            )
          }
        </QueryView>
      </div>
      <Tokens />
      {editing && <AccountDialog account={editing === 'new' ? undefined : editing} onClose={() => setEditing(null)} />}
      {contactsOf && (
        <Suspense>
          <ContactsDialog accountId={contactsOf.id} name={contactsOf.name} onClose={() => setContactsOf(null)} />
        </Suspense>
      )}
      {resetting && <ResetPasswordDialog account={resetting} onClose={() => setResetting(null)} />}
    </>
  )
}
