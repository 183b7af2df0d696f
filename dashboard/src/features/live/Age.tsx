import type { TFunction } from 'i18next'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { serverClock, subscribeSecond } from '../../client/clock.ts'
import { dateTimeText, spanOf } from '../../i18n/format.ts'
import { type LivePoint, latestOf } from './use-point-look.ts'
import { writeText } from './write-text.ts'

/** Hundreds of points of a page have the same few ages; making each text anew was a third of the page's script time at 500 readings/s. */
const agoTexts = new WeakMap<TFunction, Map<string, string>>()
function agoText(t: TFunction, ageMs: number): string {
  const texts = agoTexts.get(t) ?? new Map<string, string>()
  agoTexts.set(t, texts)
  const { unit, count } = spanOf(ageMs)
  const key = `${unit} ${count}`
  const text = texts.get(key) ?? t(`ago.${unit}`, { count })
  texts.set(key, text)
  return text
}

/** How old a point's reading is, counting up. Written straight into the element: hundreds of ages a second are no work for React. */
export function Age({ point }: { point: LivePoint }) {
  const { t } = useTranslation()
  const ref = useRef<HTMLTimeElement>(null)
  useEffect(() => {
    const write = () => {
      const element = ref.current
      if (!element || document.hidden) return
      const { timeMs } = latestOf(point)
      writeText(element, timeMs === null ? t('live.noReading') : agoText(t, serverClock.nowMs() - timeMs))
    }
    write()
    return subscribeSecond(write)
  }, [point, t])
  const title = () => {
    const { timeMs } = latestOf(point)
    if (ref.current && timeMs !== null) ref.current.title = dateTimeText(timeMs)
  }
  return <time ref={ref} className="age" onPointerEnter={title} />
}
