import { Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { PageHead } from '../../ui/PageHead.tsx'
import { Addresses } from './Addresses.tsx'
import { Ports } from './Ports.tsx'
import './network.css'

const TABS = ['addresses', 'ports'] as const

/** IP table and switch ports (regulation T2). */
export function NetworkPage() {
  const { t } = useTranslation('network')
  const [search, setSearch] = useSearchParams()
  const tab = TABS.find((each) => each === search.get('tab')) ?? 'addresses'
  return (
    <>
      <PageHead title={t('title')} note={t(`note.${tab}`)}>
        <Segmented
          value={tab}
          options={TABS.map((value) => ({ value, label: <span data-testid={`tab-${value}`}>{t(`tab.${value}`)}</span> }))}
          onChange={(next) => setSearch(next === 'addresses' ? {} : { tab: next })}
        />
      </PageHead>
      {tab === 'addresses' ? <Addresses /> : <Ports />}
    </>
  )
}
