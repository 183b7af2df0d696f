import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { serverClock, subscribeSecond } from '../../client/clock.ts'
import { dateTimeText, spanOf } from '../../i18n/format.ts'
import { type LivePoint, latestOf } from './use-point-look.ts'
import { writeText } from './write-text.ts'

/** How old a point's reading is, counting up. Written straight into the element: hundreds of ages a second are no work for React. */
export function Age({ point }: { point: LivePoint }) {
  const { t } = useTranslation()
  const ref = useRef<HTMLTimeElement>(null)
  useEffect(() => {
    const write = () => {
      const element = ref.current
      if (!element || document.hidden) return
      const { timeMs } = latestOf(point)
      const { unit, count } = spanOf(timeMs === null ? 0 : serverClock.nowMs() - timeMs)
      const text = timeMs === null ? t('live.noReading') : t(`ago.${unit}`, { count })
      writeText(element, text)
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
