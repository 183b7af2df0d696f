import { CheckCircleFilled, ClockCircleOutlined, CloseCircleFilled, DownOutlined, MinusCircleOutlined, UpOutlined } from '@ant-design/icons'
import type { Notice } from '@roomkeeper/shared/http'
import type { NoticeState } from '@roomkeeper/shared/model'
import { useMutation } from '@tanstack/react-query'
import { Button, Popconfirm } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { queries } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { useMay } from '../../client/session.ts'
import { whomOf } from '../../features/notices/WhoWasTold.tsx'
import { dateTimeText } from '../../i18n/format.ts'
import { useWords } from '../../i18n/use-words.ts'
import { type Column, DataTable } from '../../ui/DataTable.tsx'
import { Span, Time } from '../../ui/Time.tsx'
import { showToast } from '../../ui/toasts.tsx'
import { useNowMs } from '../../ui/use-now.ts'
import '../../features/notices/notices.css'

const LOOKS: Record<NoticeState, { mark: string; icon: ReactNode }> = {
  sent: { mark: 'mark-ok', icon: <CheckCircleFilled /> },
  failed: { mark: 'mark-failed', icon: <CloseCircleFilled /> },
  pending: { mark: 'mark-plain', icon: <ClockCircleOutlined /> },
  cancelled: { mark: 'mark-old', icon: <MinusCircleOutlined /> },
}

interface Props {
  notices: readonly Notice[]
  caption: string
  onAlarm: (alarmId: number) => void
}

/** Notices with their state and last answer; a row opens to its text and every attempt. */
export function NoticeTable({ notices, caption, onAlarm }: Props) {
  const { t } = useTranslation('notices')
  const words = useWords()
  const [openId, setOpenId] = useState<number | null>(null)
  const columns: Column<Notice>[] = [
    {
      key: 'state',
      title: t('outbox.state'),
      className: 'no-label notice-state',
      render: ({ state }) => (
        <span className={`mark ${LOOKS[state].mark}`}>
          {LOOKS[state].icon} {t(`state.${state}`)}
        </span>
      ),
    },
    {
      key: 'what',
      title: t('outbox.what'),
      className: 'no-label notice-what',
      render: ({ title, kind, tier, alarmId }) => (
        <div>
          <span className="mark mark-plain">{t(`kind.${kind}`)}</span>{' '}
          {tier > 0 && <span className="muted">{t('outbox.tier', { tier: tier + 1 })} </span>}
          <b className="wrap-any">{title}</b>{' '}
          {alarmId !== null && (
            <button type="button" className="link-button nowrap" onClick={() => onAlarm(alarmId)}>
              {t('outbox.alarm', { id: alarmId })}
            </button>
          )}
        </div>
      ),
    },
    {
      key: 'whom',
      title: t('outbox.whom'),
      render: (notice) => (
        <div>
          <b>{whomOf(notice, t('outbox.place'))}</b>
          <div className="muted wrap-any">
            {notice.channel.label}
            {notice.person && notice.address && ` · ${notice.address}`}
          </div>
        </div>
      ),
    },
    { key: 'written', title: t('outbox.written'), render: ({ createdAtMs }) => <Time ms={createdAtMs} /> },
    {
      key: 'answer',
      title: t('outbox.answer'),
      className: 'notice-answer',
      render: (notice) => <LastAnswer notice={notice} />,
    },
    {
      key: 'actions',
      title: '',
      className: 'actions',
      render: (notice) => (
        <span className="form-actions notice-actions">
          {notice.state === 'failed' && <RetryButton notice={notice} />}
          <Button
            size="small"
            type="text"
            aria-expanded={openId === notice.id}
            aria-label={t('outbox.details')}
            title={t('outbox.details')}
            data-testid={`notice-open-${notice.id}`}
            icon={openId === notice.id ? <UpOutlined /> : <DownOutlined />}
            onClick={() => setOpenId(openId === notice.id ? null : notice.id)}
          />
        </span>
      ),
    },
  ]
  return (
    <DataTable
      rows={notices}
      columns={columns}
      rowKey={({ id }) => id}
      rowTestId={({ id }) => `notice-row-${id}`}
      rowClassName={({ state }) => `notice-${state}`}
      expanded={(notice) => (notice.id === openId ? <NoticeDetails notice={notice} half={words.half} /> : undefined)}
      caption={caption}
    />
  )
}

