import { CheckCircleFilled, ClockCircleOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../client/session.ts'
import { usePutOff } from '../../features/first-run/FirstRunCard.tsx'
import type { Step } from '../../features/first-run/steps.ts'
import { useFirstRun } from '../../features/first-run/use-first-run.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import { Empty, Failure, Loading } from '../../ui/states.tsx'
import { StepBody } from './StepBody.tsx'
import '../../features/first-run/first-run.css'

/** Somebody is at it and looks at the page. */
const REFETCH_INTERVAL_MS = 3000

/** The guide of the first days: from nothing to an alarm that reaches a person. Every step is known from what the server has. */
export function StartPage() {
  const { t } = useTranslation('start')
  const may = useMay('rooms.write')
  const { state, error, refetch, steps, next } = useFirstRun(REFETCH_INTERVAL_MS)
  const putOff = usePutOff()
  const done = steps.filter((step) => step.state === 'done').length
  if (!may) return <Empty>{t('notYours')}</Empty>
  return (
    <>
      <PageHead title={t('title')} note={t('note', { count: steps.length || 7 })}>
        {state?.putOff ? (
          <Button loading={putOff.isPending} data-testid="first-run-show" onClick={() => putOff.mutate({ putOff: false })}>
            {t('showAgain')}
          </Button>
        ) : (
          next && (
            <Button loading={putOff.isPending} data-testid="first-run-put-off" onClick={() => putOff.mutate({ putOff: true })}>
              {t('putOff')}
            </Button>
          )
        )}
      </PageHead>
      {!state ? (
        error ? (
          <Failure error={error} onRetry={refetch} />
        ) : (
          <Loading />
        )
      ) : (
        <>
          <p className="first-run-progress" role="status" data-testid="first-run-progress">
            {next ? t('progress', { done, count: steps.length }) : t('allDone')}
            {state.putOff && next && <span className="muted"> · {t('putOffBy', { name: state.putOff.by })}</span>}
          </p>
          <ol className="first-run-steps">
            {steps.map((step, at) => (
              <li
                key={step.name}
                className={`panel first-run-step first-run-${step.state} ${step === next ? 'first-run-current' : ''}`}
                aria-current={step === next ? 'step' : undefined}
                data-testid={`first-run-${step.name}`}
                data-state={step.state}
              >
                <StepMark step={step} at={at} />
                <div className="first-run-text">
                  <h2>{t(`step.${step.name}.title`)}</h2>
                  <StepBody step={step} state={state} isNext={step === next} />
                </div>
              </li>
            ))}
          </ol>
        </>
      )}
    </>
  )
}

function StepMark({ step: { state }, at }: { step: Step; at: number }) {
  const { t } = useTranslation('start')
  if (state === 'done') return <CheckCircleFilled className="first-run-mark" role="img" aria-label={t('done')} />
  if (state === 'waiting') return <ClockCircleOutlined className="first-run-mark" role="img" aria-label={t('waiting')} />
  return (
    <span className="first-run-mark first-run-number" aria-hidden="true">
      {at + 1}
    </span>
  )
}
