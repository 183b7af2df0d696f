import type { Channel, ChannelKind, Contact } from '@roomkeeper/shared/http'
import { ALARM_PRIORITIES, type AlarmPriority } from '@roomkeeper/shared/model'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, Button, Input, Modal, Popconfirm, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { errorIssues, queries } from '../../client/api.ts'
import { queryClient } from '../../client/query-client.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { Empty, QueryView } from '../../ui/states.tsx'
import { showToast } from '../../ui/toasts.tsx'
import './notices.css'

/** Where and from which priority a person is told; of oneself, or by the administrator for another (`name`). */
export function ContactsDialog({ accountId, name, onClose }: { accountId: number; name?: string; onClose: () => void }) {
  const { t } = useTranslation('notices')
  const { t: common } = useTranslation()
  const kinds = useQuery(queries.notices.channelKinds.queryOptions()).data
  const channels = useQuery(queries.notices.channels.queryOptions())
  const contacts = useQuery(queries.notices.contacts.queryOptions({ input: { accountId } }))
  return (
    <Modal
      open
      width={640}
      title={name === undefined ? t('contacts.mine') : t('contacts.of', { name })}
      footer={
        <Button onClick={onClose} data-testid="contacts-close">
          {common('common.close')}
        </Button>
      }
      onCancel={onClose}
    >
      <QueryView query={channels}>
        {(all) => (
          <QueryView query={contacts}>
            {(own) => {
              const reaching = all.flatMap((channel) => {
                const kind = kinds?.find((each) => each.name === channel.kind)
                return kind?.address ? [{ channel, kind }] : []
              })
              if (kinds && reaching.length === 0) return <Empty>{t('contacts.none')}</Empty>
              return (
                <>
                  {own.some(({ enabled }) => enabled) ? (
                    <p className="muted">{name === undefined ? t('contacts.note') : t('contacts.noteOf')}</p>
                  ) : (
                    <Alert type="warning" showIcon title={name === undefined ? t('contacts.nothing') : t('contacts.nothingOf')} />
                  )}
                  <ul className="contact-rows">
                    {reaching.map(({ channel, kind }) => {
                      const contact = own.find(({ channelId }) => channelId === channel.id)
                      return (
                        // After saving, the row begins again from what the server has.
                        <ContactRow
                          key={`${channel.id} ${JSON.stringify(contact)}`}
                          accountId={accountId}
                          channel={channel}
                          kind={kind}
                          contact={contact}
                        />
                      )
                    })}
                  </ul>
                </>
              )
            }}
          </QueryView>
        )}
      </QueryView>
    </Modal>
  )
}

interface RowProps {
  accountId: number
  channel: Channel
  kind: ChannelKind
  contact: Contact | undefined
}

function ContactRow({ accountId, channel, kind, contact }: RowProps) {
  const { t } = useTranslation('notices')
  const { t: common } = useTranslation()
  const words = useWords()
  const [address, setAddress] = useState(contact?.address ?? '')
  const [minPriority, setMinPriority] = useState<AlarmPriority>(contact?.minPriority ?? channel.minPriority)
  const [language, setLanguage] = useState<'zh' | 'en'>(contact?.language ?? (words.language === 'en' ? 'en' : 'zh'))
  const [problem, setProblem] = useState<string>()
  const onSuccess = () => void queryClient.invalidateQueries({ queryKey: queries.notices.key() })
  const put = useMutation(
    queries.notices.putContact.mutationOptions({
      onSuccess: () => {
        showToast({ kind: 'success', text: t('contacts.saved') })
        onSuccess()
      },
      onError: (error) => {
        const issue = errorIssues(error).find(({ field }) => field === 'address')
        setProblem(issue ? words.half(issue.message) : words.error(error))
      },
    }),
  )
  const remove = useMutation(
    queries.notices.removeContact.mutationOptions({ onSuccess, onError: (error) => setProblem(words.error(error)) }),
  )
  const isChanged =
    address.trim() !== (contact?.address ?? '') ||
    minPriority !== contact?.minPriority ||
    language !== contact?.language ||
    !contact.enabled

  function save(): void {
    const pattern = kind.address?.pattern
    const isOptional = pattern ? new RegExp(pattern).test('') : false
    const isMissing = address.trim() === '' && !isOptional
    const isWrong = pattern ? !new RegExp(pattern).test(address.trim()) : false
    setProblem(isMissing ? t('contacts.needsAddress') : isWrong ? t('contacts.wrongAddress') : undefined)
    if (isMissing || isWrong) return
    put.mutate({ accountId, channelId: channel.id, address: address.trim(), minPriority, language, enabled: true })
  }

  return (
    <li className="contact-row" data-testid={`contact-${channel.id}`}>
      <h3>
        {channel.label} <span className="muted">{words.of(kind.title)}</span>
        {!channel.enabled && <span className="mark mark-old">{t('contacts.channelOff')}</span>}
      </h3>
      <div className="contact-fields">
        <Field label={kind.address ? words.of(kind.address.label) : ''} error={problem}>
          <Input
            value={address}
            maxLength={200}
            data-testid={`contact-address-${channel.id}`}
            onChange={(event) => setAddress(event.target.value)}
            onPressEnter={save}
          />
        </Field>
        <Field label={t('contacts.minPriority')}>
          <Select
            value={minPriority}
            style={{ width: '100%' }}
            options={ALARM_PRIORITIES.map((value) => ({ value, label: words.priority(value) }))}
            onChange={setMinPriority}
          />
        </Field>
        <Field label={t('contacts.language')}>
          <Select
            value={language}
            style={{ width: '100%' }}
            options={[
              { value: 'zh', label: t('contacts.languages.zh') },
              { value: 'en', label: t('contacts.languages.en') },
            ]}
            onChange={setLanguage}
          />
        </Field>
      </div>
      <div className="form-actions">
        <Button
          size="small"
          type={contact ? 'default' : 'primary'}
          disabled={contact !== undefined && !isChanged}
          loading={put.isPending}
          data-testid={`contact-save-${channel.id}`}
          onClick={save}
        >
          {contact ? common('common.save') : t('contacts.add')}
        </Button>
        {contact && (
          <Popconfirm
            title={t('contacts.removeQuestion')}
            okText={t('contacts.remove')}
            cancelText={common('common.cancel')}
            onConfirm={() => remove.mutate({ contactId: contact.id })}
          >
            <Button size="small" danger loading={remove.isPending}>
              {t('contacts.remove')}
            </Button>
          </Popconfirm>
        )}
      </div>
    </li>
  )
}
