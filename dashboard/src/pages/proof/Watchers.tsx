import { CheckCircleFilled, WarningFilled } from '@ant-design/icons'
import type { Watcher } from '@roomkeeper/shared/http'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useMay } from '../../client/session.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Time } from '../../ui/Time.tsx'
import { useNowMs } from '../../ui/use-now.ts'

/** A heartbeat goes each minute; without an answer for longer, the watcher is about to call people. */
const SILENT_MS = 3 * 60_000
const STEPS = ['init', 'edit', 'run', 'channel'] as const
const COMMANDS: Partial<Record<(typeof STEPS)[number], string>> = {
  init: 'roomkeeper watchdog --init > watchdog.yaml',
  run: 'roomkeeper watchdog --config watchdog.yaml',
}

/** Who notices when this server itself is dead. */
export function Watchers({ watchers }: { watchers: readonly Watcher[] }) {
  const { t } = useTranslation('life')
  const mayWrite = useMay('channels.write')
  return (
    <section className="panel" data-testid="watchers">
      <div className="panel-head">
        <h2>{t('watcher.title')}</h2>
        <span className="muted">{t('watcher.note')}</span>
      </div>
      <div className="panel-body proof-body">
        {watchers.length === 0 && (
          <p className="drill-off">
            <WarningFilled /> {t('watcher.none')}
          </p>
        )}
        <ul className="watchers">
          {watchers.map((watcher) => (
            <WatcherLine key={watcher.channelId} watcher={watcher} />
          ))}
        </ul>
        <details open={watchers.length === 0}>
          <summary>{t('watcher.how')}</summary>
          <ol className="watcher-steps">
            {STEPS.map((step) => (
              <li key={step}>
                {t(`watcher.step.${step}`)}
                {COMMANDS[step] && <code className="secret">{COMMANDS[step]}</code>}
                {step === 'channel' && mayWrite && (
                  <>
                    {' '}
                    <Link to="/notices?tab=channels">{t('watcher.toChannels')}</Link>
                  </>
                )}
              </li>
            ))}
          </ol>
        </details>
      </div>
    </section>
  )
}

function WatcherLine({ watcher: { label, enabled, lastAnsweredAtMs, answer } }: { watcher: Watcher }) {
  const { t } = useTranslation('life')
  const words = useWords()
  const nowMs = useNowMs()
  const state = !enabled ? 'off' : lastAnsweredAtMs !== null && nowMs - lastAnsweredAtMs < SILENT_MS ? 'ok' : 'silent'
  return (
    <li data-state={state}>
      <b>{label}</b>
      <span className={`mark ${state === 'ok' ? 'mark-ok' : state === 'silent' ? 'mark-critical' : 'mark-old'}`}>
        {state === 'ok' ? <CheckCircleFilled /> : state === 'silent' ? <WarningFilled /> : null} {t(`watcher.state.${state}`)}
      </span>
      <span>
        {t('watcher.lastAnswered')} {lastAnsweredAtMs === null ? t('watcher.never') : <Time ms={lastAnsweredAtMs} />}
      </span>
      {answer && <span className="muted">{words.half(answer)}</span>}
    </li>
  )
}
