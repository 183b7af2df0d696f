import { AudioMutedOutlined, NotificationFilled, SoundOutlined } from '@ant-design/icons'
import type { Alarm } from '@roomkeeper/shared/http'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useExternalStore } from '../../client/external-store.ts'
import { useMe } from '../../client/session.ts'
import { useNowMs } from '../../ui/use-now.ts'
import { audioStore, setBeeping, unlockAudio } from './beeper.ts'
import { MUTE_MS, type Mute, soundDecision } from './sound-decision.ts'
import './sound.css'

/** Makes the sound, and says what it is doing; a press silences the present alarms for two minutes. */
export function SoundState({ alarms }: { alarms: readonly Alarm[] }) {
  const { t } = useTranslation()
  const me = useMe()
  const nowMs = useNowMs()
  const audio = useExternalStore(audioStore)
  const [mute, setMute] = useState<Mute | null>(null)
  const sound = soundDecision({ alarms, isOnDuty: me.onDuty, mute, nowMs })
  const wanted = sound.state === 'sounding' ? (sound.isCritical ? 'critical' : 'high') : 'no'
  const isBlocked = audio === 'blocked' && sound.state === 'sounding'

  useEffect(() => setBeeping(wanted), [wanted])
  useEffect(() => () => setBeeping('no'), [])
  useEffect(() => {
    // The first click or key anywhere, e.g. signing in, unlocks sound long before it is needed.
    document.addEventListener('pointerdown', unlockAudio)
    document.addEventListener('keydown', unlockAudio)
    return () => {
      document.removeEventListener('pointerdown', unlockAudio)
      document.removeEventListener('keydown', unlockAudio)
    }
  }, [])

  const state = isBlocked ? 'blocked' : sound.state
  const text = {
    quiet: () => t('sound.quiet'),
    'off-duty': () => t('sound.offDuty'),
    muted: () => t('sound.muted', { seconds: sound.state === 'muted' ? Math.ceil((sound.untilMs - nowMs) / 1000) : 0 }),
    sounding: () => t('sound.sounding'),
    blocked: () => t('sound.blocked'),
  }[state]()

  function onPress(): void {
    unlockAudio()
    if (state === 'sounding') setMute({ untilMs: nowMs + MUTE_MS, alarmIds: alarms.map(({ id }) => id) })
    else if (state === 'muted') setMute(null)
  }

  const canPress = state === 'sounding' || state === 'muted' || state === 'blocked'
  return (
    <>
      <button
        type="button"
        className={`bar-button sound sound-${state}`}
        data-testid="sound-state"
        data-state={state}
        disabled={!canPress}
        title={state === 'sounding' ? t('sound.muteHint') : text}
        onClick={onPress}
      >
        {state === 'sounding' ? <NotificationFilled /> : state === 'quiet' ? <SoundOutlined /> : <AudioMutedOutlined />}
        <span className={state === 'sounding' || state === 'muted' ? '' : 'hide-phone'}>
          {state === 'sounding' ? t('sound.mute') : text}
        </span>
      </button>
      {isBlocked && (
        <button type="button" className="sound-banner" onClick={unlockAudio}>
          <NotificationFilled /> {t('sound.enable')}
        </button>
      )}
    </>
  )
}
