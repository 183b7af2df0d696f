import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Input, Popconfirm } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { useWords } from '../../i18n/use-words.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Field } from '../../ui/Field.tsx'
import { ShownOnceDialog } from '../../ui/ShownOnceDialog.tsx'
import { Empty, QueryView } from '../../ui/states.tsx'
import { Time } from '../../ui/Time.tsx'
import { showToast } from '../../ui/toasts.tsx'

/** Own secret addresses of the calendar, for phones and mail programs. */
export function Feeds() {
  const { t } = useTranslation('schedules')
  const words = useWords()
  const client = useQueryClient()
  const query = useQuery(queries.schedules.feeds.queryOptions())
  const [name, setName] = useState('')
  const [url, setUrl] = useState<string | null>(null)
  const refetch = () => client.invalidateQueries({ queryKey: queries.schedules.feeds.key() })
  const failed = (error: unknown) => showToast({ kind: 'error', text: words.error(error) })
  const add = useMutation(
    queries.schedules.addFeed.mutationOptions({
      onSuccess: (added) => {
        setName('')
        // A server that does not know its own address gives the path alone.
        setUrl(new URL(added.url, window.location.origin).href)
        void refetch()
      },
      onError: failed,
    }),
  )
  const remove = useMutation(
    queries.schedules.removeFeed.mutationOptions({
      onSuccess: () => {
        showToast({ kind: 'success', text: t('feeds.removed') })
        void refetch()
      },
      onError: failed,
    }),
  )
  return (
    <div className="panel feeds">
      <form
        className="feed-add"
        onSubmit={(event) => {
          event.preventDefault()
          if (name.trim() !== '') add.mutate({ name })
        }}
      >
        <Field label={t('feeds.name')}>
          <Input
            value={name}
            maxLength={100}
            placeholder={t('feeds.nameHint')}
            data-testid="feed-name"
            onChange={({ target }) => setName(target.value)}
          />
        </Field>
        <Button type="primary" htmlType="submit" disabled={name.trim() === ''} loading={add.isPending} data-testid="feed-add">
          {t('feeds.add')}
        </Button>
      </form>
      <p className="muted">{t('feeds.explain')}</p>
      <QueryView query={query}>
        {(feeds) =>
          feeds.length === 0 ? (
            <Empty>{t('feeds.none')}</Empty>
          ) : (
            <DataTable
              rows={feeds}
              rowKey={({ id }) => id}
              caption={t('tab.feeds')}
              columns={[
                { key: 'name', title: t('feeds.name'), className: 'no-label', render: (feed) => feed.name },
                { key: 'created', title: t('feeds.created'), render: ({ createdAtMs }) => <Time ms={createdAtMs} /> },
                {
                  key: 'used',
                  title: t('feeds.used'),
                  render: ({ lastUsedMs }) =>
                    lastUsedMs === null ? <span className="muted">{t('feeds.unused')}</span> : <Time ms={lastUsedMs} />,
                },
                {
                  key: 'actions',
                  title: '',
                  className: 'actions',
                  render: ({ id }) => (
                    <Popconfirm
                      title={t('feeds.removeTitle')}
                      description={t('feeds.removeNote')}
                      okText={t('feeds.remove')}
                      onConfirm={() => remove.mutate({ feedId: id })}
                    >
                      <Button size="small" danger>
                        {t('feeds.remove')}
                      </Button>
                    </Popconfirm>
                  ),
                },
              ]}
            />
          )
        }
      </QueryView>
      {url !== null && (
        <ShownOnceDialog
          title={t('feeds.once')}
          note={t('feeds.onceNote')}
          secrets={[{ label: t('feeds.address'), text: url }]}
          onClose={() => setUrl(null)}
        />
      )}
    </div>
  )
}
