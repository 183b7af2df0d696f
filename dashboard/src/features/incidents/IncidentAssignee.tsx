import { UserOutlined } from '@ant-design/icons'
import type { Incident } from '@roomkeeper/shared/http'
import { isAllowed } from '@roomkeeper/shared/model'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, Button, type ButtonProps, Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { serverClock } from '../../client/clock.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { useMay, useMe } from '../../client/session.ts'
import { shortTimeText } from '../../i18n/format.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { showToast } from '../../ui/toasts.tsx'

/** Whose the incident is; taken over with one click, given to somebody else by name. */
export function IncidentAssignee({ incident }: { incident: Incident }) {
  const { t } = useTranslation('incidents')
  const words = useWords()
  const me = useMe()
  const mayAssign = useMay('incidents.assign')
  const mayWrite = useMay('incidents.write')
  const [isChoosing, setIsChoosing] = useState(false)
  const take = useMutation(
    queries.incidents.assign.mutationOptions({
      onSuccess: () => {
        refetchTopic('incidents')
        showToast({ kind: 'success', text: t('assignee.taken') })
      },
      onError: (error) => {
        refetchTopic('incidents')
        showToast({ kind: 'error', text: words.error(error) })
      },
    }),
  )
  const { assignee } = incident
  const isMine = assignee?.accountId === me.id
  const isOpen = incident.state === 'open'
  const time = assignee ? shortTimeText(assignee.atMs, serverClock.nowMs()) : ''
  return (
    <div className={`incident-assignee ${isMine && isOpen ? 'incident-mine' : ''}`} data-testid="incident-assignee">
      <UserOutlined aria-hidden="true" />
      <span className="incident-assignee-who">
        <span className="muted">{t('assignee.label')}</span>{' '}
        <b>{assignee ? (isMine && isOpen ? t('assignee.me') : assignee.name) : t('assignee.nobody')}</b>{' '}
        {assignee && (
          <span className="muted">
            {assignee.by === assignee.name ? t('assignee.bySelf', { time }) : t('assignee.by', { name: assignee.by, time })}
          </span>
        )}
      </span>
      {isOpen && mayAssign && (
        <span className="form-actions no-print">
          {mayWrite && !isMine && (
            <Button
              size="small"
              type={assignee ? 'default' : 'primary'}
              loading={take.isPending}
              data-testid="incident-take-over"
              onClick={() => take.mutate({ incidentId: incident.id, accountId: me.id })}
            >
              {t('assignee.takeOver')}
            </Button>
          )}
          <Button size="small" data-testid="incident-assign" onClick={() => setIsChoosing(true)}>
            {assignee ? t('assignee.reassign') : t('assignee.assign')}
          </Button>
        </span>
      )}
      {isChoosing && <AssignDialog incident={incident} onClose={() => setIsChoosing(false)} />}
    </div>
  )
}

/** 0 stands for nobody in the list of people. */
const NOBODY = 0

function AssignDialog({ incident, onClose }: { incident: Incident; onClose: () => void }) {
  const { t } = useTranslation('incidents')
  const { t: common } = useTranslation()
  const words = useWords()
  const [chosen, setChosen] = useState<number | null>(null)
  const [note, setNote] = useState('')
  const [nowMs] = useState(() => Math.round(serverClock.nowMs()))
  const people = useQuery(queries.notices.people.queryOptions())
  const onDuty = useQuery(queries.notices.shifts.queryOptions({ input: { fromMs: nowMs, toMs: nowMs + 1 } })).data?.onDutyNow ?? []
  const able = (people.data ?? []).filter(({ roles }) => isAllowed(roles, 'incidents.write'))
  const isOnDuty = (accountId: number) => onDuty.some((person) => person.accountId === accountId)
  // Those who are there come first.
  const sorted = [...able].sort((a, b) => Number(isOnDuty(b.accountId)) - Number(isOnDuty(a.accountId)))
  const assign = useMutation(
    queries.incidents.assign.mutationOptions({
      onSuccess: (after) => {
        refetchTopic('incidents')
        const text = after.assignee ? t('assignee.done', { name: after.assignee.name }) : t('assignee.doneNobody')
        showToast({ kind: 'success', text })
        onClose()
      },
    }),
  )
  const options = [
    ...sorted.map(({ accountId, name }) => ({
      value: accountId,
      label: isOnDuty(accountId) ? `${name} · ${t('assignee.onDuty')}` : name,
      disabled: accountId === incident.assignee?.accountId,
    })),
    ...(incident.assignee ? [{ value: NOBODY, label: t('assignee.nobodyOption') }] : []),
  ]
  return (
    <Modal
      open
      title={t('assignee.title', { id: incident.id })}
      okText={t('assignee.ok')}
      cancelText={common('common.cancel')}
      confirmLoading={assign.isPending}
      okButtonProps={{ disabled: chosen === null, 'data-testid': 'incident-assign-confirm' } as ButtonProps}
      onOk={() =>
        chosen !== null && assign.mutate({ incidentId: incident.id, accountId: chosen === NOBODY ? null : chosen, note: note.trim() })
      }
      onCancel={onClose}
    >
      {(assign.error ?? people.error) && (
        <Alert type="error" showIcon role="alert" className="incident-alert" title={words.error(assign.error ?? people.error)} />
      )}
      <Field label={t('assignee.person')} required hint={t('assignee.told')}>
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          autoFocus
          loading={people.isPending}
          style={{ width: '100%' }}
          value={chosen}
          options={options}
          data-testid="incident-assign-person"
          onChange={setChosen}
        />
      </Field>
      <Field label={t('assignee.note')} hint={t('assignee.noteHint')}>
        <Input.TextArea
          rows={2}
          maxLength={4000}
          value={note}
          data-testid="incident-assign-note"
          onChange={(event) => setNote(event.target.value)}
        />
      </Field>
    </Modal>
  )
}
