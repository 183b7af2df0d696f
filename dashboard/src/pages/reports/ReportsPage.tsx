import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { queries } from '../../client/api.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import { QueryView } from '../../ui/states.tsx'
import { MakeNow } from './MakeNow.tsx'
import { Runs } from './Runs.tsx'
import { SchedulePanel } from './SchedulePanel.tsx'
import { Schedules } from './Schedules.tsx'
import './reports.css'

/** A report now, those that are mailed by a schedule, and what became of them. */
export function ReportsPage() {
  const { t } = useTranslation('reports')
  const { t: common } = useTranslation()
  const [search, setSearch] = useSearchParams()
  const overview = useQuery(queries.reports.overview.queryOptions())
  const opened = search.get('schedule')
  const set = (key: 'schedule' | 'of', value: string | null): void =>
    setSearch((before) => {
      if (value === null) before.delete(key)
      else before.set(key, value)
      return before
    })
  return (
    <div className="reports-page">
      <PageHead title={common('nav.reports')} note={t('note')} />
      <MakeNow />
      <QueryView query={overview}>
        {({ schedules, mail, timeZone }) => (
          <>
            <Schedules
              schedules={schedules}
              mail={mail}
              timeZone={timeZone}
              onOpen={(schedule) => set('schedule', String(schedule))}
              onRuns={(scheduleId) => set('of', String(scheduleId))}
            />
            {opened !== null && (
              <SchedulePanel key={opened} id={opened} schedules={schedules} timeZone={timeZone} onClose={() => set('schedule', null)} />
            )}
          </>
        )}
      </QueryView>
      <Runs
        schedule={overview.data?.schedules.find(({ id }) => id === Number(search.get('of')))}
        namedRun={search.has('run') ? Number(search.get('run')) : null}
        onAll={() => set('of', null)}
      />
    </div>
  )
}
