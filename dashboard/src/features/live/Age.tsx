import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { serverClock, subscribeSecond } from '../../client/clock.ts'
import { dateTimeText, spanOf } from '../../i18n/format.ts'

/** How old a reading is, counting up. Written straight into the element: hundreds of ages a second are no work for React. */
export function Age({ timeMs }: { timeMs: number | null }) {
  const { t } = useTranslation()
  const ref = useRef<HTMLTimeElement>(null)
  useEffect(() => {
    const write = () => {
      const element = ref.current
      if (!element) return
      const { unit, count } = spanOf(timeMs === null ? 0 : serverClock.nowMs() - timeMs)
      const text = timeMs === null ? t('live.noReading') : t(`ago.${unit}`, { count })
      if (element.textContent !== text) element.textContent = text
    }
    write()
    return subscribeSecond(write)
  }, [timeMs, t])
  return <time ref={ref} className="age" title={timeMs === null ? undefined : dateTimeText(timeMs)} />
}
