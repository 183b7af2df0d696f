import { useQuery } from '@tanstack/react-query'
import { Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { queries } from '../../client/api.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import { QueryView } from '../../ui/states.tsx'
import { AllClear } from './AllClear.tsx'
import { DrillList } from './DrillList.tsx'
import { DrillNow } from './DrillNow.tsx'
import { DrillPlanForm } from './DrillPlanForm.tsx'
import { ResponseTimes } from './ResponseTimes.tsx'
import { Watchers } from './Watchers.tsx'
import './proof.css'

const TABS = ['drills', 'times', 'life-signs'] as const
/** A running drill is looked at closely: the socket tells of its changes, this is the net below. */
const RUNNING_REFETCH_MS = 2000

/** The proof that an alarm reaches a person: drills, measured times, signs of life. */
export function ProofPage() {
  const { t } = useTranslation('life')
  const { t: common } = useTranslation()
  const [search, setSearch] = useSearchParams()
  const tab = TABS.find((each) => each === search.get('tab')) ?? 'drills'
  const overview = useQuery(queries.proof.overview.queryOptions())
  const drills = useQuery({
    ...queries.proof.drills.queryOptions({ input: { limit: 52 } }),
    refetchInterval: ({ state }) => (state.data?.some((drill) => drill.state === 'running') ? RUNNING_REFETCH_MS : 60_000),
  })
  return (
    <>
      <PageHead title={common('nav.proof')} note={t(`proof.note.${tab}`)}>
        <Segmented
          value={tab}
          options={TABS.map((value) => ({ value, label: <span data-testid={`tab-${value}`}>{t(`proof.tab.${value}`)}</span> }))}
          onChange={(next) => setSearch(next === 'drills' ? {} : { tab: next })}
        />
      </PageHead>
      {tab === 'times' && <ResponseTimes />}
      {tab === 'drills' && (
        <QueryView query={overview}>
          {({ drill: plan }) => (
            <QueryView query={drills}>
              {(list) => (
                <>
                  <DrillNow plan={plan} drills={list} />
                  <DrillPlanForm key={JSON.stringify(plan)} plan={plan} />
                  <DrillList drills={list} />
                </>
              )}
            </QueryView>
          )}
        </QueryView>
      )}
      {tab === 'life-signs' && (
        <QueryView query={overview}>
          {({ allClear, watchers, drill }) => (
            <>
              <AllClear key={JSON.stringify(allClear)} allClear={allClear} timeZone={drill.timeZone} />
              <Watchers watchers={watchers} />
            </>
          )}
        </QueryView>
      )}
    </>
  )
}
