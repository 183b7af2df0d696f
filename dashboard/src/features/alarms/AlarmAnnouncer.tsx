import type { Alarm } from '@roomkeeper/shared/http'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { showToast } from '../../ui/toasts.tsx'
import { useAlarmWords } from './use-alarm-words.ts'

/** Says each new alarm once: to screen readers, and as a note in the corner. Several at once are one note. */
export function AlarmAnnouncer({ alarms }: { alarms: readonly Alarm[] }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const alarmWords = useAlarmWords()
  const [spoken, setSpoken] = useState('')
  const known = useRef<Set<number> | undefined>(undefined)

  useEffect(() => {
    const unacknowledged = alarms.filter((alarm) => alarm.state === 'UNACK')
    const before = known.current
    known.current = new Set([...(before ?? []), ...unacknowledged.map(({ id }) => id)])
    // An alarm that was acknowledged and comes back under the same id is new again.
    for (const alarm of alarms) if (alarm.state !== 'UNACK') known.current.delete(alarm.id)
    const fresh = unacknowledged.filter(({ id }) => before && !before.has(id))
    const first = fresh[0]
    if (!first) return
    const sentence = alarmWords.sentence(first)
    const more = fresh.length > 1 ? t('alarms.andMore', { count: fresh.length - 1 }) : ''
    setSpoken(`${t('alarms.new')}: ${sentence} ${more}`)
    showToast({
      kind: 'alarm',
      key: 'new-alarm',
      title: t('alarms.new'),
      text: `${sentence} ${more}`,
      onClick: () => void navigate('/alarms'),
    })
  }, [alarms, alarmWords, navigate, t])

  return (
    <div className="visually-hidden" role="status" aria-live="assertive" data-testid="alarm-announcer">
      {spoken}
    </div>
  )
}
