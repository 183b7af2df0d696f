import type { Cadence, Schedule, ScheduleInput } from '@roomkeeper/shared/http'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, Button, Checkbox, Input, InputNumber, Segmented, Select } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { errorIssues, queries } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { roomsQuery } from '../../client/room-queries.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { showToast } from '../../ui/toasts.tsx'
import { zonedText } from '../maintenance/occurrences.ts'
import { cronMeaning } from './cron-parts.ts'
import { useScheduleWords } from './use-schedule-words.ts'

const BROWSER_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone

const EXAMPLES = [
  ['0 9 * * 1', 'mondays'],
  ['0 9 1 * *', 'first'],
  ['0 9 1,15 * *', 'halfMonth'],
  ['0 9 1 */3 *', 'quarter'],
] as const

type Draft = Omit<ScheduleInput, 'register' | 'roomId'> & { register: string | undefined; roomId: number | null }

const NEW: Draft = {
  register: undefined,
  roomId: null,
  title: '',
  cadence: { kind: 'interval', everyDays: 30 },
  outerDays: 31,
  remindHours: 24,
  headAfterHours: 24,
  avoidHolidays: true,
  personIds: [],
}

/** How often, with the next times as they would be; who is reminded, and when the department head hears of it. */
export function ScheduleForm({ schedule, onDone }: { schedule: Schedule | undefined; onDone: () => void }) {
  const { t } = useTranslation('schedules')
  const { t: common } = useTranslation()
  const words = useWords()
  const scheduleWords = useScheduleWords()
  const rooms = useQuery(roomsQuery()).data
  const people = useQuery(queries.notices.people.queryOptions()).data
  const [draft, setDraft] = useState<Draft>(schedule ?? NEW)
  const [isTried, setIsTried] = useState(false)
  const set = (change: Partial<Draft>): void => setDraft((before) => ({ ...before, ...change }))
  const saved = (text: string) => ({
    onSuccess: () => {
      refetchTopic('schedules')
      showToast({ kind: 'success', text })
      onDone()
    },
  })
  const add = useMutation(queries.schedules.add.mutationOptions(saved(t('panel.added'))))
  const change = useMutation(queries.schedules.change.mutationOptions(saved(t('panel.saved'))))
  const error = add.error ?? change.error
  const problemOf = (field: string): string | undefined => {
    const issue = errorIssues(error).find((each) => each.field === field || each.field.startsWith(`${field}.`))
    return issue && words.half(issue.message)
  }
  const widest = draft.register === undefined ? undefined : scheduleWords.outerDaysOf(draft.register)
  const definition = scheduleWords.entries.find((entry) => entry.definition.name === draft.register)?.definition
  const isMissing = (text: string | undefined): string | undefined => (isTried && !text?.trim() ? common('errors.required') : undefined)

  const submit = (): void => {
    setIsTried(true)
    const { register, title } = draft
    if (register === undefined || title.trim() === '' || (definition?.byRoom && draft.roomId === null)) return
    const { roomId, cadence, outerDays, remindHours, headAfterHours, avoidHolidays, personIds } = draft
    const input = { register, roomId, title, cadence, outerDays, remindHours, headAfterHours, avoidHolidays, personIds }
    if (schedule) change.mutate({ ...input, scheduleId: schedule.id, revision: schedule.revision })
    else add.mutate(input)
  }
  const number = (key: 'outerDays' | 'remindHours' | 'headAfterHours', least: number, most: number) => (
    <InputNumber
      value={draft[key]}
      min={least}
      max={most}
      precision={0}
      data-testid={`schedule-${key}`}
      onChange={(value) => value !== null && set({ [key]: value })}
    />
  )
  return (
    <form
      className="schedule-form"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      {!schedule && (
        <Field label={t('panel.register')} required error={isMissing(draft.register) ?? problemOf('register')}>
          <Select
            value={draft.register}
            showSearch
            optionFilterProp="label"
            placeholder={t('panel.choose')}
            data-testid="schedule-register"
            options={scheduleWords.entries.map((entry) => ({ value: entry.definition.name, label: words.of(entry.definition.title) }))}
            onChange={(register) => {
              const found = scheduleWords.entries.find((entry) => entry.definition.name === register)?.definition
              const most = found?.schedule?.outerDays ?? draft.outerDays
              const everyDays = Math.min(most, draft.cadence.kind === 'interval' ? draft.cadence.everyDays : most)
              set({
                register,
                roomId: null,
                outerDays: Math.min(draft.outerDays, most),
                ...(draft.cadence.kind === 'interval' ? { cadence: { kind: 'interval', everyDays } } : {}),
                ...(draft.title === '' && found ? { title: words.of(found.title) } : {}),
              })
            }}
          />
        </Field>
      )}
      {!schedule && definition?.byRoom && (
        <Field label={t('panel.room')} required error={isTried && draft.roomId === null ? common('errors.required') : problemOf('roomId')}>
          <Select
            value={draft.roomId ?? undefined}
            placeholder={t('panel.choose')}
            options={rooms?.map(({ id, name, site }) => ({ value: id, label: `${site} · ${name}` }))}
            onChange={(roomId) => set({ roomId })}
          />
        </Field>
      )}
      <Field label={t('panel.title')} required error={isMissing(draft.title) ?? problemOf('title')}>
        <Input value={draft.title} maxLength={100} data-testid="schedule-title" onChange={({ target }) => set({ title: target.value })} />
      </Field>
      <CadenceField cadence={draft.cadence} problem={problemOf('cadence')} onChange={(cadence) => set({ cadence })} />
      <Field
        label={t('panel.outer')}
        error={problemOf('outerDays')}
        hint={widest === undefined ? t('panel.outerHint') : t('panel.outerLaw', { count: widest })}
      >
        {number('outerDays', 1, widest ?? 400)}
      </Field>
      <Checkbox checked={draft.avoidHolidays} onChange={({ target }) => set({ avoidHolidays: target.checked })}>
        {t('panel.avoid')}
      </Checkbox>
      <NextTimes draft={draft} />
      <Field label={t('panel.remind')} hint={t('panel.remindHint')}>
        {number('remindHours', 0, 720)}
      </Field>
      <Field label={t('panel.people')} hint={t('panel.peopleHint')} error={problemOf('personIds')}>
        <Select
          mode="multiple"
          value={draft.personIds}
          optionFilterProp="label"
          options={people?.map(({ accountId, name }) => ({ value: accountId, label: name }))}
          onChange={(personIds) => set({ personIds })}
        />
      </Field>
      <Field label={t('panel.head')}>{number('headAfterHours', 0, 720)}</Field>
      {error && <Alert type="error" showIcon title={words.error(error)} />}
      <Button type="primary" htmlType="submit" loading={add.isPending || change.isPending} data-testid="schedule-save">
        {t('panel.save')}
      </Button>
    </form>
  )
}

