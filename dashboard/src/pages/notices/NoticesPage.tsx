import { Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { useMay } from '../../client/session.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import { Channels } from './Channels.tsx'
import { EscalationPanel } from './EscalationPanel.tsx'
import { Outbox } from './Outbox.tsx'
import './notices-page.css'

const TABS = ['outbox', 'channels', 'escalation'] as const
type Tab = (typeof TABS)[number]

/** Telling people: what was told to whom, through which channels, and who comes next when nobody acknowledges. */
export function NoticesPage() {
  const { t } = useTranslation('notices')
  const { t: common } = useTranslation()
  const [search, setSearch] = useSearchParams()
  const maySetUp = useMay('channels.read')
  const wanted = search.get('tab')
  const tab: Tab = (maySetUp && TABS.find((each) => each === wanted)) || 'outbox'
  return (
    <>
      <PageHead title={common('nav.notices')} note={tab === 'escalation' ? t('escalation.note') : t(`note.${tab}`)}>
        {maySetUp && (
          <Segmented
            value={tab}
            options={TABS.map((value) => ({ value, label: <span data-testid={`tab-${value}`}>{t(`tab.${value}`)}</span> }))}
            onChange={(next) => setSearch(next === 'outbox' ? {} : { tab: next })}
          />
        )}
      </PageHead>
      {tab === 'outbox' && <Outbox />}
      {tab === 'channels' && <Channels />}
      {tab === 'escalation' && <EscalationPanel />}
    </>
  )
}
