import { PlusOutlined } from '@ant-design/icons'
import type { LimitTarget } from '@roomkeeper/shared/http'
import { Button, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate, useSearchParams } from 'react-router'
import { useMay } from '../../client/session.ts'
import { parseTargetKey, targetKey } from '../../features/limits/target-key.ts'
import { usePlaces } from '../../features/limits/use-places.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import { BuiltIn } from './BuiltIn.tsx'
import { Combinations } from './Combinations.tsx'
import { SetPanel } from './SetPanel.tsx'
import { SetsTable } from './SetsTable.tsx'
import { TargetChooser } from './TargetChooser.tsx'
import './limits-page.css'

const TABS = ['sets', 'built-in', 'combinations'] as const
type Tab = (typeof TABS)[number]

/** Limits: what people set for kinds, room classes, rooms, devices and points, the built-in defaults, and limits over several points. */
export function LimitsPage() {
  const { t } = useTranslation('limits')
  const mayWrite = useMay('limits.write')
  const [search, setSearch] = useSearchParams()
  const navigate = useNavigate()
  const from: unknown = (useLocation().state as { from?: unknown } | null)?.from
  const places = usePlaces()
  const wanted = search.get('tab')
  const tab: Tab = TABS.find((each) => each === wanted) ?? 'sets'
  const opened = search.get('set')
  const target = opened === null ? undefined : parseTargetKey(opened)

  const patch = (changes: Record<string, string | undefined>, replace = false) => {
    const next = new URLSearchParams(search)
    for (const [key, value] of Object.entries(changes)) {
      if (value) next.set(key, value)
      else next.delete(key)
    }
    setSearch(next, { replace })
  }
  const open = (next: LimitTarget, replace = false) => patch({ set: targetKey(next) }, replace)
  /** Back to the point or room that a person came from. */
  const close = () => (typeof from === 'string' ? void navigate(from) : patch({ set: undefined }))

  return (
    <>
      <PageHead title={t('title')} note={t(`tabNote.${tab}`)}>
        <Segmented
          value={tab}
          options={TABS.map((value) => ({ value, label: <span data-testid={`limits-tab-${value}`}>{t(`tab.${value}`)}</span> }))}
          onChange={(next) => setSearch(next === 'sets' ? {} : { tab: next })}
        />
        {mayWrite && tab === 'sets' && (
          <Button type="primary" icon={<PlusOutlined />} data-testid="limit-set-add" onClick={() => patch({ set: 'new' })}>
            {t('add')}
          </Button>
        )}
      </PageHead>
      {tab === 'sets' && <SetsTable places={places} onOpen={open} />}
      {tab === 'built-in' && <BuiltIn search={search} onFilter={patch} onOpen={open} />}
      {tab === 'combinations' && <Combinations places={places} search={search} onOpen={(id) => patch({ combination: id })} />}
      {opened === 'new' && mayWrite && (
        <TargetChooser places={places} onChosen={(next) => open(next, true)} onClose={() => patch({ set: undefined })} />
      )}
      {target && <SetPanel key={opened} target={target} places={places} onClose={close} />}
    </>
  )
}
