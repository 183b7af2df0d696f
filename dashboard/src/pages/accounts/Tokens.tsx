import { PlusOutlined } from '@ant-design/icons'
import { ROLE_NAMES, type Role } from '@roomkeeper/shared/model'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Button, Input, Popconfirm, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { queryClient } from '../../client/query-client.ts'
import { useWords } from '../../i18n/use-words.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Field } from '../../ui/Field.tsx'
import { FormDialog } from '../../ui/FormDialog.tsx'
import { ShownOnceDialog } from '../../ui/ShownOnceDialog.tsx'
import { Empty, QueryView } from '../../ui/states.tsx'
import { Time } from '../../ui/Time.tsx'
import { showToast } from '../../ui/toasts.tsx'
import './accounts.css'

/** Tokens for programs: the same roles as people, no password, shown once. */
export function Tokens() {
  const { t } = useTranslation()
  const words = useWords()
  const [isAdding, setIsAdding] = useState(false)
  const query = useQuery(queries.accounts.listTokens.queryOptions())
  const revoke = useMutation(
    queries.accounts.revokeToken.mutationOptions({
      onSuccess: () => void queryClient.invalidateQueries({ queryKey: queries.accounts.key() }),
      onError: (error) => showToast({ kind: 'error', text: words.error(error) }),
    }),
  )
  return (
    <>
      <div className="section-head">
        <h2 className="section-title">{t('tokens.title')}</h2>
        <Button size="small" icon={<PlusOutlined />} onClick={() => setIsAdding(true)}>
          {t('tokens.add')}
        </Button>
      </div>
      <div className="panel table-scroll">
        <QueryView query={query}>
          {(tokens) =>
            tokens.length === 0 ? (
              <Empty>{t('tokens.none')}</Empty>
            ) : (
              <DataTable
                rows={tokens}
                rowKey={({ id }) => id}
                caption={t('tokens.title')}
                columns={[
                  { key: 'name', title: t('tokens.name'), render: ({ name }) => <b>{name}</b> },
                  { key: 'roles', title: t('accounts.roles'), render: ({ roles }) => roles.map(words.role).join(t('common.listComma')) },
                  {
                    key: 'made',
                    title: t('tokens.made'),
                    render: ({ createdAtMs, createdBy }) => (
                      <span>
                        {createdBy} <Time ms={createdAtMs} />
                      </span>
                    ),
                  },
                  { key: 'used', title: t('tokens.lastUsed'), render: ({ lastUsedMs }) => <Time ms={lastUsedMs} /> },
                  {
                    key: 'actions',
                    title: '',
                    className: 'actions',
                    render: (token) =>
                      token.revoked ? (
                        <span className="mark mark-old">{t('agents.revoked')}</span>
                      ) : (
                        <Popconfirm
                          title={t('tokens.revokeQuestion')}
                          okText={t('agents.revoke')}
                          cancelText={t('common.cancel')}
                          onConfirm={() => revoke.mutate({ tokenId: token.id })}
                        >
                          <Button size="small" danger>
                            {t('agents.revoke')}
                          </Button>
                        </Popconfirm>
                      ),
                  },
                ]}
              />
            )
          }
        </QueryView>
      </div>
      {isAdding && <TokenDialog onClose={() => setIsAdding(false)} />}
    </>
  )
}

function TokenDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const words = useWords()
  const [name, setName] = useState('')
  const [roles, setRoles] = useState<Role[]>(['auditor'])
  const create = useMutation(
    queries.accounts.createToken.mutationOptions({
      onSuccess: () => void queryClient.invalidateQueries({ queryKey: queries.accounts.key() }),
    }),
  )
  if (create.data) {
    const { token, entry } = create.data
    return (
      <ShownOnceDialog
        title={t('tokens.madeTitle')}
        note={t('tokens.shownOnce')}
        secrets={[{ label: entry.name, text: token }]}
        onClose={onClose}
      />
    )
  }
  return (
    <FormDialog
      title={t('tokens.add')}
      okText={t('tokens.add')}
      ok={{ disabled: !name.trim() || roles.length === 0 }}
      error={create.error}
      isSaving={create.isPending}
      onSave={() => create.mutate({ name: name.trim(), roles })}
      onClose={onClose}
    >
      <Field label={t('tokens.name')} required hint={t('tokens.nameHint')}>
        <Input value={name} maxLength={100} onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field label={t('accounts.roles')} required>
        <Select
          mode="multiple"
          value={roles}
          style={{ width: '100%' }}
          options={ROLE_NAMES.map((value) => ({ value, label: words.role(value) }))}
          onChange={setRoles}
        />
      </Field>
    </FormDialog>
  )
}
