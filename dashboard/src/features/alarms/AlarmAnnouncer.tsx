import type { Alarm } from '@roomkeeper/shared/http'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { retellToast, showToast } from '../../ui/toasts.tsx'
import { newsKeys, stillWaiting } from './alarm-order.ts'
import { useAlarmWords } from './use-alarm-words.ts'

const TOAST = 'new-alarm'

/**
 * Says each new alarm once: to screen readers, and as a note in the corner. Several at once are one note. It goes when none of them waits for
 * a person any more: acknowledged here, elsewhere or by SMS, or silent.
 */
export function AlarmAnnouncer({ alarms }: { alarms: readonly Alarm[] }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const alarmWords = useAlarmWords()
  const [spoken, setSpoken] = useState('')
  const known = useRef<ReadonlyMap<number, number> | undefined>(undefined)
  /** What the note in the corner is about. */
  const told = useRef<ReadonlySet<number>>(new Set())

  useEffect(() => {
    const before = known.current
    const now = newsKeys(alarms)
    known.current = now
    // On the first look nothing is news: the list says it.
    const fresh = before ? alarms.filter(({ id }) => (now.get(id) ?? -1) > (before.get(id) ?? -1)) : []
    const textOf = ([first, ...more]: readonly Alarm[]) =>
      first && [alarmWords.sentence(first), more.length > 0 ? t('alarms.andMore', { count: more.length }) : ''].join('')
    const text = textOf(fresh)
    if (text === undefined) {
      const waiting = stillWaiting(told.current, alarms)
      if (waiting.length === told.current.size) return
      told.current = new Set(waiting.map(({ id }) => id))
      retellToast(TOAST, textOf(waiting))
      return
    }
    told.current = new Set(fresh.map(({ id }) => id))
    setSpoken(`${t('alarms.new')}: ${text}`)
    showToast({
      kind: 'alarm',
      key: TOAST,
      title: t('alarms.new'),
      text,
      onClick: () => void navigate('/alarms'),
    })
  }, [alarms, alarmWords, navigate, t])

  return (
    <div className="visually-hidden" role="status" aria-live="assertive" data-testid="alarm-announcer">
      {spoken}
    </div>
  )
}
