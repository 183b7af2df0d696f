import { FileExcelOutlined, FilePdfOutlined, PlusOutlined, UploadOutlined } from '@ant-design/icons'
import { CLAUSES, type Clause, type RegisterDefinition } from '@roomkeeper/shared/registers'
import { Button, Segmented } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router'
import { recordsFileUrl } from '../../client/register-files.ts'
import { filterOf, newPath, PHASES, type Phase, type RecordFilter, searchOf } from '../../features/registers/register-list.ts'
import { type RegisterEntry, useRegisters } from '../../features/registers/use-registers.ts'
import { useWords } from '../../i18n/use-words.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import { Empty, Loading, QueryView } from '../../ui/states.tsx'
import { RecordFilters } from './RecordFilters.tsx'
import { RecordList } from './RecordList.tsx'
import './registers-page.css'

const AssetFigures = lazy(async () => ({ default: (await import('./AssetFigures.tsx')).AssetFigures }))
const RegisterImport = lazy(async () => ({ default: (await import('./RegisterImport.tsx')).RegisterImport }))

/** The records of one register. How they are filtered stands in the address: a link to them shows the same. */
export function RegisterPage() {
  const { register = '' } = useParams()
  const { t } = useTranslation('registers')
  const registers = useRegisters()
  return (
    <QueryView query={registers}>
      {(entries) => {
        const entry = entries.find(({ definition }) => definition.name === register)
        if (entry) return <Register key={register} entry={entry} />
        return (
          <Empty>
            {t('noRegister')} <Link to="/registers">{t('title')}</Link>
          </Empty>
        )
      }}
    </QueryView>
  )
}

function Register({ entry }: { entry: RegisterEntry }) {
  const { t, i18n } = useTranslation('registers')
  const words = useWords()
  const navigate = useNavigate()
  const [search, setSearch] = useSearchParams()
  const [isImporting, setIsImporting] = useState(false)
  const { definition, mayCreate } = entry
  const filter = filterOf(search)
  const hasFigures = definition.name === 'asset'
  const isFigures = hasFigures && search.get('view') === 'figures'
  const change = (patch: Partial<RecordFilter>) => setSearch(searchOf({ ...filter, ...patch }), { replace: true })
  const fileUrl = (kind: 'xlsx' | 'pdf') => recordsFileUrl(definition.name, kind, searchOf(filter), i18n.language)
  return (
    <>
      <PageHead
        title={
          <>
            <Link to="/registers">{t('title')}</Link> › {words.of(definition.title)}
          </>
        }
        note={<ClauseNote definition={definition} />}
      >
        {hasFigures && (
          <Segmented
            value={isFigures ? 'figures' : 'list'}
            options={[
              { value: 'list', label: t('figures.list') },
              { value: 'figures', label: t('figures.title') },
            ]}
            data-testid="asset-view"
            onChange={(view) => setSearch(view === 'figures' ? { view: 'figures' } : {})}
          />
        )}
        {!isFigures && (
          <>
            <Button icon={<FileExcelOutlined />} href={fileUrl('xlsx')} data-testid="register-xlsx">
              Excel
            </Button>
            <Button icon={<FilePdfOutlined />} href={fileUrl('pdf')} target="_blank" data-testid="register-pdf">
              PDF
            </Button>
            {definition.import && mayCreate && (
              <Button icon={<UploadOutlined />} onClick={() => setIsImporting(true)} data-testid="register-import">
                {t('import.button')}
              </Button>
            )}
          </>
        )}
        {mayCreate && (
          <Button type="primary" icon={<PlusOutlined />} data-testid="register-new" onClick={() => void navigate(newPath(definition.name))}>
            {t('new')}
          </Button>
        )}
      </PageHead>
      {isFigures ? (
        <Suspense fallback={<Loading />}>
          <AssetFigures />
        </Suspense>
      ) : (
        <>
          <PhaseTabs entry={entry} phase={filter.phase} onChange={(phase) => change({ phase })} />
          <RecordFilters definition={definition} filter={filter} onChange={change} />
          <RecordList entry={entry} filter={filter} />
        </>
      )}
      {isImporting && (
        <Suspense>
          <RegisterImport definition={definition} onClose={() => setIsImporting(false)} />
        </Suspense>
      )}
    </>
  )
}

/** Which clause of the regulation it keeps, and what that asks for. */
function ClauseNote({ definition }: { definition: RegisterDefinition }) {
  const { t } = useTranslation('registers')
  const { t: common } = useTranslation()
  const words = useWords()
  const clauses = definition.clauses.map((name) => (name in CLAUSES ? `${name} ${words.of(CLAUSES[name as Clause])}` : name))
  return <span title={clauses.join('\n')}>{t('clause', { clauses: clauses.join(common('common.listSemicolon')) })}</span>
}

function PhaseTabs({ entry, phase, onChange }: { entry: RegisterEntry; phase: Phase; onChange: (phase: Phase) => void }) {
  const { t } = useTranslation('registers')
  const counts: Partial<Record<Phase, number>> = { open: entry.open, mine: entry.mine, overdue: entry.overdue }
  return (
    // biome-ignore lint/a11y/useSemanticElements: buttons that filter, not fields of a form
    <div className="phase-tabs" role="group" aria-label={t('phase.label')}>
      {PHASES.map((each) => (
        <button
          key={each}
          type="button"
          className="phase-tab"
          aria-pressed={phase === each}
          data-testid={`phase-${each}`}
          onClick={() => onChange(each)}
        >
          {t(`phase.${each}`)}
          {(counts[each] ?? 0) > 0 && (
            <span className={`phase-count ${each === 'overdue' ? 'phase-count-overdue' : ''}`}>{counts[each]}</span>
          )}
        </button>
      ))}
    </div>
  )
}
