import { CheckCircleFilled, ClockCircleOutlined, CloseCircleFilled, PlayCircleOutlined } from '@ant-design/icons'
import type { Drill, DrillPlan } from '@roomkeeper/shared/http'
import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { queries } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { useMay } from '../../client/session.ts'
import { DrillMark } from '../../features/alarms/DrillMark.tsx'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { FormDialog } from '../../ui/FormDialog.tsx'
import { Time } from '../../ui/Time.tsx'
import { useNowMs } from '../../ui/use-now.ts'
import { zonedText } from '../maintenance/occurrences.ts'
import { Duration } from './Duration.tsx'
import { drillSteps, wasBrowserOnly } from './drill-steps.ts'

type Plan = DrillPlan & { nextAtMs: number | null; timeZone: string }

/** The drill that runs, or the last one and when the next is; with the button to start one. */
export function DrillNow({ plan, drills }: { plan: Plan; drills: readonly Drill[] }) {
  const { t } = useTranslation('life')
  const mayStart = useMay('proof.write')
  const [isStarting, setIsStarting] = useState(false)
  const [drill] = drills
  const isRunning = drill?.state === 'running'
  return (
    <section
      className={`panel drill-now ${drill ? `drill-${drill.state}` : ''}`}
      data-testid="drill-now"
      data-state={drill?.state ?? 'none'}
    >
      <div className="panel-head">
        <h2>
          {isRunning && <DrillMark />} {t(isRunning ? 'proof.runningTitle' : drill ? 'proof.lastTitle' : 'proof.neverTitle')}
        </h2>
        {drill && <Time ms={drill.startedAtMs} />}
        <span className="bar-space" />
        {mayStart && !isRunning && (
          <Button type="primary" icon={<PlayCircleOutlined />} data-testid="drill-start" onClick={() => setIsStarting(true)}>
            {t('proof.start')}
          </Button>
        )}
      </div>
      <div className="panel-body proof-body">
        {drill ? <DrillProgress drill={drill} failsAfterMinutes={plan.failsAfterMinutes} /> : <p>{t('proof.neverNote')}</p>}
        <p className="drill-next">
          {plan.enabled && plan.nextAtMs !== null ? (
            <b>{t('proof.next', { time: zonedText(plan.nextAtMs, plan.timeZone), zone: plan.timeZone })}</b>
          ) : (
            <b className="drill-off">{t('proof.off')}</b>
          )}
        </p>
      </div>
      {isStarting && <StartDialog failsAfterMinutes={plan.failsAfterMinutes} onClose={() => setIsStarting(false)} />}
    </section>
  )
}

const ICONS = {
  done: <CheckCircleFilled />,
  waiting: <span className="spinner" />,
  missed: <CloseCircleFilled />,
  next: <ClockCircleOutlined />,
}

function DrillProgress({ drill, failsAfterMinutes }: { drill: Drill; failsAfterMinutes: number }) {
  const { t } = useTranslation('life')
  const words = useWords()
  const nowMs = useNowMs()
  const isRunning = drill.state === 'running'
  const elapsedMs = Math.max(0, nowMs - drill.startedAtMs)
  return (
    <>
      <ol className="drill-steps">
        {drillSteps(drill).map(({ name, state, afterMs }) => (
          <li key={name} className={`step-${state}`} data-testid={`step-${name}`} data-state={state}>
            <span className="step-icon" aria-hidden="true">
              {ICONS[state]}
            </span>
            <b>{t(`proof.step.${name}`)}</b>
            <span>
              {name === 'published' ? (
                <Time ms={drill.startedAtMs} />
              ) : afterMs !== null ? (
                <>
                  + <Duration ms={afterMs} />
                </>
              ) : (
                t(`proof.stepState.${state === 'done' ? 'waiting' : state}`)
              )}
            </span>
            {name === 'acknowledged' && drill.acknowledgedBy && <span>{drill.acknowledgedBy}</span>}
            {name === 'sent' && <span className="muted">{t('proof.notices', drill.notices)}</span>}
          </li>
        ))}
      </ol>
      {isRunning ? (
        <p className="drill-verdict" role="status">
          {t('proof.elapsed')} <Duration ms={elapsedMs} /> · {t('proof.failsAfter', { count: failsAfterMinutes })}{' '}
          {drill.alarmId !== null && <Link to="/alarms">{t('proof.toAlarm')}</Link>}
        </p>
      ) : (
        <p className={`drill-verdict verdict-${drill.state}`} data-testid="drill-verdict">
          <b>{t(`proof.state.${drill.state}`)}</b> {drill.reason && words.of(drill.reason)}
          {wasBrowserOnly(drill) && (
            <>
              <br />
              <span className="drill-reason">{t('proof.browserOnlyNote')}</span>
            </>
          )}
        </p>
      )}
    </>
  )
}

function StartDialog({ failsAfterMinutes, onClose }: { failsAfterMinutes: number; onClose: () => void }) {
  const { t } = useTranslation('life')
  const { t: common } = useTranslation()
  const [note, setNote] = useState('')
  const start = useMutation(
    queries.proof.startDrill.mutationOptions({
      onSuccess: () => {
        refetchTopic('proof')
        refetchTopic('alarms')
        onClose()
      },
    }),
  )
  return (
    <FormDialog
      title={t('proof.startTitle')}
      okText={t('proof.startConfirm')}
      error={start.error}
      isSaving={start.isPending}
      ok={{ 'data-testid': 'drill-confirm' }}
      onSave={() => start.mutate({ note: note.trim() })}
      onClose={onClose}
    >
      <Alert type="warning" showIcon title={t('proof.startWarning')} />
      <p>{t('proof.startNote', { minutes: failsAfterMinutes })}</p>
      <Field label={common('alarms.note')}>
        <Input value={note} maxLength={4000} onChange={(event) => setNote(event.target.value)} />
      </Field>
    </FormDialog>
  )
}
