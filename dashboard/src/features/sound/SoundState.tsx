import { AudioMutedOutlined, NotificationFilled, SoundOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { unlockAudio } from './beeper.ts'
import type { SoundControl } from './use-sound.ts'
import './sound.css'

/** Says what the sound is doing; a press silences the present alarms for two minutes. */
export function SoundState({ sound }: { sound: SoundControl }) {
  const { t } = useTranslation()
  const { state } = sound
  const text = {
    quiet: t('sound.quiet'),
    'off-duty': t('sound.offDuty'),
    muted: t('sound.muted', { seconds: sound.mutedSecondsLeft }),
    sounding: sound.isDrill ? `${t('alarms.drill')} · ${t('sound.mute')}` : t('sound.mute'),
    blocked: t('sound.blocked'),
  }[state]
  const isIdle = state === 'quiet' || state === 'off-duty'
  return (
    <button
      type="button"
      className={`bar-button sound sound-${state}${sound.isDrill ? ' sound-drill' : ''}`}
      data-testid="sound-state"
      data-state={state}
      disabled={isIdle}
      title={state === 'sounding' && !sound.isDrill ? t('sound.muteHint') : text}
      onClick={sound.press}
    >
      {state === 'sounding' ? <NotificationFilled /> : state === 'quiet' ? <SoundOutlined /> : <AudioMutedOutlined />}
      <span className="hide-phone">{text}</span>
      {state === 'sounding' && <span className="only-phone">{t(sound.isDrill ? 'alarms.drill' : 'sound.muteShort')}</span>}
      {state === 'muted' && <span className="only-phone">{sound.mutedSecondsLeft}</span>}
    </button>
  )
}

/** It should sound and the browser does not let it: the whole strip is the button. */
export function SoundBanner({ sound }: { sound: SoundControl }) {
  const { t } = useTranslation()
  if (sound.state !== 'blocked') return null
  return (
    <button type="button" className="sound-banner" data-testid="sound-banner" onClick={unlockAudio}>
      <NotificationFilled /> {sound.isDrill && `[${t('alarms.drill')}] `}
      {t('sound.enable')}
    </button>
  )
}
