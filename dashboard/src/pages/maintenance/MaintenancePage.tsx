import { Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { PageHead } from '../../ui/PageHead.tsx'
import { Holds } from './Holds.tsx'
import { Windows } from './Windows.tsx'
import '../../features/alarms/alarms.css'
import './maintenance.css'

const TABS = ['open', 'windows', 'ended'] as const

/** What is silent by a decision of people: now, planned, and over. */
export function MaintenancePage() {
  const { t } = useTranslation('life')
  const { t: common } = useTranslation()
  const [search, setSearch] = useSearchParams()
  const tab = TABS.find((each) => each === search.get('tab')) ?? 'open'
  return (
    <>
      <PageHead title={common('nav.maintenance')} note={t(`maintenance.note.${tab}`)}>
        <Segmented
          value={tab}
          options={TABS.map((value) => ({ value, label: <span data-testid={`tab-${value}`}>{t(`maintenance.tab.${value}`)}</span> }))}
          onChange={(next) => setSearch(next === 'open' ? {} : { tab: next })}
        />
      </PageHead>
      {tab === 'windows' ? <Windows /> : <Holds key={tab} scope={tab} />}
    </>
  )
}
