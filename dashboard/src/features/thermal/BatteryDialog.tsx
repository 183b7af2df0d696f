import type { UpsTruth } from '@roomkeeper/shared/http'
import { useMutation } from '@tanstack/react-query'
import { Alert, DatePicker, Input, InputNumber, Modal } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { errorCode, queries } from '../../client/api.ts'
import { serverClock } from '../../client/clock.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { showToast } from '../../ui/toasts.tsx'

/** When the battery was put in, and what its data sheet says. */
export function BatteryDialog({ ups, onClose }: { ups: UpsTruth; onClose: () => void }) {
  const { t } = useTranslation('thermal')
  const { t: common } = useTranslation()
  const words = useWords()
  const { battery } = ups
  const [installedMs, setInstalledMs] = useState(battery?.installedMs ?? null)
  const [minutes, setMinutes] = useState(battery?.nominalFullLoadMinutes ?? null)
  const [note, setNote] = useState(battery?.note ?? '')
  const isFuture = installedMs !== null && installedMs > serverClock.nowMs()
  const save = useMutation(
    queries.thermal.putBattery.mutationOptions({
      onSuccess: () => {
        refetchTopic('thermal')
        showToast({ kind: 'info', text: t('batteryForm.saved') })
        onClose()
      },
      onError: (error) => {
        // What the other one wrote is shown behind the form; saving again is a decision.
        if (errorCode(error) === 'CONFLICT') refetchTopic('thermal')
      },
    }),
  )
  return (
    <Modal
      open
      title={t('batteryForm.title', { name: words.deviceOf(ups) })}
      okText={common('common.save')}
      cancelText={common('common.cancel')}
      okButtonProps={{ disabled: isFuture }}
      confirmLoading={save.isPending}
      onOk={() =>
        save.mutate({
          deviceId: ups.deviceId,
          revision: battery?.revision ?? 0,
          installedMs,
          nominalFullLoadMinutes: minutes,
          note: note.trim(),
        })
      }
      onCancel={onClose}
    >
      {save.error && (
        <Alert
          type="error"
          showIcon
          title={errorCode(save.error) === 'CONFLICT' ? t('batteryForm.conflict', { name: battery?.by ?? '' }) : words.error(save.error)}
        />
      )}
      <Field
        label={t('batteryForm.installed')}
        hint={t('batteryForm.installedHint')}
        error={isFuture ? t('batteryForm.future') : undefined}
      >
        <DatePicker
          style={{ width: '100%' }}
          value={installedMs === null ? null : dayjs(installedMs)}
          data-testid="battery-installed"
          onChange={(date) => setInstalledMs(date ? date.startOf('day').valueOf() : null)}
        />
      </Field>
      <Field label={t('batteryForm.nominal')} hint={t('batteryForm.nominalHint')}>
        <InputNumber
          style={{ width: '100%' }}
          min={0.5}
          max={1440}
          value={minutes}
          data-testid="battery-nominal"
          onChange={(value) => setMinutes(value)}
        />
      </Field>
      <Field label={t('batteryForm.note')} hint={t('batteryForm.noteHint')}>
        <Input value={note} maxLength={4000} data-testid="battery-note" onChange={(event) => setNote(event.target.value)} />
      </Field>
    </Modal>
  )
}
