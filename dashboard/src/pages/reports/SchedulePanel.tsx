import type { ReportSchedule } from '@roomkeeper/shared/http'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { useMay } from '../../client/session.ts'
import { useWords } from '../../i18n/use-words.ts'
import { SidePanel } from '../../ui/SidePanel.tsx'
import { Empty, Loading } from '../../ui/states.tsx'
import { useDiscardQuestion } from '../../ui/use-discard-question.tsx'
import { type ReportDraft, ScheduleForm } from './ScheduleForm.tsx'
import { useReportWords } from './use-report-words.ts'

interface Props {
  id: string
  schedules: readonly ReportSchedule[]
  timeZone: string
  onClose: () => void
}

/** The schedule named in the address, or a new one. */
export function SchedulePanel({ id, schedules, timeZone, onClose }: Props) {
  const { t } = useTranslation('reports')
  const mayWrite = useMay('reports.write')
  const schedule = schedules.find((one) => one.id === Number(id))
  const people = useQuery({ ...queries.reports.people.queryOptions(), enabled: mayWrite })
  const reportWords = useReportWords()
  const title = mayWrite ? t(id === 'new' ? 'form.add' : 'form.change') : t('schedules.view')
  return (
    <SidePanel title={title} label={title} onClose={onClose} takesFocus>
      {id !== 'new' && !schedule ? (
        <Empty>{t('form.gone')}</Empty>
      ) : mayWrite ? (
        // The heads that have an address are proposed as recipients of a new one.
        people.data || people.error ? (
          <OneSchedule
            key={`${id} ${schedule?.revision}`}
            schedule={schedule}
            headIds={(people.data ?? []).flatMap(({ accountId, isHead, address }) => (isHead && address !== null ? [accountId] : []))}
            timeZone={timeZone}
            onClose={onClose}
          />
        ) : (
          <Loading />
        )
      ) : (
        schedule && (
          <p>
            <b>{reportWords.name(schedule)}</b>
            <br />
            {reportWords.every(schedule)}
          </p>
        )
      )}
    </SidePanel>
  )
}

function OneSchedule({
  schedule,
  headIds,
  timeZone,
  onClose,
}: {
  schedule: ReportSchedule | undefined
  headIds: number[]
  timeZone: string
  onClose: () => void
}) {
  const words = useWords()
  const [first] = useState<ReportDraft>(() => (schedule ? draftOf(schedule) : newDraft(headIds, words.language)))
  const [draft, setDraft] = useState(first)
  const { question, settled } = useDiscardQuestion('schedule', JSON.stringify(draft) !== JSON.stringify(first))
  return (
    <>
      <ScheduleForm
        schedule={schedule}
        draft={draft}
        onDraft={(change) => setDraft((before) => ({ ...before, ...change }))}
        timeZone={timeZone}
        onDone={() => {
          settled()
          onClose()
        }}
      />
      {question}
    </>
  )
}

function draftOf(schedule: ReportSchedule): ReportDraft {
  const { kind, roomId, language, formats, accountIds, addresses, at, weekday, dayOfMonth, month, enabled } = schedule
  return { kind, roomId, language, formats, accountIds, addresses, at, weekday, dayOfMonth, month, enabled }
}

/** What most hospitals want. */
function newDraft(headIds: number[], language: string): ReportDraft {
  const shared = {
    kind: 'monthly',
    roomId: null,
    formats: ['pdf'],
    addresses: [],
    at: '08:00',
    weekday: 1,
    dayOfMonth: 1,
    month: 1,
    enabled: true,
  } satisfies Partial<ReportDraft>
  return { ...shared, formats: ['pdf'], addresses: [], accountIds: headIds, language: language.startsWith('zh') ? 'zh' : 'en' }
}