function CadenceField({
  cadence,
  problem,
  onChange,
}: {
  cadence: Cadence
  problem: string | undefined
  onChange: (cadence: Cadence) => void
}) {
  const { t } = useTranslation('schedules')
  return (
    <fieldset className="cadence">
      <legend>{t('panel.cadence')}</legend>
      <Segmented
        value={cadence.kind}
        options={(['interval', 'cron'] as const).map((kind) => ({ value: kind, label: t(`panel.${kind}`) }))}
        onChange={(kind) => onChange(kind === 'cron' ? { kind, expression: '0 9 * * 1' } : { kind: 'interval', everyDays: 7 })}
      />
      {cadence.kind === 'interval' ? (
        <Field label={t('panel.everyDays')} hint={t('panel.everyHint')} error={problem}>
          <InputNumber
            value={cadence.everyDays}
            min={1}
            max={400}
            precision={0}
            data-testid="schedule-everyDays"
            onChange={(everyDays) => everyDays !== null && onChange({ kind: 'interval', everyDays })}
          />
        </Field>
      ) : (
        <>
          <Field label={t('panel.expression')} hint={t('panel.expressionHint')} error={problem}>
            <Input
              value={cadence.expression}
              maxLength={100}
              className="mono"
              data-testid="schedule-expression"
              onChange={({ target }) => onChange({ kind: 'cron', expression: target.value })}
            />
          </Field>
          <div className="cadence-examples">
            <span className="muted">{t('panel.examples')}:</span>
            {EXAMPLES.map(([expression, name]) => (
              <Button key={name} size="small" onClick={() => onChange({ kind: 'cron', expression })}>
                {t(`cron.${name}`)}
              </Button>
            ))}
          </div>
        </>
      )}
    </fieldset>
  )
}

/** By the clock in the hospital; by this computer's beside it where they differ. */
function HospitalTime({ ms, timeZone }: { ms: number; timeZone: string }) {
  const { t } = useTranslation('schedules')
  const [text, here] = [zonedText(ms, timeZone), zonedText(ms, BROWSER_ZONE)]
  return (
    <>
      {text} {t(`weekday.${dayjs(text.slice(0, 10)).day() as 0 | 1 | 2 | 3 | 4 | 5 | 6}`)}
      {text !== here && <span className="muted">{t('panel.here', { time: here })}</span>}
    </>
  )
}

/** In words, with the next five times, so that a wrong day is seen before it is saved. */
function NextTimes({ draft: { cadence, outerDays, avoidHolidays } }: { draft: Draft }) {
  const { t } = useTranslation('schedules')
  const words = useWords()
  const scheduleWords = useScheduleWords()
  const isLong = cadence.kind === 'interval' || cadence.expression.trim().length >= 9
  const query = useQuery({
    ...queries.schedules.preview.queryOptions({ input: { cadence, outerDays, avoidHolidays } }),
    enabled: isLong,
    placeholderData: (before) => before,
  })
  const { problem, timesMs = [], timeZone } = query.data ?? {}
  return (
    <div className="next-due" data-testid="next-due" aria-live="polite">
      <b>{scheduleWords.cadence(cadence)}</b>
      {cadence.kind === 'cron' && cronMeaning(cadence.expression) === null && <p className="muted">{t('cron.unclear')}</p>}
      {problem && <p className="field-error">{words.of(problem)}</p>}
      {timesMs.length > 0 && (
        <>
          <p className="muted">{t('panel.next')}</p>
          <ol>
            {timesMs.map((ms) => (
              <li key={ms}>
                <HospitalTime ms={ms} timeZone={timeZone ?? BROWSER_ZONE} />
              </li>
            ))}
          </ol>
        </>
      )}
      {timeZone !== undefined && <span className="muted">{t('panel.zone', { zone: timeZone })}</span>}
    </div>
  )
}
