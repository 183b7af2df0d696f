import { CheckCircleFilled, PlusOutlined, WarningFilled } from '@ant-design/icons'
import type { Channel, ChannelKind, Contact } from '@roomkeeper/shared/http'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Button, Popconfirm } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { useMay } from '../../client/session.ts'
import { useWords } from '../../i18n/use-words.ts'
import { PriorityMark } from '../../ui/PriorityMark.tsx'
import { Empty, QueryView } from '../../ui/states.tsx'
import { Time } from '../../ui/Time.tsx'
import { showToast } from '../../ui/toasts.tsx'
import { ChannelPanel } from './ChannelPanel.tsx'
import { RemoveChannelDialog } from './RemoveChannelDialog.tsx'

/** Adding, or a channel by its id: the panel shows what the server has of it now. */
type Editing = { channelId: number | undefined }

/** The channels that are set up, with their health; each is tested, changed, switched off or removed here. */
export function Channels() {
  const { t } = useTranslation('notices')
  const mayWrite = useMay('channels.write')
  const kinds = useQuery({ ...queries.notices.channelKinds.queryOptions(), staleTime: Number.POSITIVE_INFINITY }).data
  const query = useQuery(queries.notices.channels.queryOptions())
  const contacts = useQuery({ ...queries.notices.contacts.queryOptions({ input: {} }), enabled: mayWrite }).data
  const [editing, setEditing] = useState<Editing | null>(null)
  const [removing, setRemoving] = useState<Channel | null>(null)
  const addButton = mayWrite && (
    <Button type="primary" icon={<PlusOutlined />} data-testid="channel-add" onClick={() => setEditing({ channelId: undefined })}>
      {t('channels.add')}
    </Button>
  )
  return (
    <>
      <QueryView query={query}>
        {(channels) => (
          <>
            {channels.length === 0 ? (
              <div className="panel">
                <Empty icon={<WarningFilled className="told-icon-failed" />}>
                  <b>{t('channels.none')}</b>
                  <span className="muted">{t('channels.noneHint')}</span>
                  {addButton}
                </Empty>
              </div>
            ) : (
              <>
                <div className="outbox-filter">{addButton}</div>
                <ul className="channel-cards">
                  {channels.map((channel) => (
                    <ChannelCard
                      key={channel.id}
                      channel={channel}
                      kind={kinds?.find(({ name }) => name === channel.kind)}
                      contacts={contacts}
                      onEdit={() => setEditing({ channelId: channel.id })}
                      onRemove={() => setRemoving(channel)}
                    />
                  ))}
                </ul>
              </>
            )}
            {editing && kinds && (
              <ChannelPanel
                kinds={kinds}
                channel={channels.find(({ id }) => id === editing.channelId)}
                onCreated={(channelId) => setEditing({ channelId })}
                onClose={() => setEditing(null)}
              />
            )}
          </>
        )}
      </QueryView>
      {removing && <RemoveChannelDialog channel={removing} onClose={() => setRemoving(null)} />}
    </>
  )
}

interface CardProps {
  channel: Channel
  kind: ChannelKind | undefined
  contacts: readonly Contact[] | undefined
  onEdit: () => void
  onRemove: () => void
}

function ChannelCard({ channel, kind, contacts, onEdit, onRemove }: CardProps) {
  const { t } = useTranslation('notices')
  const { t: common } = useTranslation()
  const words = useWords()
  const mayWrite = useMay('channels.write')
  const { health } = channel
  const update = useMutation(
    queries.notices.updateChannel.mutationOptions({
      onError: (error) => showToast({ kind: 'error', text: words.error(error) }),
      onSettled: () => refetchTopic('notices'),
    }),
  )
  const setEnabled = (enabled: boolean) => {
    const { id: channelId, label, minPriority, settings, revision } = channel
    update.mutate({ channelId, label, minPriority, settings, revision, enabled })
  }
  const people = new Set(
    contacts?.filter(({ channelId, enabled }) => enabled && channelId === channel.id).map(({ accountId }) => accountId),
  ).size
  const state = !channel.enabled ? 'off' : health.ok ? 'ok' : 'failing'
  return (
    <li className={`panel channel-card channel-${state}`} data-testid={`channel-${channel.id}`}>
      <div className="channel-head">
        <h2>{channel.label}</h2>
        <span className="muted">{kind ? words.of(kind.title) : t('channels.unknownKind', { kind: channel.kind })}</span>
        <span className={`mark ${state === 'ok' ? 'mark-ok' : state === 'failing' ? 'mark-failed' : 'mark-old'}`}>
          {state === 'ok' ? <CheckCircleFilled /> : state === 'failing' ? <WarningFilled /> : null} {t(`channels.${state}`)}
        </span>
      </div>
      {health.message && <div className={state === 'failing' ? 'answer channel-fault' : 'answer'}>{words.half(health.message)}</div>}
      <dl className="channel-facts">
        <div>
          <dt>{t('channels.lastSent')}</dt>
          <dd>{health.lastSentAtMs === null ? t('channels.never') : <Time ms={health.lastSentAtMs} />}</dd>
        </div>
        <div>
          <dt>{t('channels.pending')}</dt>
          <dd>{health.pending}</dd>
        </div>
        <div className={health.failedLastDay > 0 ? 'channel-failures' : ''}>
          <dt>{t('channels.failedLastDay')}</dt>
          <dd>{health.failedLastDay}</dd>
        </div>
        <div>
          <dt>{t('channels.minPriority')}</dt>
          <dd>
            <PriorityMark priority={channel.minPriority} />
          </dd>
        </div>
      </dl>
      {kind && (
        <div className={channel.enabled && kind.address && contacts && people === 0 ? 'channel-nobody' : 'muted'}>
          {!kind.address
            ? t('channels.reachesPlace')
            : !contacts
              ? null
              : people === 0
                ? t('channels.nobody')
                : t('channels.people', { count: people })}
        </div>
      )}
      {mayWrite && (
        <div className="form-actions">
          <Button size="small" type="primary" ghost data-testid={`channel-edit-${channel.id}`} onClick={onEdit}>
            {t('channels.test')} / {common('common.edit')}
          </Button>
          {channel.enabled ? (
            <Popconfirm
              title={t('channels.disableQuestion')}
              okText={t('channels.disable')}
              cancelText={common('common.cancel')}
              onConfirm={() => setEnabled(false)}
            >
              <Button size="small" loading={update.isPending}>
                {t('channels.disable')}
              </Button>
            </Popconfirm>
          ) : (
            <Button size="small" loading={update.isPending} onClick={() => setEnabled(true)}>
              {t('channels.enable')}
            </Button>
          )}
          <Button size="small" danger data-testid={`channel-remove-${channel.id}`} onClick={onRemove}>
            {t('channels.remove')}
          </Button>
        </div>
      )}
    </li>
  )
}
