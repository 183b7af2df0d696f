import type { Bucket, Point } from '@roomkeeper/shared/http'
import { useCallback, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { liveStore } from '../../client/live-store.ts'
import { Sparkline } from '../../features/charts/Sparkline.tsx'
import { lookOf } from '../../features/live/PointValue.tsx'
import { latestOf, usePointLook } from '../../features/live/use-point-look.ts'
import { isNumeric, valueText } from '../../features/live/value-text.ts'
import { useWords } from '../../i18n/use-words.ts'

/** One value in figures to be read across the room. Without a fresh reading there is no figure at all: an old one would be believed. */
export function Figure({ point, buckets }: { point: Point; buckets: readonly Bucket[] | undefined }) {
  const { t } = useTranslation('wall')
  const { t: tAll, i18n } = useTranslation()
  const words = useWords()
  const look = lookOf(usePointLook(point))
  const reading = useSyncExternalStore(
    useCallback((listener: () => void) => liveStore.subscribe(point.id, listener), [point.id]),
    () => latestOf(point).value,
  )
  const isKnown = look === 'good'
  const { text, unit } = isKnown
    ? valueText(point.kind, point.unit, reading, tAll, i18n.language)
    : { text: t(look === 'bad' ? 'notBelieved' : 'unknown'), unit: '' }
  // `On battery · Discharging`: the first word is read across the room, the others follow smaller.
  const [first, ...others] = text.split(' · ')
  const tone = point.alarm ?? (isKnown ? 'ok' : 'unknown')
  return (
    <div className={`wall-figure wall-tone-${tone}`} data-testid={`wall-figure-${point.kind}`} data-look={look}>
      <span className="wall-label">{words.point(point)}</span>
      <span className={`wall-value ${isKnown && isNumeric(point.kind) ? '' : 'wall-value-word'}`}>
        {first}
        {others.length > 0 && <small className="wall-value-rest">{others.join(' · ')}</small>}
        {unit && <small> {unit}</small>}
      </span>
      {isNumeric(point.kind) && <Sparkline pointId={point.id} buckets={buckets} isNumeric lineWidthPx={3} />}
    </div>
  )
}
