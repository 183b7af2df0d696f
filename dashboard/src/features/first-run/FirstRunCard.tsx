import { CheckCircleFilled, ClockCircleOutlined, CompassOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { queries } from '../../client/api.ts'
import { queryClient } from '../../client/query-client.ts'
import { useWords } from '../../i18n/use-words.ts'
import { showToast } from '../../ui/toasts.tsx'
import { useFirstRun } from './use-first-run.ts'
import './first-run.css'

const REFETCH_INTERVAL_MS = 30_000

/** On the overview of a new server: how far it is, and the next step. Nothing once all is done, or it was put off. */
export function FirstRunCard() {
  const { t } = useTranslation('start')
  const { state, steps, next } = useFirstRun(REFETCH_INTERVAL_MS)
  const putOff = usePutOff()
  if (!state || state.putOff || !next) return null
  const done = steps.filter((step) => step.state === 'done').length
  return (
    <section className="panel first-run-card" aria-label={t('title')} data-testid="first-run-card">
      <div className="first-run-head">
        <h2>
          <CompassOutlined /> {t('title')}
        </h2>
        <span className="muted">{t('progress', { done, count: steps.length })}</span>
        <span className="first-run-actions">
          <Button
            size="small"
            type="text"
            loading={putOff.isPending}
            data-testid="first-run-put-off"
            onClick={() => putOff.mutate({ putOff: true })}
          >
            {t('putOff')}
          </Button>
        </span>
      </div>
      <ol className="first-run-line">
        {steps.map(({ name, state: stepState }) => (
          <li
            key={name}
            className={`first-run-${name === next.name ? 'next' : stepState}`}
            aria-current={name === next.name ? 'step' : undefined}
          >
            {stepState === 'done' ? (
              <CheckCircleFilled aria-label={t('done')} role="img" />
            ) : stepState === 'waiting' ? (
              <ClockCircleOutlined aria-label={t('waiting')} role="img" />
            ) : (
              <i aria-hidden="true" />
            )}
            <span>{t(`step.${name}.title`)}</span>
          </li>
        ))}
      </ol>
      <div className="first-run-next">
        <span>{t('next', { step: t(`step.${next.name}.title`) })}</span>
        <Link to="/start" className="first-run-go" data-testid="first-run-continue">
          {t('continue')} →
        </Link>
      </div>
    </section>
  )
}

/** Takes the guide off the overview, or puts it there again. */
export function usePutOff() {
  const { t } = useTranslation('start')
  const words = useWords()
  return useMutation(
    queries.firstRun.putOff.mutationOptions({
      onSuccess: async (_answer, { putOff }) => {
        await queryClient.invalidateQueries({ queryKey: queries.firstRun.key() })
        if (putOff) showToast({ kind: 'info', text: t('putOffDone') })
      },
      onError: (error) => showToast({ kind: 'error', text: words.error(error) }),
    }),
  )
}
