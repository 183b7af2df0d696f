import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, Button, Input, InputNumber, Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, queries } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { useWords } from '../../i18n/use-words.ts'
import { DateTimeInput } from '../../ui/DateTimeInput.tsx'
import { Field } from '../../ui/Field.tsx'
import { showToast } from '../../ui/toasts.tsx'
import type { ShiftTarget } from './RosterPage.tsx'
import { repeated } from './week.ts'

const LONGEST_MS = 14 * 86_400_000
const MOST_DAYS = 31

/** Adds shifts, or changes, swaps or removes one with a reason. */
export function ShiftDialog({ target, onClose }: { target: ShiftTarget; onClose: () => void }) {
  const { t } = useTranslation('notices')
  const { t: common } = useTranslation()
  const words = useWords()
  const shift = 'shift' in target ? target.shift : undefined
  const begin = 'shift' in target ? target.shift : target.span
  const people = useQuery(queries.notices.people.queryOptions())
  const [accountId, setAccountId] = useState<number | undefined>(shift?.accountId)
  const [fromMs, setFromMs] = useState<number | undefined>(begin.fromMs)
  const [toMs, setToMs] = useState<number | undefined>(begin.toMs)
  const [note, setNote] = useState(shift?.note ?? '')
  const [days, setDays] = useState(1)
  const [reason, setReason] = useState('')
  const [isTried, setIsTried] = useState(false)
  const [failure, setFailure] = useState<{ added: number; error: unknown } | null>(null)
  const done = () => {
    refetchTopic('notices')
    onClose()
  }
  const onSettled = () => refetchTopic('notices')
  const update = useMutation(queries.notices.updateShift.mutationOptions({ onSuccess: done, onSettled }))
  const remove = useMutation(queries.notices.removeShift.mutationOptions({ onSuccess: done, onSettled }))
  const add = useMutation({
    mutationFn: async (input: { accountId: number; fromMs: number; toMs: number; note: string }) => {
      let added = 0
      try {
        for (const span of repeated(input, days)) {
          await api.notices.createShift({ ...input, ...span })
          added += 1
        }
      } catch (error) {
        setFailure({ added, error })
        throw error
      }
      return added
    },
    onSuccess: (added) => {
      showToast({ kind: 'success', text: t('roster.added', { count: added }) })
      done()
    },
    onSettled,
  })
  const problems = {
    person: accountId === undefined ? common('errors.required') : undefined,
    from: fromMs === undefined ? common('errors.required') : undefined,
    to:
      toMs === undefined
        ? common('errors.required')
        : fromMs !== undefined && toMs <= fromMs
          ? t('roster.endsBeforeStart')
          : fromMs !== undefined && toMs - fromMs > LONGEST_MS
            ? t('roster.tooLong')
            : undefined,
    reason: shift && !reason.trim() ? common('errors.required') : undefined,
  }
  const shown = (key: keyof typeof problems) => (isTried ? problems[key] : undefined)

  function save(): void {
    setIsTried(true)
    if (Object.values(problems).some(Boolean) || accountId === undefined || fromMs === undefined || toMs === undefined) return
    const input = { accountId, fromMs, toMs, note: note.trim() }
    if (shift) update.mutate({ ...input, shiftId: shift.id, reason: reason.trim() })
    else add.mutate(input)
  }
  const error = update.error ?? remove.error ?? failure?.error
  return (
    <Modal
      open
      title={shift ? t('roster.editTitle') : t('roster.addTitle')}
      onCancel={onClose}
      footer={
        <div className="shift-footer">
          {shift && (
            <Button
              danger
              loading={remove.isPending}
              data-testid="shift-remove"
              onClick={() => {
                setIsTried(true)
                if (reason.trim()) remove.mutate({ shiftId: shift.id, reason: reason.trim() })
              }}
            >
              {t('roster.remove')}
            </Button>
          )}
          <span className="bar-space" />
          <Button onClick={onClose}>{common('common.cancel')}</Button>
          <Button type="primary" loading={add.isPending || update.isPending} data-testid="shift-save" onClick={save}>
            {common('common.save')}
          </Button>
        </div>
      }
    >
      {error !== null && error !== undefined && (
        <Alert
          type="error"
          showIcon
          role="alert"
          title={`${failure && failure.added > 0 ? t('roster.partly', { count: failure.added }) : ''}${words.error(error)}`}
        />
      )}
      <Field label={t('roster.person')} required error={shown('person')} hint={shift && t('roster.swapHint')}>
        <Select
          value={accountId}
          showSearch
          optionFilterProp="label"
          loading={people.isPending}
          style={{ width: '100%' }}
          data-testid="shift-person"
          options={people.data?.map((person) => ({
            value: person.accountId,
            label: `${person.name} (${person.roles.map(words.role).join(common('common.listComma'))})`,
          }))}
          onChange={setAccountId}
        />
      </Field>
      <div className="shift-times">
        <Field label={t('roster.from')} required error={shown('from')}>
          <DateTimeInput valueMs={fromMs} testId="shift-from" onChange={setFromMs} />
        </Field>
        <Field label={t('roster.to')} required error={shown('to')}>
          <DateTimeInput valueMs={toMs} testId="shift-to" onChange={setToMs} />
        </Field>
      </div>
      {!shift && (
        <Field label={t('roster.days')} hint={days > 1 ? t('roster.daysHint', { count: days }) : undefined}>
          <InputNumber value={days} min={1} max={MOST_DAYS} precision={0} style={{ width: 120 }} onChange={(next) => setDays(next ?? 1)} />
        </Field>
      )}
      <Field label={t('roster.noteField')}>
        <Input value={note} maxLength={4000} onChange={(event) => setNote(event.target.value)} />
      </Field>
      {shift && (
        <Field label={t('roster.reason')} required error={shown('reason')}>
          <Input value={reason} maxLength={4000} data-testid="shift-reason" onChange={(event) => setReason(event.target.value)} />
        </Field>
      )}
    </Modal>
  )
}
