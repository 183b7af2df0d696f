import type { DrillPlan } from '@roomkeeper/shared/http'
import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Input, InputNumber, Select, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { useMay } from '../../client/session.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { showToast } from '../../ui/toasts.tsx'

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const

/** When the weekly drill is held. */
export function DrillPlanForm({ plan }: { plan: DrillPlan & { timeZone: string } }) {
  const { t } = useTranslation('life')
  const { t: common } = useTranslation()
  const words = useWords()
  const mayWrite = useMay('proof.write')
  const [draft, setDraft] = useState<DrillPlan>({
    enabled: plan.enabled,
    day: plan.day,
    at: plan.at,
    failsAfterMinutes: plan.failsAfterMinutes,
  })
  const set = (change: Partial<DrillPlan>) => setDraft((before) => ({ ...before, ...change }))
  const isDirty = (['enabled', 'day', 'at', 'failsAfterMinutes'] as const).some((key) => draft[key] !== plan[key])
  const save = useMutation(
    queries.proof.putDrillPlan.mutationOptions({
      onSuccess: () => {
        refetchTopic('proof')
        showToast({ kind: 'success', text: common('common.saved') })
      },
    }),
  )
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{t('proof.plan')}</h2>
        <Switch
          checked={draft.enabled}
          disabled={!mayWrite}
          checkedChildren={t('proof.on')}
          unCheckedChildren={t('proof.offShort')}
          aria-label={t('proof.plan')}
          data-testid="drill-enabled"
          onChange={(enabled) => set({ enabled })}
        />
        <span className="muted">{t('proof.planNote')}</span>
      </div>
      <div className="panel-body">
        {save.error && <Alert type="error" showIcon role="alert" title={words.error(save.error)} />}
        <div className="plan-fields">
          <Field label={t('proof.day')}>
            <Select
              value={draft.day}
              disabled={!mayWrite}
              data-testid="drill-day"
              options={WEEKDAYS.map((value) => ({ value, label: t(`weekday.${value}`) }))}
              onChange={(day) => set({ day })}
            />
          </Field>
          <Field label={t('proof.at', { zone: plan.timeZone })}>
            <Input type="time" value={draft.at} disabled={!mayWrite} onChange={(event) => set({ at: event.target.value.slice(0, 5) })} />
          </Field>
          <Field label={t('proof.failsAfterField')} hint={t('proof.failsAfterHint')}>
            <InputNumber
              value={draft.failsAfterMinutes}
              min={2}
              max={240}
              precision={0}
              disabled={!mayWrite}
              style={{ width: '100%' }}
              onChange={(minutes) => minutes !== null && set({ failsAfterMinutes: minutes })}
            />
          </Field>
        </div>
        {mayWrite && (
          <Button type="primary" disabled={!isDirty} loading={save.isPending} data-testid="drill-save" onClick={() => save.mutate(draft)}>
            {common('common.save')}
          </Button>
        )}
      </div>
    </section>
  )
}
