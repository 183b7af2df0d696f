import type { Alarm } from '@roomkeeper/shared/http'
import { useEffect, useState } from 'react'
import { useExternalStore } from '../../client/external-store.ts'
import { useMe } from '../../client/session.ts'
import { useNowMs } from '../../ui/use-now.ts'
import { audioStore, setBeeping, unlockAudio } from './beeper.ts'
import { type Mute, muteOf, soundDecision } from './sound-decision.ts'

export interface SoundControl {
  /** `blocked`: it should sound, but the browser wants a click first. */
  state: 'quiet' | 'off-duty' | 'muted' | 'sounding' | 'blocked'
  mutedSecondsLeft: number
  /** Only a drill sounds. */
  isDrill: boolean
  press: () => void
}

/** Makes the sound while the alarms ask for it, and lets a person silence the present ones for a moment. */
export function useSound(alarms: readonly Alarm[]): SoundControl {
  const me = useMe()
  const nowMs = useNowMs()
  const audio = useExternalStore(audioStore)
  const [mute, setMute] = useState<Mute | null>(null)
  const sound = soundDecision({ alarms, isOnDuty: me.onDuty, mute, nowMs })
  const wanted = sound.state === 'sounding' ? sound.tone : 'no'

  useEffect(() => setBeeping(wanted), [wanted])
  useEffect(() => () => setBeeping('no'), [])
  useEffect(() => {
    // The first click or key anywhere, e.g. signing in, unlocks sound long before it is needed. Not `pointerdown`: the banner
    // would vanish under the finger, and the click would land on whatever moved there.
    document.addEventListener('click', unlockAudio)
    document.addEventListener('keydown', unlockAudio)
    return () => {
      document.removeEventListener('click', unlockAudio)
      document.removeEventListener('keydown', unlockAudio)
    }
  }, [])

  const state = sound.state === 'sounding' && audio === 'blocked' ? 'blocked' : sound.state
  return {
    state,
    isDrill: wanted === 'drill',
    mutedSecondsLeft: sound.state === 'muted' ? Math.ceil((sound.untilMs - nowMs) / 1000) : 0,
    press: () => {
      unlockAudio()
      if (state === 'sounding') setMute(muteOf(alarms, nowMs))
      else if (state === 'muted') setMute(null)
    },
  }
}
