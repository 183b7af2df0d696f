import { useQuery } from '@tanstack/react-query'
import { Button, Input, Radio } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { serverClock } from '../../client/clock.ts'
import { useMe } from '../../client/session.ts'
import { dateTimeText } from '../../i18n/format.ts'
import { DateTimeInput } from '../../ui/DateTimeInput.tsx'
import { Field } from '../../ui/Field.tsx'
import { FormDialog } from '../../ui/FormDialog.tsx'
import { HOLD_PRESETS, type HoldPreset, holdTime, shiftEndMs } from './hold-times.ts'
import './alarms.css'

const REASONS = {
  shelve: ['handling', 'knownFault', 'testing', 'nuisance'],
  'out-of-service': ['maintenance', 'repair', 'replacement', 'decommission'],
} as const

interface Props {
  title: string
  /** What it is about. */
  about: ReactNode
  /** What happens by it, in a sentence or two. */
  effect: ReactNode
  /** It silences so much that somebody must stay there. */
  isGrave?: boolean
  kind: 'shelve' | 'out-of-service'
  confirm: string
  /** The longest that is allowed; without it any time is, and none. */
  maxHours: number | undefined
  isPending: boolean
  error: unknown
  onConfirm: (untilMs: number | null, reason: string) => void
  onClose: () => void
}

/** Until when, and why: asked before anything is made silent. */
export function HoldDialog({ title, about, effect, isGrave, kind, confirm, maxHours, isPending, error, onConfirm, onClose }: Props) {
  const { t } = useTranslation('life')
  const { t: common } = useTranslation()
  const me = useMe()
  const [preset, setPreset] = useState<HoldPreset>(kind === 'shelve' ? '1h' : '4h')
  const [customMs, setCustomMs] = useState<number | undefined>()
  const [reason, setReason] = useState('')
  const [isTried, setIsTried] = useState(false)
  const [openedMs] = useState(() => Math.floor(serverClock.nowMs() / 60_000) * 60_000)
  const shifts = useQuery(queries.notices.shifts.queryOptions({ input: { fromMs: openedMs, toMs: openedMs + 60_000 } })).data?.shifts
  const endMs = shiftEndMs(shifts ?? [], me.id, openedMs)
  const timeOf = (each: HoldPreset) => holdTime({ preset: each, customMs, nowMs: serverClock.nowMs(), shiftEndMs: endMs, maxHours })
  const choices = HOLD_PRESETS.filter((each) => (each === 'never' ? maxHours === undefined : each === 'shift' ? endMs !== undefined : true))
  const time = timeOf(preset)

  function save(): void {
    setIsTried(true)
    const chosen = timeOf(preset)
    if (chosen.ok && reason.trim()) onConfirm(chosen.untilMs, reason.trim())
  }
  return (
    <FormDialog
      title={title}
      okText={confirm}
      error={error}
      isSaving={isPending}
      ok={{ 'data-testid': 'hold-confirm' }}
      onSave={save}
      onClose={onClose}
    >
      <div className="hold-about">{about}</div>
      <Field
        label={t('hold.until')}
        required
        error={isTried && !time.ok ? t(`hold.problem.${time.problem}`, { hours: maxHours ?? 0 }) : undefined}
        hint={maxHours === undefined ? undefined : t('hold.atMost', { hours: maxHours })}
      >
        <Radio.Group
          className="hold-presets"
          value={preset}
          optionType="button"
          data-testid="hold-preset"
          options={choices.map((value) => {
            const choice = timeOf(value)
            return { value, label: t(`hold.preset.${value}`), disabled: value !== 'custom' && !choice.ok }
          })}
          onChange={(event) => setPreset(event.target.value)}
        />
      </Field>
      {preset === 'custom' ? (
        <Field label={t('hold.customTime')}>
          <DateTimeInput valueMs={customMs} testId="hold-custom" onChange={setCustomMs} />
        </Field>
      ) : (
        time.ok && (
          <p className="hold-end muted">
            {time.untilMs === null ? t('hold.noEnd') : t('hold.endsAt', { time: dateTimeText(time.untilMs) })}
          </p>
        )
      )}
      <Field label={t('hold.reason')} required error={isTried && !reason.trim() ? common('errors.required') : undefined}>
        <Input
          value={reason}
          maxLength={4000}
          data-testid="hold-reason"
          onChange={(event) => setReason(event.target.value)}
          onPressEnter={save}
        />
      </Field>
      <div className="form-actions hold-reasons">
        {REASONS[kind].map((each) => (
          <Button key={each} size="small" data-testid={`hold-reason-${each}`} onClick={() => setReason(t(`hold.quick.${each}`))}>
            {t(`hold.quick.${each}`)}
          </Button>
        ))}
      </div>
      <p className={isGrave ? 'hold-effect hold-grave' : 'hold-effect'}>{effect}</p>
    </FormDialog>
  )
}
