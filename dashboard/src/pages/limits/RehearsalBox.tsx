import { ExperimentOutlined } from '@ant-design/icons'
import type { Limit } from '@roomkeeper/shared/model'
import { Alert, Button, Progress } from 'antd'
import { useTranslation } from 'react-i18next'
import { useWords } from '../../i18n/use-words.ts'
import { RehearsalResult } from './RehearsalResult.tsx'
import type { UsedRehearsal } from './use-rehearsal.ts'
import './rehearsal.css'

interface Props {
  rehearsal: UsedRehearsal
  /** The draft as it is; null while something is wrong with it. */
  limits: Limit[] | null
  isOutdated: boolean
  kind: string
  unit: string
  onTry: () => void
}

/** Replays the draft over the stored readings before it is saved. Nothing is changed by it. */
export function RehearsalBox({ rehearsal, limits, isOutdated, kind, unit, onTry }: Props) {
  const { t } = useTranslation('limits')
  const words = useWords()
  const { run, isRunning, isStarting, error } = rehearsal
  const state = run?.result.state
  return (
    <section className="rehearsal" data-testid="rehearsal">
      <div className="rehearsal-head">
        <div>
          <h3>{t('rehearsal.title')}</h3>
          <p className="muted">{t('rehearsal.note')}</p>
        </div>
        <Button
          icon={<ExperimentOutlined />}
          loading={isStarting}
          disabled={isRunning}
          data-testid="rehearse"
          onClick={() => (limits ? rehearsal.start(limits) : onTry())}
        >
          {t(run ? 'rehearsal.again' : 'rehearsal.start')}
        </Button>
      </div>
      {error && <Alert type="error" showIcon role="alert" title={words.error(error)} />}
      {isRunning && run && (
        <div className="rehearsal-running" role="status">
          <Progress percent={Math.round(run.result.progress * 100)} status="active" />
          <span className="muted">
            {t('rehearsal.running', { points: run.result.points, readings: run.result.readings.toLocaleString() })}
          </span>
          <Button size="small" data-testid="rehearsal-cancel" onClick={rehearsal.cancel}>
            {t('rehearsal.cancel')}
          </Button>
        </div>
      )}
      {(state === 'failed' || state === 'cancelled') && run && (
        <Alert
          type={state === 'failed' ? 'error' : 'info'}
          showIcon
          role="alert"
          title={state === 'failed' ? t('rehearsal.failed', { message: words.half(run.result.message) }) : t('rehearsal.cancelled')}
        />
      )}
      {state === 'done' && run && (
        <>
          {isOutdated && <Alert type="warning" showIcon title={t('rehearsal.outdated')} />}
          <RehearsalResult result={run.result} kind={kind} unit={unit} />
        </>
      )}
    </section>
  )
}
