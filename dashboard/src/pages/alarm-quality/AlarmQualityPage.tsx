import type { AlarmQuality } from '@roomkeeper/shared/http'
import { useQuery } from '@tanstack/react-query'
import { Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { queries } from '../../client/api.ts'
import { dateTimeText } from '../../i18n/format.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import { QueryView } from '../../ui/states.tsx'
import { Span, Time } from '../../ui/Time.tsx'
import { Nuisances } from './Nuisances.tsx'
import { loadVerdict, priorityShares } from './quality-figures.ts'
import '../../features/alarms/alarms.css'
import './alarm-quality.css'

const PERIODS = [7, 30, 90] as const

/** Whether the alarms can be taken seriously, by ISA-18.2, and what would help where they cannot. */
export function AlarmQualityPage() {
  const { t } = useTranslation('life')
  const { t: common } = useTranslation()
  const [search, setSearch] = useSearchParams()
  const days = PERIODS.find((each) => String(each) === search.get('days')) ?? 7
  const query = useQuery(queries.life.quality.queryOptions({ input: { days } }))
  const stale = useQuery(queries.life.summary.queryOptions()).data?.stale
  return (
    <>
      <PageHead title={common('nav.alarmQuality')} note={t('quality.note')}>
        <Segmented
          value={days}
          options={PERIODS.map((value) => ({
            value,
            label: common(value === 7 ? 'range.7d' : value === 30 ? 'range.30d' : 'span.days', { count: value }),
          }))}
          onChange={(next) => setSearch(next === 7 ? {} : { days: String(next) })}
        />
      </PageHead>
      <QueryView query={query}>
        {(quality) => (
          <>
            <Figures quality={quality} stale={stale} />
            <Floods floods={quality.floods} />
            <Nuisances nuisances={quality.nuisances} />
          </>
        )}
      </QueryView>
    </>
  )
}

function Figures({ quality, stale }: { quality: AlarmQuality; stale: number | undefined }) {
  const { t } = useTranslation('life')
  const verdict = loadVerdict(quality.perOperatorHour, quality.acceptablePerOperatorHour)
  return (
    <dl className="quality-figures" data-testid="quality-figures">
      <div className={`panel figure figure-${verdict}`}>
        <dt>{t('quality.load')}</dt>
        <dd>
          <b>{quality.perOperatorHour.toFixed(quality.perOperatorHour < 10 ? 1 : 0)}</b>
          <span className="muted"> {t('quality.loadTarget', { count: quality.acceptablePerOperatorHour })}</span>
          <div>{t(`quality.verdict.${verdict}`)}</div>
          <div className="muted">{t('quality.loadFrom', { count: quality.annunciated, operators: quality.operators })}</div>
        </dd>
      </div>
      <div className="panel figure">
        <dt>{t('quality.priorities')}</dt>
        <dd>
          <Shares byPriority={quality.byPriority} />
        </dd>
      </div>
      <div className={`panel figure ${quality.floods.length > 0 ? 'figure-much' : 'figure-good'}`}>
        <dt>{t('quality.floods')}</dt>
        <dd>
          <b>{quality.floods.length}</b>
          <div>{t(quality.floods.length > 0 ? 'quality.floodsSome' : 'quality.floodsNone')}</div>
          <div className="muted">{t('quality.floodsExplained')}</div>
        </dd>
      </div>
      <div className={`panel figure ${stale ? 'figure-much' : 'figure-good'}`}>
        <dt>{t('quality.stale')}</dt>
        <dd>
          <b>{stale ?? '—'}</b>
          <div>{stale ? <Link to="/alarms?scope=stale">{t('quality.staleShow')}</Link> : t('quality.staleNone')}</div>
          <div className="muted">{t('list.staleExplained')}</div>
        </dd>
      </div>
    </dl>
  )
}

const percent = (share: number): string => `${Math.round(share * 100)} %`

function Shares({ byPriority }: { byPriority: AlarmQuality['byPriority'] }) {
  const { t } = useTranslation('life')
  const shares = priorityShares(byPriority)
  if (shares.every(({ share }) => share === null)) return <span className="muted">{t('quality.noAlarms')}</span>
  return (
    <ul className="shares">
      {shares.map(({ name, count, share, target, isTooMany }) => (
        <li key={name} className={isTooMany ? 'share-much' : ''}>
          <span className="share-name">{t(`quality.share.${name}`)}</span>
          <span className="share-bar" aria-hidden="true">
            <span className={`share-fill share-${name}`} style={{ width: `${(share ?? 0) * 100}%` }} />
            <span className="share-target" style={{ left: `${target * 100}%` }} />
          </span>
          <span className="nowrap">
            {percent(share ?? 0)}{' '}
            <span className="muted">
              / {percent(target)} · {count}
            </span>
          </span>
        </li>
      ))}
    </ul>
  )
}

function Floods({ floods }: { floods: AlarmQuality['floods'] }) {
  const { t } = useTranslation('life')
  if (floods.length === 0) return null
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{t('quality.floods')}</h2>
      </div>
      <ul className="flood-list">
        {floods.map(({ fromMs, toMs, peak }) => (
          <li key={fromMs}>
            <time title={dateTimeText(fromMs)}>
              <Time ms={fromMs} />
            </time>
            <span>
              {toMs === null ? (
                <b className="flood-now">{t('quality.floodNow')}</b>
              ) : (
                <>
                  {t('list.lasted')} <Span ms={toMs - fromMs} />
                </>
              )}
            </span>
            <span className="muted">{t('quality.peak', { count: peak })}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
