import type { RegisterDefinition } from '@roomkeeper/shared/registers'
import { Button, Input, Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useConnection } from '../../client/connection.ts'
import { newClientKey } from '../../client/offline/client-key.ts'
import { keepPaper, sendAll } from '../../client/offline/queue.ts'
import { useMe } from '../../client/session.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { showToast } from '../../ui/toasts.tsx'
import { onePaper } from './one-paper.ts'

const DEPARTMENT_KEY = 'roomkeeper.department'

/** A fault told where it is seen: one sentence, how urgent. Without a connection it waits in this browser. */
export function FaultHere({
  definition,
  room,
  onDone,
}: {
  definition: RegisterDefinition
  room: { id: number; name: string }
  onDone: () => void
}) {
  const { t } = useTranslation('inspection')
  const { t: common } = useTranslation()
  const words = useWords()
  const me = useMe()
  const isLive = useConnection().phase === 'live'
  const [what, setWhat] = useState('')
  const [department, setDepartment] = useState(() => localStorage.getItem(DEPARTMENT_KEY) ?? '')
  const [urgency, setUrgency] = useState('normal')
  const [isTried, setIsTried] = useState(false)
  const fieldOf = (key: string) => definition.fields.find((field) => field.key === key)
  const urgencies = fieldOf('urgency')
  const labelOf = (key: string) => words.of(fieldOf(key)?.label ?? { zh: key, en: key })

  async function send(): Promise<void> {
    setIsTried(true)
    if (!what.trim() || !department.trim()) return
    localStorage.setItem(DEPARTMENT_KEY, department.trim())
    const nowMs = Date.now()
    const fields = { what: what.trim(), department: department.trim(), urgency, subject: 'room', room, since: nowMs }
    const waiting = { move: 'report', atMs: nowMs, comment: '', drawing: null, roomKey: null, wasOffline: !isLive }
    try {
      await keepPaper(
        onePaper({
          key: newClientKey(),
          register: 'fault-report',
          me,
          about: what.trim(),
          path: '/registers/fault-report',
          fields,
          waiting,
          nowMs,
        }),
      )
      if (isLive) await sendAll()
      if (isLive) showToast({ kind: 'success', text: t('at.done', { move: words.of(definition.title) }) })
      onDone()
    } catch (error) {
      showToast({ kind: 'error', text: words.error(error) })
    }
  }

  return (
    <div className="move-here">
      <Field label={labelOf('what')} required error={isTried && !what.trim() ? common('errors.required') : undefined}>
        <Input.TextArea
          autoSize={{ minRows: 2, maxRows: 4 }}
          maxLength={200}
          value={what}
          placeholder={t('at.faultWhat')}
          data-testid="fault-what"
          onChange={(event) => setWhat(event.target.value)}
        />
      </Field>
      <Field label={labelOf('department')} required error={isTried && !department.trim() ? common('errors.required') : undefined}>
        <Input
          size="large"
          maxLength={60}
          value={department}
          data-testid="fault-department"
          onChange={(event) => setDepartment(event.target.value)}
        />
      </Field>
      {urgencies?.type === 'choice' && (
        <Radio.Group
          optionType="button"
          value={urgency}
          options={urgencies.choices.map(({ value, label }) => ({ value, label: words.of(label) }))}
          onChange={(event) => setUrgency(event.target.value as string)}
        />
      )}
      <div className="form-actions">
        <Button size="large" type="primary" data-testid="fault-send" onClick={() => void send()}>
          {t('at.faultSend')}
        </Button>
        <Button size="large" onClick={onDone}>
          {common('common.cancel')}
        </Button>
      </div>
    </div>
  )
}
