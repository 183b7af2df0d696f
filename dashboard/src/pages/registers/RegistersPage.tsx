import { ClockCircleOutlined, ExclamationCircleFilled, PlusOutlined } from '@ant-design/icons'
import type { DueItem } from '@roomkeeper/shared/http'
import { useQuery } from '@tanstack/react-query'
import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { queries } from '../../client/api.ts'
import { serverClock } from '../../client/clock.ts'
import { duePath, groupEntries, inDueOrder, isSoon, newPath, QUICK_REGISTERS } from '../../features/registers/register-list.ts'
import { type RegisterEntry, useRegisters } from '../../features/registers/use-registers.ts'
import { useWords } from '../../i18n/use-words.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import { Empty, QueryView } from '../../ui/states.tsx'
import { Span, Time } from '../../ui/Time.tsx'
import { useNowMs } from '../../ui/use-now.ts'
import './registers-page.css'

/** Every register one may use; on top what waits for oneself and what anybody may need in a hurry. */
export function RegistersPage() {
  const { t } = useTranslation('registers')
  const registers = useRegisters()
  return (
    <>
      <PageHead title={t('title')} note={t('note')} />
      <QueryView query={registers}>
        {(entries) => (
          <>
            <QuickActions entries={entries} />
            <Waiting entries={entries} />
            {groupEntries(entries).map(({ group, entries: members }) => (
              <section key={group} className="register-group" aria-label={t(`group.${group}`)}>
                <h2 className="register-group-title">{t(`group.${group}`)}</h2>
                <ul className="register-cards">
                  {members.map((entry) => (
                    <RegisterCard key={entry.definition.name} entry={entry} />
                  ))}
                </ul>
              </section>
            ))}
            {entries.length === 0 && <Empty>{t('noneReadable')}</Empty>}
          </>
        )}
      </QueryView>
    </>
  )
}

function QuickActions({ entries }: { entries: readonly RegisterEntry[] }) {
  const { t } = useTranslation('registers')
  const quick = QUICK_REGISTERS.filter((name) => entries.some(({ definition, mayCreate }) => definition.name === name && mayCreate))
  if (quick.length === 0) return null
  return (
    <div className="quick-actions">
      {quick.map((name) => (
        <Link key={name} to={newPath(name)} className="quick-action" data-testid={`quick-${name}`}>
          <PlusOutlined /> <b>{t(`quick.${name}.title`)}</b>
          <span className="muted">{t(`quick.${name}.note`)}</span>
        </Link>
      ))}
    </div>
  )
}

/** What is due: one's own first, overdue on top. */
function Waiting({ entries }: { entries: readonly RegisterEntry[] }) {
  const { t } = useTranslation('registers')
  const query = useQuery(queries.registers.due.queryOptions())
  const [scope, setScope] = useState<'mine' | 'all'>('mine')
  const [isAll, setIsAll] = useState(false)
  const items = inDueOrder((query.data ?? []).filter(({ mine }) => scope === 'all' || mine))
  const nowMs = serverClock.nowMs()
  const shown = isAll ? items : items.filter((item) => isSoon(item, nowMs))
  const others = (query.data ?? []).some(({ mine }) => !mine)
  // Drafts and turns without a deadline are not due; the cards' counts say so.
  const hasTurns = entries.some(({ mine }) => mine > 0)
  return (
    <section className="panel todo" aria-label={t('waiting.title')}>
      <div className="panel-head">
        <h2>{t('waiting.title')}</h2>
        {others && (
          <Segmented<'mine' | 'all'>
            size="small"
            value={scope}
            options={[
              { value: 'mine', label: t('waiting.mine') },
              { value: 'all', label: t('waiting.all') },
            ]}
            onChange={setScope}
          />
        )}
      </div>
      <QueryView query={query}>
        {() =>
          items.length === 0 ? (
            <p className="todo-none muted">{t(hasTurns ? 'waiting.onlyTurns' : 'waiting.none')}</p>
          ) : (
            <>
              {shown.length === 0 && <p className="todo-none muted">{t('waiting.none')}</p>}
              <ul className="todo-list" data-testid="waiting-list">
                {shown.map((item) => (
                  <DueRow key={`${item.register}${item.scheduleId}-${item.recordId}`} item={item} />
                ))}
              </ul>
            </>
          )
        }
      </QueryView>
      {items.length > shown.length && (
        <div className="todo-more">
          <Button type="link" onClick={() => setIsAll(true)}>
            {t('waiting.later', { count: items.length - shown.length })}
          </Button>
        </div>
      )}
    </section>
  )
}

function DueRow({ item }: { item: DueItem }) {
  const { t } = useTranslation('registers')
  const words = useWords()
  const nowMs = useNowMs()
  const leftMs = item.dueAtMs - nowMs
  const isOverdue = item.overdue || leftMs < 0
  const title = words.of(item.title)
  // A schedule nobody named goes by its register, an inspection by its room: neither is said twice.
  const about = [item.number, words.half(item.text)].filter((text) => text && text !== title).join(' · ')
  const text = about.includes(item.roomName ?? '') ? about : [about, item.roomName].filter(Boolean).join(' · ')
  return (
    <li className={isOverdue ? 'todo-overdue' : ''}>
      <Link to={duePath(item)} className="todo-row">
        <span className="todo-what">
          <b>{title}</b> {text}
        </span>
        <span className="todo-when">
          {isOverdue ? <ExclamationCircleFilled /> : <ClockCircleOutlined />} {t(isOverdue ? 'waiting.overdueBy' : 'waiting.dueIn')}{' '}
          <Span ms={leftMs} />{' '}
          <span className="muted">
            <Time ms={item.dueAtMs} />
          </span>
        </span>
      </Link>
    </li>
  )
}

function RegisterCard({ entry }: { entry: RegisterEntry }) {
  const { t } = useTranslation('registers')
  const words = useWords()
  const { definition, mayCreate, open, overdue, mine } = entry
  const path = `/registers/${definition.name}`
  return (
    <li className="register-card" data-testid={`register-${definition.name}`}>
      <Link to={path} className="register-card-link">
        <span className="register-card-head">
          <b>{words.of(definition.title)}</b>
          <span className="register-clauses">{definition.clauses.join(' ')}</span>
        </span>
        <span className="register-summary">{words.of(definition.summary)}</span>
      </Link>
      <div className="register-card-foot">
        {overdue > 0 && (
          <Link to={`${path}?phase=overdue`} className="mark mark-critical">
            {t('counts.overdue', { count: overdue })}
          </Link>
        )}
        {mine > 0 && (
          <Link to={`${path}?phase=mine`} className="mark mark-medium">
            {t('counts.mine', { count: mine })}
          </Link>
        )}
        <Link to={`${path}?phase=open`} className="register-open">
          {t('counts.open', { count: open })}
        </Link>
        {mayCreate && (
          <Link to={newPath(definition.name)} className="register-new" aria-label={t('newOf', { title: words.of(definition.title) })}>
            <PlusOutlined /> {t('new')}
          </Link>
        )}
      </div>
    </li>
  )
}
