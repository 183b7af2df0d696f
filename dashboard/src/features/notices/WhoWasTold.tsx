import {
  CheckCircleFilled,
  ClockCircleOutlined,
  CloseCircleFilled,
  LoadingOutlined,
  MinusCircleOutlined,
  QuestionCircleOutlined,
} from '@ant-design/icons'
import type { Notice } from '@roomkeeper/shared/http'
import type { NoticeDecision } from '@roomkeeper/shared/model'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { queries } from '../../client/api.ts'
import { dateTimeText } from '../../i18n/format.ts'
import { useWords } from '../../i18n/use-words.ts'
import { QueryView } from '../../ui/states.tsx'
import { summaryOf, type ToldLine, toldLines } from './told.ts'
import './notices.css'

const ICONS: Record<ToldLine['what'], ReactNode> = {
  sent: <CheckCircleFilled className="told-icon-sent" />,
  failed: <CloseCircleFilled className="told-icon-failed" />,
  unknown: <QuestionCircleOutlined />,
  running: <LoadingOutlined />,
  waiting: <ClockCircleOutlined />,
  cancelled: <MinusCircleOutlined />,
}
const SENTENCES = {
  sent: 'told.sentTo',
  failed: 'told.failedTo',
  unknown: 'told.unknownTo',
  running: 'told.runningTo',
  waiting: 'told.waiting',
  cancelled: 'told.cancelled',
} as const

/** Somebody is being told right now: the list is read again soon, until all is decided. */
const WATCH_INTERVAL_MS = 3000

/** Who was told of an alarm, through what, with what answer; and why nobody was, where that is so. */
export function WhoWasTold({ alarmId }: { alarmId: number }) {
  const { t } = useTranslation('notices')
  const alarm = useQuery(queries.alarms.get.queryOptions({ input: { alarmId } })).data
  const query = useQuery(
    queries.notices.list.queryOptions({
      input: { alarmId, limit: 500 },
      refetchInterval: ({ state }) => (state.data?.some((notice) => notice.state === 'pending') ? WATCH_INTERVAL_MS : 60_000),
    }),
  )
  const decision = alarm?.transitions.findLast((transition) => transition.decision !== null)?.decision ?? null
  const isUnacknowledged = alarm?.state === 'UNACK'
  return (
    <section className="told" data-testid={`told-${alarmId}`} aria-label={t('told.title')}>
      <QueryView query={query}>
        {(notices) => {
          const summary = summaryOf(notices)
          return (
            <>
              <div className="told-head">
                <h3>{t('told.title')}</h3>
                {summary.people > 0 && <span className="mark mark-ok">{t('told.reached', { count: summary.people })}</span>}
                {summary.places > 0 && <span className="mark mark-ok">{t('told.reachedPlaces', { count: summary.places })}</span>}
                {summary.failed > 0 && <span className="mark mark-failed">{t('told.failedCount', { count: summary.failed })}</span>}
                {notices.length > 0 && (
                  <Link to={`/notices?alarm=${alarmId}`} className="no-print">
                    {t('told.all')}
                  </Link>
                )}
              </div>
              {notices.length === 0 ? (
                <NobodyTold decision={decision} isUrgent={isUnacknowledged} />
              ) : (
                isUnacknowledged &&
                summary.failed > 0 &&
                summary.people + summary.places + summary.pending === 0 && (
                  <div className="told-nobody" role="alert">
                    {t('told.unreached')} {t('told.callNow')}
                  </div>
                )
              )}
              <ol className="attempts">
                {toldLines(notices).map((line) => (
                  <ToldItem key={line.key} line={line} />
                ))}
              </ol>
            </>
          )
        }}
      </QueryView>
    </section>
  )
}

/** Nobody needs to do anything about these. */
const CALM_DECISIONS: ReadonlySet<NoticeDecision> = new Set<NoticeDecision>(['told', 'grouped', 'silenced', 'below-priority'])

function NobodyTold({ decision, isUrgent }: { decision: NoticeDecision | null; isUrgent: boolean }) {
  const { t } = useTranslation('notices')
  if (decision === null) return <div className="told-calm">{isUrgent ? t('told.notYet') : t('told.nobody')}</div>
  if (CALM_DECISIONS.has(decision)) return <div className="told-calm">{t(`decision.${decision}`)}</div>
  return (
    <div className="told-nobody" role="alert">
      {t(`decision.${decision}`)}
    </div>
  )
}

function ToldItem({ line: { what, atMs, notice, text } }: { line: ToldLine }) {
  const { t } = useTranslation('notices')
  const words = useWords()
  const { kind, tier } = notice
  return (
    <li className={`told-${what}`}>
      <time>{dateTimeText(atMs)}</time>
      <b>
        {ICONS[what]} {t(SENTENCES[what], { channel: notice.channel.label, whom: whomOf(notice, t('outbox.place')) })}
      </b>
      {kind === 'escalation' ? (
        <span className="mark mark-medium">{t('told.escalated', { tier: tier + 1 })}</span>
      ) : (
        kind !== 'raise' && <span className="mark mark-plain">{t(`kind.${kind}`)}</span>
      )}
      {text && <span className="answer">{words.half(text)}</span>}
    </li>
  )
}

/** The person, or what the channel reaches. */
export function whomOf({ person, address }: Notice, place: string): string {
  return person?.name ?? (address || place)
}
