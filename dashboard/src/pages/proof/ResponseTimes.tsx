import type { ResponseTimes as Times } from '@roomkeeper/shared/http'
import { useQuery } from '@tanstack/react-query'
import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Empty, QueryView } from '../../ui/states.tsx'
import { Duration } from './Duration.tsx'

type Durations = Times['detectToSent']
const PERIODS = [30, 90, 365] as const
const KINDS = ['alarms', 'drills'] as const

/** From the reading to the notice, and from the reading to a person: measured, not promised. */
export function ResponseTimes() {
  const { t } = useTranslation('life')
  const { t: common } = useTranslation()
  const [days, setDays] = useState<(typeof PERIODS)[number]>(90)
  const [of, setOf] = useState<(typeof KINDS)[number]>('alarms')
  const query = useQuery(queries.proof.responseTimes.queryOptions({ input: { days, of } }))
  return (
    <>
      <div className="times-tools">
        <Segmented
          value={of}
          options={KINDS.map((value) => ({ value, label: <span data-testid={`times-${value}`}>{t(`times.of.${value}`)}</span> }))}
          onChange={setOf}
        />
        <Segmented
          value={days}
          options={PERIODS.map((value) => ({ value, label: common('span.days', { count: value }) }))}
          onChange={setDays}
        />
      </div>
      <QueryView query={query}>{(times) => <Measured times={times} of={of} />}</QueryView>
    </>
  )
}

function Measured({ times, of }: { times: Times; of: (typeof KINDS)[number] }) {
  const { t } = useTranslation('life')
  if (times.alarms === 0)
    return (
      <div className="panel">
        <Empty>{t(`times.none.${of}`)}</Empty>
      </div>
    )
  return (
    <>
      <div className="times-figures" data-testid="response-times">
        <Figure title={t('times.toSent')} explained={t('times.toSentExplained')} durations={times.detectToSent} />
        <Figure title={t('times.toAcknowledged')} explained={t('times.toAcknowledgedExplained')} durations={times.detectToAcknowledged} />
        <div className="panel times-figure">
          <h2>{t('times.acknowledged')}</h2>
          <b className="times-big">{Math.floor((times.acknowledged / times.alarms) * 100)} %</b>
          <p className="muted">{t('times.acknowledgedOf', { acknowledged: times.acknowledged, alarms: times.alarms })}</p>
        </div>
      </div>
      <ByChannel channels={times.byChannel} />
      <ByPerson people={times.byPerson} />
    </>
  )
}

/** The longest of a table's p95, to draw the others against. */
const longestOf = (all: readonly Durations[]): number => Math.max(1, ...all.map(({ p95Ms }) => p95Ms ?? 0))

/** How many alarms it needs before the p95 is more than the slowest few. */
const ENOUGH = 20

function Figure({ title, explained, durations }: { title: string; explained: string; durations: Durations }) {
  const { t } = useTranslation('life')
  return (
    <div className="panel times-figure">
      <h2>{title}</h2>
      <div className="times-pair">
        <div>
          <span className="muted">{t('times.p50')}</span>
          <b className="times-big">
            <Duration ms={durations.p50Ms} />
          </b>
        </div>
        <div>
          <span className="muted">{t('times.p95')}</span>
          <b className="times-big">
            <Duration ms={durations.p95Ms} />
          </b>
        </div>
      </div>
      <p className="muted">
        {explained}
        <br />
        {durations.count === 0 ? t('times.noneYet') : t(durations.count < ENOUGH ? 'times.few' : 'times.count', { count: durations.count })}
      </p>
    </div>
  )
}

/** p50 and p95 on one line: the darker part is the half, the lighter the slowest twentieth. */
function Range({ durations, longestMs }: { durations: Durations; longestMs: number }) {
  if (durations.p50Ms === null || durations.p95Ms === null) return <span className="muted">—</span>
  return (
    <span className="times-range">
      <span className="times-bar" aria-hidden="true">
        <span className="times-p95" style={{ width: `${(durations.p95Ms / longestMs) * 100}%` }} />
        <span className="times-p50" style={{ width: `${(durations.p50Ms / longestMs) * 100}%` }} />
      </span>
      <span className="nowrap">
        <Duration ms={durations.p50Ms} /> / <Duration ms={durations.p95Ms} />
      </span>
    </span>
  )
}

function ByChannel({ channels }: { channels: Times['byChannel'] }) {
  const { t } = useTranslation('life')
  const longestMs = longestOf(channels.map(({ detectToSent }) => detectToSent))
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{t('times.byChannel')}</h2>
        <span className="muted">{t('times.legend')}</span>
      </div>
      {channels.length === 0 ? (
        <Empty>{t('times.noChannels')}</Empty>
      ) : (
        <DataTable
          rows={channels}
          rowKey={({ channelId }) => channelId}
          caption={t('times.byChannel')}
          columns={[
            { key: 'label', title: t('times.channel'), className: 'no-label', render: ({ label }) => <b>{label}</b> },
            {
              key: 'sent',
              title: t('times.toSent'),
              render: ({ detectToSent }) => <Range durations={detectToSent} longestMs={longestMs} />,
            },
            { key: 'count', title: t('times.notices'), className: 'num', render: ({ detectToSent }) => detectToSent.count },
            {
              key: 'failed',
              title: t('times.failed'),
              className: 'num',
              render: ({ failed }) => <span className={failed > 0 ? 'drill-reason' : 'muted'}>{failed}</span>,
            },
          ]}
        />
      )}
    </section>
  )
}

function ByPerson({ people }: { people: Times['byPerson'] }) {
  const { t } = useTranslation('life')
  const longestSentMs = longestOf(people.map(({ detectToSent }) => detectToSent))
  const longestMs = longestOf(people.map(({ detectToAcknowledged }) => detectToAcknowledged))
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{t('times.byPerson')}</h2>
        <span className="muted">{t('times.byPersonNote')}</span>
      </div>
      {people.length === 0 ? (
        <Empty>{t('times.noPeople')}</Empty>
      ) : (
        <DataTable
          rows={people}
          rowKey={({ name }) => name}
          caption={t('times.byPerson')}
          columns={[
            { key: 'name', title: t('times.person'), className: 'no-label', render: ({ name }) => <b>{name}</b> },
            {
              key: 'sent',
              title: t('times.toSent'),
              render: ({ detectToSent }) => <Range durations={detectToSent} longestMs={longestSentMs} />,
            },
            {
              key: 'acknowledged',
              title: t('times.toAcknowledged'),
              render: ({ detectToAcknowledged }) => <Range durations={detectToAcknowledged} longestMs={longestMs} />,
            },
            { key: 'count', title: t('times.acknowledged'), className: 'num', render: ({ acknowledged }) => acknowledged },
          ]}
        />
      )}
    </section>
  )
}
