import { FireOutlined } from '@ant-design/icons'
import type { PointLevels } from '@roomkeeper/shared/http'
import { useTranslation } from 'react-i18next'
import { useWords } from '../../i18n/use-words.ts'
import { type HotSpot, hotSpots, meanOf } from './hot-spots.ts'
import type { PlacedProbe } from './placed.ts'
import { spotReadings, useEachSecond } from './read-now.ts'

interface Props {
  probes: readonly PlacedProbe[]
  levels: ReadonlyMap<number, PointLevels>
  onOpen: (pointId: number) => void
}

interface Summary {
  used: number
  mean: number | null
  coolest: { pointId: number; celsius: number } | null
  hottest: { pointId: number; celsius: number } | null
  spots: HotSpot[]
}
const MOST_SHOWN = 4

/** Rounded to what is shown, so that it is rendered when it reads differently. */
function summaryOf(probes: readonly PlacedProbe[], levels: ReadonlyMap<number, PointLevels>): Summary {
  const readings = spotReadings(probes, levels)
  const sorted = [...readings].sort((a, b) => a.celsius - b.celsius)
  const rounded = (value: number) => Math.round(value * 10) / 10
  const end = (at: number) => {
    const reading = sorted.at(at)
    return reading ? { pointId: reading.pointId, celsius: rounded(reading.celsius) } : null
  }
  const mean = meanOf(readings)
  return {
    used: readings.length,
    mean: mean === undefined ? null : rounded(mean),
    coolest: end(0),
    hottest: end(-1),
    spots: hotSpots(readings).map((spot) => ({ ...spot, celsius: rounded(spot.celsius), aboveMean: rounded(spot.aboveMean) })),
  }
}

/** Where it is too hot, by name; and what is the coolest, the mean and the hottest of all heights. */
export function HotSpots({ probes, levels, onOpen }: Props) {
  const { t } = useTranslation('plan')
  const words = useWords()
  const summary = JSON.parse(useEachSecond(() => JSON.stringify(summaryOf(probes, levels)))) as Summary
  const total = probes.filter(({ of }) => of.temperature).length
  const placeOf = (pointId: number): string => {
    const probe = probes.find(({ of }) => of.temperature?.point.id === pointId)
    if (!probe?.of.temperature) return ''
    return probe.rackName === null
      ? probe.item.name || words.point(probe.of.temperature.point)
      : `${probe.rackName} ${t(`layer.${probe.layer}`)}`
  }
  const { spots, coolest, hottest } = summary
  return (
    <section className="plan-spots" aria-label={t('spots.title')}>
      <h3>{t('spots.title')}</h3>
      {spots.length === 0 && (
        <p className={summary.used === 0 ? 'muted' : 'plan-calm'} data-testid="plan-calm">
          {summary.used === 0 ? t('spots.unknown') : t('spots.none', { used: summary.used, total })}
        </p>
      )}
      <ul>
        {spots.slice(0, MOST_SHOWN).map(({ pointId, celsius, aboveMean, reason }) => (
          <li key={pointId}>
            <button
              type="button"
              className={`plan-spot plan-spot-${reason}`}
              onClick={() => onOpen(pointId)}
              data-testid={`hot-spot-${pointId}`}
            >
              <FireOutlined />
              <span>
                <b>{t('spots.at', { place: placeOf(pointId), celsius: celsius.toFixed(1) })}</b>
                {reason === 'limit' && ` · ${t('spots.overLimit')}`}
                <br />
                {t(aboveMean < 0 ? 'spots.below' : 'spots.above', { kelvin: Math.abs(aboveMean).toFixed(1) })}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {spots.length > MOST_SHOWN && <p className="muted">{t('spots.more', { count: spots.length - MOST_SHOWN })}</p>}
      {coolest && hottest && summary.mean !== null && (
        <dl className="plan-figures">
          <dt>{t('spots.hottest')}</dt>
          <dd>
            <b>{hottest.celsius.toFixed(1)} ℃</b> {placeOf(hottest.pointId)}
          </dd>
          <dt>{t('spots.mean')}</dt>
          <dd>
            <b>{summary.mean.toFixed(1)} ℃</b>
          </dd>
          <dt>{t('spots.coolest')}</dt>
          <dd>
            <b>{coolest.celsius.toFixed(1)} ℃</b> {placeOf(coolest.pointId)}
          </dd>
        </dl>
      )}
    </section>
  )
}
