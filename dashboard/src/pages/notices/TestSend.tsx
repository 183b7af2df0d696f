import { SendOutlined } from '@ant-design/icons'
import type { Channel, ChannelKind } from '@roomkeeper/shared/http'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, Button, Input } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { errorCode, errorIssues, queries } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { useMe } from '../../client/session.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { showToast } from '../../ui/toasts.tsx'

/** Sends one test notice and shows the other side's own words, the one proof that a channel works. */
export function TestSend({ channel, kind, isDirty }: { channel: Channel; kind: ChannelKind; isDirty: boolean }) {
  const { t } = useTranslation('notices')
  const words = useWords()
  const me = useMe()
  const box = useRef<HTMLElement>(null)
  const contacts = useQuery(queries.notices.contacts.queryOptions({ input: { accountId: me.id } })).data
  const own = contacts?.find(({ channelId }) => channelId === channel.id)
  const [typed, setTyped] = useState<string>()
  const address = typed ?? own?.address ?? ''
  const test = useMutation(queries.notices.testChannel.mutationOptions({ onSettled: () => refetchTopic('notices') }))
  const keep = useMutation(
    queries.notices.putContact.mutationOptions({
      onSuccess: () => {
        showToast({ kind: 'success', text: t('test.kept') })
        refetchTopic('notices')
      },
      onError: (error) => showToast({ kind: 'error', text: words.error(error) }),
    }),
  )
  // It appears below a long form after the first save.
  useEffect(() => {
    // Newer browsers return a promise, which is no clean-up of an effect.
    void box.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  const isOptional = !kind.address?.pattern || new RegExp(kind.address.pattern).test('')
  const addressIssue = errorIssues(test.error).find(({ field }) => field === 'address')
  const send = () => test.mutate({ channelId: channel.id, address: address.trim() })
  return (
    <section className="test-send" ref={box}>
      <h3>{t('test.title')}</h3>
      <p className="muted">{t('test.note')}</p>
      {isDirty && <p className="test-unsaved">{t('test.unsaved')}</p>}
      {kind.address && (
        <Field label={words.of(kind.address.label)} required={!isOptional} error={addressIssue && words.half(addressIssue.message)}>
          <Input
            value={address}
            maxLength={200}
            data-testid="test-address"
            onChange={(event) => setTyped(event.target.value)}
            onPressEnter={(event) => {
              // Enter here sends the test; it must not save the form around it.
              event.preventDefault()
              if (isOptional || address.trim()) send()
            }}
          />
        </Field>
      )}
      <Button
        icon={<SendOutlined />}
        loading={test.isPending}
        disabled={kind.address !== null && !isOptional && !address.trim()}
        data-testid="test-send"
        onClick={send}
      >
        {t('test.send')}
      </Button>
      <div role="status" className="test-result">
        {test.isPending && <span className="muted">{t('test.sending')}</span>}
        {test.error && !addressIssue && (
          <Alert type="error" showIcon title={errorCode(test.error) === 'NETWORK' ? t('test.slow') : words.error(test.error)} />
        )}
        {test.data && !test.isPending && (
          <Alert
            type={test.data.ok ? 'success' : 'error'}
            showIcon
            data-testid="test-answer"
            title={test.data.ok ? t('test.ok', { ms: test.data.tookMs }) : t('test.failed', { ms: test.data.tookMs })}
            description={
              <>
                <div>
                  {t('test.answerIs')}
                  <span className="answer">{words.half(test.data.answer)}</span>
                </div>
                {test.data.ok && <div className="muted">{t('test.check')}</div>}
                {test.data.ok && kind.address && contacts && own?.address !== address.trim() && (
                  <Button
                    size="small"
                    loading={keep.isPending}
                    data-testid="test-keep"
                    onClick={() =>
                      keep.mutate({
                        accountId: me.id,
                        channelId: channel.id,
                        address: address.trim(),
                        minPriority: own?.minPriority ?? channel.minPriority,
                        language: own?.language ?? (words.language === 'en' ? 'en' : 'zh'),
                        enabled: true,
                      })
                    }
                  >
                    {t('test.keep')}
                  </Button>
                )}
              </>
            }
          />
        )}
      </div>
    </section>
  )
}
