import { Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { PageHead } from '../../ui/PageHead.tsx'
import { Feeds } from './Feeds.tsx'
import { Holidays } from './Holidays.tsx'
import { MonthView } from './MonthView.tsx'
import { Rules } from './Rules.tsx'
import { ScheduleById } from './SchedulePanel.tsx'
import './calendar.css'

const TABS = ['month', 'rules', 'holidays', 'feeds'] as const

/** What was and will be due, and the rules that make it so. */
export function CalendarPage() {
  const { t } = useTranslation('schedules')
  const { t: common } = useTranslation()
  const [search, setSearch] = useSearchParams()
  const tab = TABS.find((each) => each === search.get('tab')) ?? 'month'
  const opened = search.get('schedule')
  const open = (schedule: string | null): void =>
    setSearch((before) => {
      if (schedule === null) before.delete('schedule')
      else before.set('schedule', schedule)
      return before
    })
  return (
    <>
      <PageHead title={common('nav.calendar')} note={t(`note.${tab}`)}>
        <Segmented
          value={tab}
          options={TABS.map((value) => ({ value, label: <span data-testid={`tab-${value}`}>{t(`tab.${value}`)}</span> }))}
          onChange={(next) => setSearch(next === 'month' ? {} : { tab: next })}
        />
      </PageHead>
      {tab === 'month' && <MonthView onOpen={(id) => open(String(id))} />}
      {tab === 'rules' && <Rules onOpen={(id) => open(String(id))} onAdd={() => open('new')} />}
      {tab === 'holidays' && <Holidays />}
      {tab === 'feeds' && <Feeds />}
      {opened !== null && <ScheduleById key={opened} id={opened} onClose={() => open(null)} />}
    </>
  )
}
