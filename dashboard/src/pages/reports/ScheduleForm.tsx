import { REPORT_FORMATS, REPORT_KINDS, type ReportSchedule, type ReportScheduleInput } from '@roomkeeper/shared/http'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, Button, Checkbox, Popconfirm, Segmented, Select, Switch } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { errorIssues, queries } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { roomsQuery } from '../../client/room-queries.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { showToast } from '../../ui/toasts.tsx'
import { SendingDay } from './SendingDay.tsx'
import { useReportWords } from './use-report-words.ts'

export type ReportDraft = ReportScheduleInput
/** As the server's check; it has the last word. */
const ADDRESS = /^[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+$/
const LANGUAGES = ['zh', 'en'] as const

interface Props {
  schedule: ReportSchedule | undefined
  draft: ReportDraft
  onDraft: (change: Partial<ReportDraft>) => void
  timeZone: string
  /** Saved or removed. */
  onDone: () => void
}

export function ScheduleForm({ schedule, draft, onDraft, timeZone, onDone }: Props) {
  const { t } = useTranslation('reports')
  const { t: common } = useTranslation()
  const words = useWords()
  const reportWords = useReportWords()
  const rooms = useQuery(roomsQuery()).data ?? []
  const people = useQuery(queries.reports.people.queryOptions()).data ?? []
  const [isTried, setIsTried] = useState(false)
  const done = (text: string) => ({
    onSuccess: () => {
      refetchTopic('notices')
      showToast({ kind: 'success', text })
      onDone()
    },
  })
  const add = useMutation(queries.reports.add.mutationOptions(done(t('form.added'))))
  const change = useMutation(queries.reports.change.mutationOptions(done(t('form.saved'))))
  const remove = useMutation(queries.reports.remove.mutationOptions(done(t('form.removed'))))
  const error = add.error ?? change.error ?? remove.error
  const problemOf = (field: string): string | undefined => {
    const issue = errorIssues(error).find((each) => each.field === field || each.field.startsWith(`${field}.`))
    return issue && words.half(issue.message)
  }
  const wrongAddress = draft.addresses.find((address) => !ADDRESS.test(address))
  const isToNobody = draft.accountIds.length + draft.addresses.length === 0
  const needs = {
    formats: draft.formats.length === 0 ? t('form.needFormat') : undefined,
    addresses: wrongAddress === undefined ? undefined : t('form.wrongAddress', { address: wrongAddress }),
    people: isToNobody ? t('form.needRecipient') : undefined,
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setIsTried(true)
    if (needs.formats || needs.addresses || needs.people) return
    if (schedule) change.mutate({ ...draft, scheduleId: schedule.id, revision: schedule.revision })
    else add.mutate(draft)
  }
  return (
    <form className="report-form" data-testid="report-form" onSubmit={submit}>
      <Field label={t('form.kind')}>
        <Segmented
          value={draft.kind}
          options={REPORT_KINDS.map((value) => ({ value, label: <span data-testid={`form-${value}`}>{t(`kind.${value}`)}</span> }))}
          onChange={(kind) => onDraft({ kind })}
        />
      </Field>
      <SendingDay draft={draft} timeZone={timeZone} onDraft={onDraft} problemOf={problemOf} />
      <p className="report-every" data-testid="form-every">
        {reportWords.every(draft)}
      </p>
      <Field label={t('form.room')} error={problemOf('roomId')}>
        <Select
          value={draft.roomId ?? 0}
          data-testid="form-room"
          options={[{ value: 0, label: t('everyRoom') }, ...rooms.map(({ id, name }) => ({ value: id, label: name }))]}
          onChange={(next) => onDraft({ roomId: next === 0 ? null : next })}
        />
      </Field>
      <Field label={t('form.people')} hint={t('form.peopleHint')} error={(isTried ? needs.people : undefined) ?? problemOf('accountIds')}>
        <Select
          mode="multiple"
          value={draft.accountIds}
          optionFilterProp="label"
          data-testid="form-people"
          options={people.map(({ accountId, name, address }) => ({
            value: accountId,
            label: address === null ? t('form.noAddress', { name }) : `${name} · ${address}`,
          }))}
          onChange={(accountIds: number[]) => onDraft({ accountIds })}
        />
      </Field>
      <Field label={t('form.addresses')} hint={t('form.addressesHint')} error={needs.addresses ?? problemOf('addresses')}>
        <Select
          mode="tags"
          open={false}
          suffixIcon={null}
          value={draft.addresses}
          tokenSeparators={[',', ';', ' ', '，', '；']}
          data-testid="form-addresses"
          onChange={(addresses: string[]) => onDraft({ addresses: addresses.map((address) => address.trim()).filter(Boolean) })}
        />
      </Field>
      <div className="report-row">
        <Field label={t('form.formats')} error={isTried ? needs.formats : undefined}>
          <Checkbox.Group
            value={draft.formats}
            options={REPORT_FORMATS.map((value) => ({ value, label: t(`format.${value}`) }))}
            onChange={(formats) => onDraft({ formats })}
          />
        </Field>
        <Field label={t('form.language')}>
          <Segmented
            value={draft.language}
            options={LANGUAGES.map((value) => ({ value, label: t(`languageName.${value}`) }))}
            onChange={(language) => onDraft({ language })}
          />
        </Field>
        <Field label={t('form.enabled')}>
          <Switch checked={draft.enabled} data-testid="form-enabled" onChange={(enabled) => onDraft({ enabled })} />
        </Field>
      </div>
      {error && <Alert type="error" showIcon role="alert" title={words.error(error)} />}
      <div className="form-actions">
        <Button type="primary" htmlType="submit" loading={add.isPending || change.isPending} data-testid="form-save">
          {common('common.save')}
        </Button>
        {schedule && (
          <Popconfirm
            title={t('form.removeQuestion')}
            okText={t('form.remove')}
            okButtonProps={{ danger: true }}
            cancelText={common('common.cancel')}
            onConfirm={() => remove.mutate({ scheduleId: schedule.id })}
          >
            <Button danger loading={remove.isPending} data-testid="form-remove">
              {t('form.remove')}
            </Button>
          </Popconfirm>
        )}
      </div>
      {schedule && <p className="muted">{t('form.changedBy', { by: schedule.changedBy })}</p>}
    </form>
  )
}
