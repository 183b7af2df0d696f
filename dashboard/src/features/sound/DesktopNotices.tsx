import type { Alarm } from '@roomkeeper/shared/http'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useMe } from '../../client/session.ts'
import { useAlarmWords } from '../alarms/use-alarm-words.ts'
import { desktopNotice } from './desktop-notice.ts'

/** One for all browsers' windows of this server: the second window replaces the first one's instead of adding to it. */
const TAG = 'roomkeeper-alarms'
const DECLINED_KEY = 'roomkeeper.desktopNotices'

/** Absent without HTTPS (except on localhost); telephones have it but let no page make one. */
const isSupported = (): boolean => 'Notification' in window && window.isSecureContext && !/Android|iPhone|iPad/.test(navigator.userAgent)

/**
 * Notifications outside of the page, while it is hidden. The browser is asked for permission only when a person clicks, after the strip
 * has said what for: a browser that is asked unbidden, and told no, never asks again.
 */
export function DesktopNotices({ alarms }: { alarms: readonly Alarm[] }) {
  const { t } = useTranslation()
  const me = useMe()
  const navigate = useNavigate()
  const words = useAlarmWords()
  const [permission, setPermission] = useState(() => (isSupported() ? Notification.permission : 'denied'))
  const [isDeclined, setIsDeclined] = useState(() => localStorage.getItem(DECLINED_KEY) === 'no')
  const isHidden = useIsHidden()
  const shown = useRef<{ notification: Notification; ids: Set<number> } | undefined>(undefined)

  useEffect(() => {
    if (permission !== 'granted') return
    const shownIds = shown.current?.ids ?? new Set<number>()
    const decision = desktopNotice({ alarms, isOnDuty: me.onDuty, isHidden, shownIds })
    if (decision.action === 'keep') return
    shown.current?.notification.close()
    shown.current = undefined
    const [first] = decision.action === 'show' ? decision.alarms : []
    if (decision.action === 'close' || first === undefined) return
    const count = decision.alarms.length
    const notification = new Notification(t('sound.noticeTitle', { count }), {
      body: words.sentence(first),
      tag: TAG,
      icon: '/favicon.svg',
      requireInteraction: true,
    })
    notification.addEventListener('click', () => {
      window.focus()
      void navigate('/alarms')
    })
    shown.current = { notification, ids: new Set(decision.alarms.map(({ id }) => id)) }
  }, [alarms, me.onDuty, isHidden, permission, t, words, navigate])
  // Signed out or left: nobody closes it any more.
  useEffect(() => () => shown.current?.notification.close(), [])

  if (permission !== 'default' || isDeclined || !me.onDuty) return null
  const decline = (): void => {
    localStorage.setItem(DECLINED_KEY, 'no')
    setIsDeclined(true)
  }
  return (
    <div className="notice-offer hide-phone" data-testid="notice-offer">
      <span>{t('sound.noticeOffer')}</span>
      <button
        type="button"
        className="bar-button"
        data-testid="notice-allow"
        onClick={() => void Notification.requestPermission().then(setPermission, () => setPermission('denied'))}
      >
        {t('sound.noticeAllow')}
      </button>
      <button type="button" className="bar-button" data-testid="notice-decline" onClick={decline}>
        {t('sound.noticeDecline')}
      </button>
    </div>
  )
}

function useIsHidden(): boolean {
  const [isHidden, setIsHidden] = useState(document.visibilityState === 'hidden')
  useEffect(() => {
    const look = (): void => setIsHidden(document.visibilityState === 'hidden')
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [])
  return isHidden
}
