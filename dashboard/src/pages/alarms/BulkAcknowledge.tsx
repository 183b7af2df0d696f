import type { Alarm } from '@roomkeeper/shared/http'
import { useMutation } from '@tanstack/react-query'
import { Alert, Button, type ButtonProps, Checkbox, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { DrillMark } from '../../features/alarms/DrillMark.tsx'
import { useAlarmWords } from '../../features/alarms/use-alarm-words.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { PriorityMark } from '../../ui/PriorityMark.tsx'
import { Time } from '../../ui/Time.tsx'
import { showToast } from '../../ui/toasts.tsx'

/**
 * Acknowledges several alarms with one confirmation. None is chosen beforehand: an alarm is acknowledged because a person read its line.
 * What is raised meanwhile is not in the list, so it cannot be acknowledged unseen.
 */
export function BulkAcknowledge({ alarms, onClose }: { alarms: readonly Alarm[]; onClose: () => void }) {
  const { t } = useTranslation('life')
  const { t: common } = useTranslation()
  const words = useWords()
  const alarmWords = useAlarmWords()
  const [listed] = useState(alarms)
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set())
  const [note, setNote] = useState('')
  const open = new Set(alarms.map(({ id }) => id))
  const choose = (id: number, isChosen: boolean) =>
    setChosen((before) => new Set(isChosen ? [...before, id] : [...before].filter((each) => each !== id)))
  const acknowledge = useMutation({
    mutationFn: async (alarmIds: readonly number[]) => {
      const failed: unknown[] = []
      for (const alarmId of alarmIds) {
        try {
          await api.alarms.acknowledge({ alarmId, note: note.trim() })
          choose(alarmId, false)
        } catch (error) {
          failed.push(error)
        }
      }
      if (failed.length > 0) throw failed[0]
      return alarmIds.length
    },
    onSuccess: (count) => {
      showToast({ kind: 'success', text: t('bulk.done', { count }) })
      onClose()
    },
    onSettled: () => {
      refetchTopic('alarms')
      refetchTopic('incidents')
    },
  })
  const wanted = listed.filter(({ id }) => chosen.has(id) && open.has(id)).map(({ id }) => id)
  return (
    <Modal
      open
      width={640}
      title={t('bulk.title')}
      okText={t('bulk.confirm', { count: wanted.length })}
      cancelText={common('common.cancel')}
      confirmLoading={acknowledge.isPending}
      okButtonProps={{ disabled: wanted.length === 0, 'data-testid': 'bulk-confirm' } as ButtonProps}
      onOk={() => acknowledge.mutate(wanted)}
      onCancel={onClose}
    >
      {acknowledge.error && <Alert type="error" showIcon role="alert" title={`${t('bulk.some')} ${words.error(acknowledge.error)}`} />}
      <p className="muted">{t('bulk.explained')}</p>
      <div className="form-actions">
        <Button size="small" onClick={() => setChosen(new Set(listed.map(({ id }) => id)))}>
          {t('bulk.all', { count: listed.length })}
        </Button>
        <Button size="small" onClick={() => setChosen(new Set())}>
          {t('bulk.nothing')}
        </Button>
      </div>
      <ul className="bulk-list">
        {listed.map((alarm) => (
          <li key={alarm.id} className={open.has(alarm.id) ? '' : 'bulk-done'}>
            <Checkbox
              checked={chosen.has(alarm.id) && open.has(alarm.id)}
              disabled={!open.has(alarm.id)}
              data-testid={`bulk-${alarm.id}`}
              onChange={(event) => choose(alarm.id, event.target.checked)}
            >
              <PriorityMark priority={alarm.priority} /> {alarm.drill && <DrillMark />} <b>{alarmWords.place(alarm)}</b>{' '}
              {words.condition(alarm.condition)} {alarmWords.value(alarm)} · <Time ms={alarm.raisedAtMs} />
              {alarm.state === 'RTNUN' && <span className="muted"> · {words.alarmState('RTNUN')}</span>}
              {!open.has(alarm.id) && <span className="muted"> · {t('bulk.already')}</span>}
            </Checkbox>
          </li>
        ))}
      </ul>
      <Field label={common('alarms.note')}>
        <Input value={note} maxLength={4000} onChange={(event) => setNote(event.target.value)} />
      </Field>
    </Modal>
  )
}
