import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import type { Holiday } from '@roomkeeper/shared/http'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, Button, Input } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { serverClock } from '../../client/clock.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { useMay } from '../../client/session.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { Empty, QueryView } from '../../ui/states.tsx'
import { showToast } from '../../ui/toasts.tsx'
import { holidayLines, readHolidays } from './holiday-lines.ts'

/** Days off and worked weekends, a year at a time, as the State Council publishes them. */
export function Holidays() {
  const { t } = useTranslation('schedules')
  const mayWrite = useMay('schedules.write')
  const [year, setYear] = useState(dayjs(serverClock.nowMs()).year())
  const [isEditing, setIsEditing] = useState(false)
  const query = useQuery(queries.schedules.holidays.queryOptions({ input: { year } }))
  const edit = mayWrite && (
    <Button data-testid="edit-holidays" onClick={() => setIsEditing(true)}>
      {t('holidays.paste')}
    </Button>
  )
  return (
    <div className="panel holidays">
      <div className="calendar-head">
        <Button icon={<LeftOutlined />} aria-label={t('holidays.previousYear')} disabled={isEditing} onClick={() => setYear(year - 1)} />
        <h2>{t('holidays.list', { year })}</h2>
        <Button icon={<RightOutlined />} aria-label={t('holidays.nextYear')} disabled={isEditing} onClick={() => setYear(year + 1)} />
        {!isEditing && edit}
      </div>
      <QueryView query={query}>
        {(holidays) =>
          isEditing ? (
            <Editor key={year} year={year} holidays={holidays} onDone={() => setIsEditing(false)} />
          ) : holidays.length === 0 ? (
            <Empty>{t('holidays.none', { year })}</Empty>
          ) : (
            <ul className="holiday-list">
              {holidays.map(({ date, name, working }) => (
                <li key={date}>
                  <time dateTime={date}>
                    {date} {t(`weekday.${dayjs(date).day() as 0 | 1 | 2 | 3 | 4 | 5 | 6}`)}
                  </time>
                  <span>{name}</span>
                  <span className={working ? 'day-worked' : 'day-holiday'}>{t(working ? 'holidays.working' : 'holidays.off')}</span>
                </li>
              ))}
            </ul>
          )
        }
      </QueryView>
    </div>
  )
}

function Editor({ year, holidays, onDone }: { year: number; holidays: readonly Holiday[]; onDone: () => void }) {
  const { t } = useTranslation('schedules')
  const words = useWords()
  const [text, setText] = useState(() => holidayLines(holidays, t('month.working')))
  const read = readHolidays(text, year, { off: t('month.dayOff'), worked: t('month.working') })
  const save = useMutation(
    queries.schedules.setHolidays.mutationOptions({
      onSuccess: () => {
        refetchTopic('schedules')
        showToast({ kind: 'success', text: t('holidays.saved', { year }) })
        onDone()
      },
    }),
  )
  const { problem } = read
  const wrong =
    problem === null
      ? undefined
      : problem.kind === 'year'
        ? t('holidays.wrongYear', { ...problem, year })
        : t('holidays.wrongLine', { line: problem.line, text: problem.text })
  const off = read.holidays.filter(({ working }) => !working).length
  return (
    <div className="holiday-editor">
      <Field label={t('holidays.paste')} error={wrong} hint={t('holidays.read', { off, working: read.holidays.length - off })}>
        <Input.TextArea rows={12} value={text} data-testid="holiday-text" onChange={({ target }) => setText(target.value)} />
      </Field>
      <p className="muted holiday-hint">{t('holidays.pasteHint')}</p>
      {holidays.length > 0 && <p className="muted">{t('holidays.replaces', { year, count: holidays.length })}</p>}
      {save.error && <Alert type="error" showIcon title={words.error(save.error)} />}
      <div className="form-actions">
        <Button
          type="primary"
          disabled={problem !== null}
          loading={save.isPending}
          data-testid="save-holidays"
          onClick={() => save.mutate({ year, holidays: read.holidays })}
        >
          {t('holidays.save', { year })}
        </Button>
        <Button onClick={onDone}>{t('holidays.cancel')}</Button>
      </div>
    </div>
  )
}
