import { EditOutlined } from '@ant-design/icons'
import type { UpsTruth as Truth } from '@roomkeeper/shared/http'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { serverClock } from '../../client/clock.ts'
import { useMay } from '../../client/session.ts'
import { dateText } from '../../i18n/format.ts'
import { useWords } from '../../i18n/use-words.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { QueryView } from '../../ui/states.tsx'
import { Span, Time } from '../../ui/Time.tsx'
import { verdictOf } from './countdown.ts'

const BatteryDialog = lazy(async () => ({ default: (await import('./BatteryDialog.tsx')).BatteryDialog }))

/** Warmer than this shortens a battery's life (VRLA are rated at 25 °C); a kelvin more is within the sensor. */
const WARM_CELSIUS = 26

/** What each UPS of a room promises, what it was measured to do, and when its battery is due. */
export function UpsTruth({ roomId }: { roomId: number }) {
  const { t } = useTranslation('thermal')
  const query = useQuery(queries.thermal.upsTruth.queryOptions({ input: { roomId } }))
  return (
    <>
      <h3>{t('truth.title')}</h3>
      <QueryView query={query}>
        {(data) => {
          const upses = data as Truth[]
          if (upses.length === 0) return <p className="muted">{t('truth.none')}</p>
          return upses.map((ups) => <OneUps key={ups.deviceId} ups={ups} />)
        }}
      </QueryView>
    </>
  )
}

function OneUps({ ups }: { ups: Truth }) {
  const { t } = useTranslation('thermal')
  const words = useWords()
  const minutes = (seconds: number | null) => (seconds === null ? '—' : t('truth.minutes', { count: Math.floor(seconds / 60) }))
  const round = (value: number | null) => (value === null ? '—' : Math.round(value))
  return (
    <article className="ups-truth" data-testid={`ups-truth-${ups.deviceId}`}>
      <h4>{words.deviceOf(ups)}</h4>
      <dl className="ups-facts">
        <div>
          <dt>{t('truth.now', { load: round(ups.loadPercent), charge: round(ups.chargePercent) })}</dt>
          <dd>
            {t('truth.claimed')} <b>{ups.claimedSeconds === null ? t('truth.noClaim') : minutes(ups.claimedSeconds)}</b>
            {ups.learnedSeconds !== null && (
              <>
                {' · '}
                {t('truth.learned')} <b>{minutes(ups.learnedSeconds)}</b>
              </>
            )}
          </dd>
        </div>
        <div>
          <dt>{t('truth.verdict')}</dt>
          <dd>
            <Verdict ups={ups} />
          </dd>
        </div>
        <Battery ups={ups} />
      </dl>
      {ups.discharges.length > 0 && (
        <DataTable
          rows={ups.discharges}
          rowKey={({ id }) => id}
          caption={t('truth.discharges')}
          columns={[
            {
              key: 'when',
              title: t('truth.discharges'),
              render: ({ startMs, isOfEarlierBattery }) => (
                <>
                  <Time ms={startMs} /> {isOfEarlierBattery && <span className="mark mark-plain">{t('truth.earlier')}</span>}
                </>
              ),
            },
            { key: 'length', title: t('gaps.length'), render: ({ startMs, endMs }) => <Span ms={endMs - startMs} /> },
            { key: 'used', title: t('truth.used'), render: ({ chargeUsed }) => `${Math.round(100 * chargeUsed)} %` },
            { key: 'load', title: t('truth.load'), render: ({ meanLoadPercent }) => `${Math.round(meanLoadPercent)} %` },
            { key: 'full', title: t('truth.full'), render: ({ fullLoadSeconds }) => minutes(fullLoadSeconds) },
            { key: 'claimed', title: t('truth.fullClaimed'), render: ({ claimedFullLoadSeconds }) => minutes(claimedFullLoadSeconds) },
          ]}
        />
      )}
    </article>
  )
}

function Verdict({ ups: { measured, claimRatio } }: { ups: Truth }) {
  const { t } = useTranslation('thermal')
  if (measured === 0) return <span className="muted">{t('truth.unmeasured')}</span>
  const count = <span className="muted">{t('truth.measured', { count: measured })}</span>
  if (claimRatio === null) return count
  const { key, percent } = verdictOf(claimRatio)
  const mark = key === 'tooMuch' ? (percent >= 30 ? 'mark-high' : 'mark-medium') : 'mark-ok'
  return (
    <>
      <span className={`mark ${mark}`} data-testid="ups-verdict">
        {t(`truth.${key}`, { percent })}
      </span>{' '}
      {count}
    </>
  )
}

function Battery({ ups }: { ups: Truth }) {
  const { t } = useTranslation('thermal')
  const mayWrite = useMay('maintenance.write')
  const [isEditing, setIsEditing] = useState(false)
  const { battery, replacement, batteryCelsius } = ups
  const facts = [
    battery?.installedMs ? t('truth.installed', { date: dateText(battery.installedMs) }) : t('truth.installedUnknown'),
    ...(battery?.nominalFullLoadMinutes ? [t('truth.nominal', { minutes: battery.nominalFullLoadMinutes })] : []),
    ...(battery ? [t('truth.by', { name: battery.by, date: dateText(battery.atMs) })] : []),
    ...(batteryCelsius !== null && batteryCelsius > WARM_CELSIUS ? [t('truth.warm', { celsius: batteryCelsius.toFixed(0) })] : []),
    ...(battery?.note ? [battery.note] : []),
  ]
  return (
    <div>
      <dt>{t('truth.battery')}</dt>
      <dd>
        {replacement ? <Replacement replacement={replacement} /> : <span className="muted">{t('truth.dueUnknown')}</span>}
        <span className="muted wrap-any">{facts.join(' · ')}</span>
        {mayWrite && (
          <Button
            size="small"
            icon={<EditOutlined />}
            className="ups-edit"
            data-testid={`battery-edit-${ups.deviceId}`}
            onClick={() => setIsEditing(true)}
          >
            {t('truth.edit')}
          </Button>
        )}
        {isEditing && (
          <Suspense>
            <BatteryDialog ups={ups} onClose={() => setIsEditing(false)} />
          </Suspense>
        )}
      </dd>
    </div>
  )
}

function Replacement({ replacement }: { replacement: NonNullable<Truth['replacement']> }) {
  const { t } = useTranslation('thermal')
  const { dueMs, earliestMs, latestMs, basis, confidence, capacityShare } = replacement
  const isDue = dueMs <= serverClock.nowMs()
  const notes = [
    t('truth.between', { from: dateText(earliestMs), to: dateText(latestMs) }),
    t(`truth.basis.${basis}`),
    ...(capacityShare === null ? [] : [t('truth.share', { percent: Math.round(100 * capacityShare) })]),
    t(`truth.confidence.${confidence}`),
  ]
  return (
    <>
      <b className={isDue ? 'mark mark-high' : ''} data-testid="battery-due">
        {t(isDue ? 'truth.overdue' : 'truth.due', { date: dateText(dueMs) })}
      </b>
      <span className="muted">{notes.join(' · ')}</span>
    </>
  )
}
