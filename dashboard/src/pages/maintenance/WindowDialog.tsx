import type { MaintenanceWindow } from '@roomkeeper/shared/http'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, Button, type ButtonProps, Checkbox, Input, InputNumber, Modal, Radio, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { serverClock } from '../../client/clock.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { showToast } from '../../ui/toasts.tsx'
import { NextTimes } from './NextTimes.tsx'
import { type Target, TargetChoice } from './TargetChoice.tsx'
import { useRecurrenceWords, WEEKDAYS } from './use-recurrence-words.ts'
import { type DraftProblem, draftOf, draftProblems, longestMinutes, recurrenceOf, type WindowDraft } from './window-draft.ts'

const BROWSER_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone
const LENGTHS = [30, 60, 120, 240, 480] as const
/** Absent in browsers before 2022; a zone can then be typed. */
const ZONES = (Intl as { supportedValuesOf?: (key: 'timeZone') => string[] }).supportedValuesOf?.('timeZone') ?? []

/** Adds or changes a maintenance window; says in words when it will be. */
export function WindowDialog({ window: stored, onClose }: { window: MaintenanceWindow | undefined; onClose: () => void }) {
  const { t } = useTranslation('life')
  const { t: common } = useTranslation()
  const words = useWords()
  const recurrenceWords = useRecurrenceWords()
  const hospitalZone = useQuery(queries.proof.overview.queryOptions()).data?.drill.timeZone
  const [roomId, setRoomId] = useState<number | undefined>(stored?.roomId ?? undefined)
  const [target, setTarget] = useState<Target | undefined>(
    stored && {
      scope: stored.scope,
      scopeId: stored.scopeId,
      label: words.language === 'en' ? stored.labelEn || stored.label : stored.label,
    },
  )
  const [title, setTitle] = useState(stored?.title ?? '')
  const [reason, setReason] = useState(stored?.reason ?? '')
  const [edited, setEdited] = useState<Partial<WindowDraft>>({})
  const [isTried, setIsTried] = useState(false)
  const draft = { ...draftOf(stored, hospitalZone ?? BROWSER_ZONE), ...edited }
  const set = (change: Partial<WindowDraft>) => setEdited((before) => ({ ...before, ...change }))
  const problems = draftProblems(draft)
  const recurrence = recurrenceOf(draft)
  const problem = (field: DraftProblem) =>
    isTried && problems.has(field) ? t(`windows.problem.${field}`, { most: longestMinutes(draft.kind) }) : undefined
  const required = (isMissing: boolean) => (isTried && isMissing ? common('errors.required') : undefined)

  const after = {
    onSuccess: () => {
      refetchTopic('alarms')
      showToast({ kind: 'success', text: common('common.saved') })
      onClose()
    },
  }
  const create = useMutation(queries.life.createWindow.mutationOptions(after))
  const update = useMutation(queries.life.updateWindow.mutationOptions(after))
  function save(): void {
    setIsTried(true)
    if (!target || !title.trim() || !reason.trim() || !recurrence) return
    const body = {
      scope: target.scope,
      scopeId: target.scopeId,
      title: title.trim(),
      reason: reason.trim(),
      recurrence,
      timeZone: draft.timeZone,
    }
    if (stored) update.mutate({ ...body, windowId: stored.id, revision: stored.revision })
    else create.mutate(body)
  }
  const error = create.error ?? update.error
  return (
    <Modal
      open
      width={620}
      title={t(stored ? 'windows.edit' : 'windows.add')}
      okText={common('common.save')}
      cancelText={common('common.cancel')}
      confirmLoading={create.isPending || update.isPending}
      okButtonProps={{ 'data-testid': 'window-save' } as ButtonProps}
      mask={{ closable: false }}
      onOk={save}
      onCancel={onClose}
    >
      {error && <Alert type="error" showIcon role="alert" title={words.error(error)} />}
      <Field label={t('windows.title')} required error={required(!title.trim())}>
        <Input
          value={title}
          maxLength={200}
          placeholder={t('windows.titleExample')}
          data-testid="window-title"
          onChange={(event) => setTitle(event.target.value)}
        />
      </Field>
      <TargetChoice
        roomId={roomId}
        target={target}
        error={required(!target)}
        onChange={(nextRoom, nextTarget) => {
          setRoomId(nextRoom)
          setTarget(nextTarget)
        }}
      />
      <Field label={t('windows.kind')}>
        <Radio.Group
          optionType="button"
          value={draft.kind}
          data-testid="window-kind"
          options={(['once', 'weekly', 'monthly'] as const).map((value) => ({ value, label: t(`windows.kindOf.${value}`) }))}
          onChange={(event) => set({ kind: event.target.value })}
        />
      </Field>
      {draft.kind === 'once' && (
        <Field label={t('windows.from')} required error={problem('from')}>
          {/* By the zone's clock, not by this computer's: the browser's own field knows no zone, which is what is wanted. */}
          <Input
            type="datetime-local"
            value={draft.from}
            data-testid="window-from"
            onChange={(event) => set({ from: event.target.value.slice(0, 16) })}
          />
        </Field>
      )}
      {draft.kind === 'weekly' && (
        <Field label={t('windows.days')} required error={problem('days')}>
          <Checkbox.Group
            value={draft.days}
            options={WEEKDAYS.map((value) => ({ value, label: recurrenceWords.weekday(value) }))}
            onChange={(days) => set({ days: days.map(Number) })}
          />
        </Field>
      )}
      <div className="window-time">
        {draft.kind === 'monthly' && (
          <Field label={t('windows.day')} required error={problem('day')} hint={(draft.day ?? 0) > 28 ? t('windows.dayHint') : undefined}>
            <InputNumber value={draft.day} min={1} max={31} precision={0} style={{ width: '100%' }} onChange={(day) => set({ day })} />
          </Field>
        )}
        {draft.kind !== 'once' && (
          <Field label={t('windows.at')} required error={problem('at')}>
            <Input type="time" value={draft.at} data-testid="window-at" onChange={(event) => set({ at: event.target.value.slice(0, 5) })} />
          </Field>
        )}
        <Field
          label={t('windows.length')}
          required
          error={problem('minutes')}
          hint={
            <span className="form-actions">
              {LENGTHS.map((minutes) => (
                <Button key={minutes} size="small" type="text" onClick={() => set({ minutes })}>
                  {recurrenceWords.length(minutes)}
                </Button>
              ))}
            </span>
          }
        >
          <InputNumber
            value={draft.minutes}
            min={5}
            max={longestMinutes(draft.kind)}
            precision={0}
            style={{ width: '100%' }}
            data-testid="window-minutes"
            onChange={(minutes) => set({ minutes })}
          />
        </Field>
      </div>
      <Field label={t('windows.timeZone')} required error={problem('timeZone')} hint={t('windows.timeZoneHint')}>
        {ZONES.length === 0 ? (
          <Input value={draft.timeZone} onChange={(event) => set({ timeZone: event.target.value.trim() })} />
        ) : (
          <Select
            value={draft.timeZone}
            showSearch
            style={{ width: '100%' }}
            data-testid="window-zone"
            options={zoneChoices(hospitalZone, draft.timeZone).map(({ zone, kind }) => ({
              value: zone,
              label: kind ? `${zone} (${t(`windows.zone.${kind}`)})` : zone,
            }))}
            onChange={(timeZone: string) => set({ timeZone })}
          />
        )}
      </Field>
      <Field label={t('hold.reason')} required error={required(!reason.trim())}>
        <Input value={reason} maxLength={4000} data-testid="window-reason" onChange={(event) => setReason(event.target.value)} />
      </Field>
      {recurrence && <NextTimes recurrence={recurrence} timeZone={draft.timeZone} nowMs={serverClock.nowMs()} />}
      <p className="hold-effect">{t('windows.effect')}</p>
    </Modal>
  )
}

/** The hospital's and this computer's first: one of them is nearly always meant. */
function zoneChoices(hospitalZone: string | undefined, chosen: string): { zone: string; kind?: 'hospital' | 'browser' }[] {
  const first = [
    ...(hospitalZone ? [{ zone: hospitalZone, kind: 'hospital' as const }] : []),
    ...(hospitalZone === BROWSER_ZONE ? [] : [{ zone: BROWSER_ZONE, kind: 'browser' as const }]),
  ]
  const others = [...new Set([chosen, ...ZONES])].filter((zone) => first.every((each) => each.zone !== zone))
  return [...first, ...others.map((zone) => ({ zone }))]
}