function LastAnswer({ notice }: { notice: Notice }) {
  const { t } = useTranslation('notices')
  const words = useWords()
  const text = notice.answer || (notice.attempts.at(-1)?.text ?? '')
  return (
    <div>
      {text && <div className="answer answer-short">{words.half(text)}</div>}
      <div className="muted">
        {notice.attempts.length > 0 && t('outbox.attempts', { count: notice.attempts.length })}
        {notice.state === 'pending' && notice.nextAttemptAtMs !== null && <NextAttempt atMs={notice.nextAttemptAtMs} />}
      </div>
    </div>
  )
}

function NextAttempt({ atMs }: { atMs: number }) {
  const { t } = useTranslation('notices')
  const leftMs = atMs - useNowMs()
  return (
    <>
      {' '}
      {t('outbox.nextAttempt')} {leftMs > 0 ? <Span ms={leftMs} /> : t('outbox.overdue')}
    </>
  )
}

function RetryButton({ notice }: { notice: Notice }) {
  const { t } = useTranslation('notices')
  const { t: common } = useTranslation()
  const words = useWords()
  const may = useMay('channels.write')
  const retry = useMutation(
    queries.notices.retry.mutationOptions({
      onSuccess: () => showToast({ kind: 'success', text: t('outbox.retried') }),
      onError: (error) => showToast({ kind: 'error', text: words.error(error) }),
      onSettled: () => refetchTopic('notices'),
    }),
  )
  if (!may) return null
  return (
    <Popconfirm
      title={t('outbox.retryQuestion', { whom: whomOf(notice, notice.channel.label) })}
      okText={t('outbox.retry')}
      cancelText={common('common.cancel')}
      onConfirm={() => retry.mutate({ noticeId: notice.id })}
    >
      <Button size="small" type="primary" loading={retry.isPending} data-testid={`notice-retry-${notice.id}`}>
        {t('outbox.retry')}
      </Button>
    </Popconfirm>
  )
}

function NoticeDetails({ notice, half }: { notice: Notice; half: (text: string) => string }) {
  const { t } = useTranslation('notices')
  return (
    <div className="notice-details">
      {notice.attempts.length === 0 ? (
        <p className="muted">
          {t('outbox.noAttempts')} {notice.answer && half(notice.answer)}
        </p>
      ) : (
        <ol className="attempts">
          {notice.attempts.map((attempt, index) => {
            const outcome = attempt.endedAtMs === null && notice.state === 'pending' ? 'running' : attempt.outcome
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: attempts are only ever added at the end
              <li key={index} className={`told-${outcome}`}>
                <time>{dateTimeText(attempt.startedAtMs)}</time>
                <b>{outcome === 'running' ? t('outbox.running') : t(`outcome.${outcome}`)}</b>
                {attempt.endedAtMs !== null && (
                  <span className="muted">{t('outbox.took', { ms: attempt.endedAtMs - attempt.startedAtMs })}</span>
                )}
                <span className="answer">{half(attempt.text) || t('outbox.noAnswer')}</span>
              </li>
            )
          })}
        </ol>
      )}
      <pre className="notice-text">{notice.text}</pre>
      <div className="form-actions">
        {notice.state === 'pending' && (
          <span className="muted">
            {t('outbox.deadline')} {dateTimeText(notice.deadlineAtMs)}
          </span>
        )}
        {notice.incidentId !== null && (
          <Link to={`/incidents/${notice.incidentId}`}>{t('outbox.incident', { id: notice.incidentId })}</Link>
        )}
      </div>
    </div>
  )
}
