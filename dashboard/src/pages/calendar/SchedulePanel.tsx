import type { Schedule } from '@roomkeeper/shared/http'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, Button, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { queries } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { useMay } from '../../client/session.ts'
import { duePath } from '../../features/registers/register-list.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { SidePanel } from '../../ui/SidePanel.tsx'
import { Empty, QueryView } from '../../ui/states.tsx'
import { Time } from '../../ui/Time.tsx'
import { showToast } from '../../ui/toasts.tsx'
import { ScheduleForm } from './ScheduleForm.tsx'
import { useScheduleWords } from './use-schedule-words.ts'

/** The schedule named in the address, or a new one. */
export function ScheduleById({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation('schedules')
  const query = useQuery(queries.schedules.list.queryOptions())
  const title = t(id === 'new' ? 'panel.add' : 'panel.change')
  return (
    <SidePanel title={title} label={title} onClose={onClose} takesFocus className="schedule-panel">
      {id === 'new' ? (
        <ScheduleForm schedule={undefined} onDone={onClose} />
      ) : (
        <QueryView query={query}>
          {(schedules) => {
            const schedule = schedules.find((each) => each.id === Number(id))
            return schedule ? <OneSchedule schedule={schedule} onClose={onClose} /> : <Empty>{t('panel.gone')}</Empty>
          }}
        </QueryView>
      )}
    </SidePanel>
  )
}

function OneSchedule({ schedule, onClose }: { schedule: Schedule; onClose: () => void }) {
  const { t } = useTranslation('schedules')
  const words = useScheduleWords()
  const mayWrite = useMay('schedules.write')
  const { overdue, dueAtMs, lastDoneAtMs, pausedReason, required, draftId, roomName } = schedule
  return (
    <>
      <div className="schedule-now">
        <b>{[roomName, words.schedule(schedule)].filter(Boolean).join(' ')}</b>
        {pausedReason === null ? (
          <p>
            {t('rules.due')}: <Time ms={dueAtMs} /> {overdue && <span className="mark mark-high">{t('rules.overdue')}</span>}
          </p>
        ) : (
          <Alert type="warning" showIcon title={t('panel.pausedBecause', { reason: pausedReason })} />
        )}
        <p className="muted">
          {t('rules.last')}: {lastDoneAtMs === null ? t('rules.never') : <Time ms={lastDoneAtMs} />}
        </p>
        {pausedReason === null && (
          <Link to={duePath({ ...schedule, scheduleId: schedule.id, recordId: draftId })} data-testid="schedule-begin">
            <Button type={overdue ? 'primary' : 'default'}>{t(draftId === null ? 'rules.begin' : 'rules.resumeDraft')}</Button>
          </Link>
        )}
      </div>
      {mayWrite ? (
        <>
          {/* A change by somebody else begins the form anew with what is stored. */}
          <ScheduleForm key={schedule.revision} schedule={schedule} onDone={onClose} />
          {required ? <p className="muted">{t('panel.cannotPause')}</p> : <PauseButton schedule={schedule} />}
          <p className="muted">{t('panel.changedBy', { by: schedule.changedBy })}</p>
        </>
      ) : (
        <>
          <p>{words.cadence(schedule.cadence)}</p>
          <p className="muted">{t('panel.readOnly')}</p>
        </>
      )}
    </>
  )
}

function PauseButton({ schedule }: { schedule: Schedule }) {
  const { t } = useTranslation('schedules')
  const { t: common } = useTranslation()
  const words = useWords()
  const [isAsking, setIsAsking] = useState(false)
  const [reason, setReason] = useState('')
  const [isTried, setIsTried] = useState(false)
  const isPaused = schedule.pausedReason !== null
  const pause = useMutation(
    queries.schedules.pause.mutationOptions({
      onSuccess: ({ pausedReason }) => {
        refetchTopic('schedules')
        setIsAsking(false)
        showToast({ kind: 'success', text: t(pausedReason === null ? 'panel.resumed' : 'panel.paused') })
      },
      onError: (error) => showToast({ kind: 'error', text: words.error(error) }),
    }),
  )
  if (isPaused)
    return (
      <Button loading={pause.isPending} onClick={() => pause.mutate({ scheduleId: schedule.id, reason: '' })}>
        {t('panel.resume')}
      </Button>
    )
  return (
    <>
      <Button data-testid="pause-schedule" onClick={() => setIsAsking(true)}>
        {t('panel.pause')}
      </Button>
      {isAsking && (
        <Modal
          open
          title={t('panel.pauseTitle')}
          okText={t('panel.pause')}
          confirmLoading={pause.isPending}
          onCancel={() => setIsAsking(false)}
          onOk={() => {
            setIsTried(true)
            if (reason.trim() !== '') pause.mutate({ scheduleId: schedule.id, reason })
          }}
        >
          <p>{t('panel.pauseNote')}</p>
          <Field label={t('panel.pauseReason')} required error={isTried && reason.trim() === '' ? common('errors.required') : undefined}>
            <Input.TextArea rows={2} value={reason} maxLength={500} onChange={({ target }) => setReason(target.value)} />
          </Field>
        </Modal>
      )}
    </>
  )
}
