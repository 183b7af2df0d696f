import type { Alarm } from '@roomkeeper/shared/http'
import { useMutation } from '@tanstack/react-query'
import { Alert, type ButtonProps, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { PriorityMark } from '../../ui/PriorityMark.tsx'
import { Time } from '../../ui/Time.tsx'
import { showToast } from '../../ui/toasts.tsx'
import { needsReset } from './alarm-advice.ts'
import { DrillMark } from './DrillMark.tsx'
import { useAlarmWords } from './use-alarm-words.ts'

/** Acknowledge one alarm with a note. Ctrl+Enter confirms, Escape closes. */
export function AcknowledgeDialog({ alarm, onClose }: { alarm: Alarm; onClose: () => void }) {
  const { t } = useTranslation()
  const words = useWords()
  const alarmWords = useAlarmWords()
  const [note, setNote] = useState('')
  const acknowledge = useMutation(
    queries.alarms.acknowledge.mutationOptions({
      onSuccess: () => {
        refetchTopic('alarms')
        refetchTopic('incidents')
        showToast({ kind: 'success', text: t('alarms.acknowledged') })
        onClose()
      },
    }),
  )
  const confirm = () => acknowledge.mutate({ alarmId: alarm.id, note: note.trim() })
  return (
    <Modal
      open
      title={t(needsReset(alarm) ? 'alarms.reset' : 'alarms.acknowledgeTitle')}
      okText={t(needsReset(alarm) ? 'alarms.reset' : 'alarms.acknowledge')}
      cancelText={t('common.cancel')}
      confirmLoading={acknowledge.isPending}
      okButtonProps={{ 'data-testid': 'acknowledge-confirm' } as ButtonProps}
      onOk={confirm}
      onCancel={onClose}
    >
      {acknowledge.error && (
        <Alert type="error" showIcon role="alert" title={words.error(acknowledge.error)} style={{ marginBottom: 10 }} />
      )}
      <p>
        <PriorityMark priority={alarm.priority} /> {alarm.drill && <DrillMark />} <b>{alarmWords.place(alarm)}</b>
        <br />
        {words.condition(alarm.condition)} {alarmWords.value(alarm)} · <Time ms={alarm.raisedAtMs} />
      </p>
      <Field label={t('alarms.note')} hint={t('alarms.noteHint')}>
        <Input.TextArea
          value={note}
          autoFocus
          rows={3}
          maxLength={4000}
          data-testid="acknowledge-note"
          onChange={(event) => setNote(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) confirm()
          }}
        />
      </Field>
    </Modal>
  )
}
