import { PlusOutlined } from '@ant-design/icons'
import type { RegisterRecord } from '@roomkeeper/shared/http'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api, queries } from '../../client/api.ts'
import { usePages } from '../../client/pages.ts'
import { RecordState } from '../../features/registers/RecordState.tsx'
import { newPath, type RecordFilter, searchOf } from '../../features/registers/register-list.ts'
import { useFieldWords } from '../../features/registers/use-field-words.ts'
import type { RegisterEntry } from '../../features/registers/use-registers.ts'
import { useTurnWords } from '../../features/registers/use-turn-words.ts'
import { useWords } from '../../i18n/use-words.ts'
import { type Column, DataTable } from '../../ui/DataTable.tsx'
import { Endless } from '../../ui/Endless.tsx'
import { Empty } from '../../ui/states.tsx'
import { Time } from '../../ui/Time.tsx'

/** Longer texts are read in the record. */
const CELL_LENGTH = 80

/** Records, newest first: a table, on a phone cards. */
export function RecordList({ entry, filter }: { entry: RegisterEntry; filter: RecordFilter }) {
  const { name } = entry.definition
  const pages = usePages({
    queryKey: [...queries.registers.list.key(), name, filter],
    read: (part) => api.registers.list({ register: name, ...filter, ...part }),
    cursorOf: ({ id }) => id,
  })
  return (
    <div className="panel">
      <Endless pages={pages} empty={<NoRecords entry={entry} isFiltered={Object.keys(searchOf(filter)).length > 0} />}>
        {(records) => <RecordTable entry={entry} records={records} />}
      </Endless>
    </div>
  )
}

function NoRecords({ entry: { definition, mayCreate }, isFiltered }: { entry: RegisterEntry; isFiltered: boolean }) {
  const { t } = useTranslation('registers')
  const words = useWords()
  if (isFiltered)
    return (
      <Empty>
        {t('noneMatch')} <Link to={`/registers/${definition.name}`}>{t('showAll')}</Link>
      </Empty>
    )
  return (
    <Empty>
      <b>{words.of(definition.summary)}</b>
      <span>{t('noneYet', { clauses: definition.clauses.join(', ') })}</span>
      {mayCreate && (
        <Link to={newPath(definition.name)}>
          <PlusOutlined /> {t('newOf', { title: words.of(definition.title) })}
        </Link>
      )}
    </Empty>
  )
}

function RecordTable({ entry: { definition }, records }: { entry: RegisterEntry; records: readonly RegisterRecord[] }) {
  const { t } = useTranslation('registers')
  const words = useWords()
  const fieldWords = useFieldWords(definition)
  const turnOf = useTurnWords()
  const columns: Column<RegisterRecord>[] = [
    {
      key: 'number',
      title: t('column.number'),
      className: 'nowrap',
      render: ({ id, number }) => (
        <Link to={`/registers/${definition.name}/${id}`} data-testid={`record-link-${id}`}>
          {number}
        </Link>
      ),
    },
    ...definition.fields
      .filter(({ inList }) => inList)
      .map((field) => ({
        key: `field-${field.key}`,
        title: words.of(field.label),
        className: field.type === 'number' ? 'num' : ['instant', 'date', 'choice'].includes(field.type) ? 'nowrap' : undefined,
        render: ({ fields }: RegisterRecord) => {
          const text = fieldWords.text(field, fields[field.key])
          return <span className="wrap-any record-cell">{text.length > CELL_LENGTH ? `${text.slice(0, CELL_LENGTH)}…` : text || '—'}</span>
        },
      })),
    {
      key: 'state',
      title: t('column.state'),
      render: (record) => {
        const turn = turnOf(definition, record)
        return (
          <span>
            <RecordState definition={definition} record={record} /> {turn && <span className="muted">{t('turn', { who: turn })}</span>}
          </span>
        )
      },
    },
    {
      key: 'due',
      title: t('column.due'),
      render: ({ dueAtMs, overdue }) => (
        <span className={overdue ? 'record-overdue' : ''}>
          <Time ms={dueAtMs} />
        </span>
      ),
    },
    {
      key: 'changed',
      title: t('column.changed'),
      render: ({ changedAtMs, changedBy }) => (
        <span>
          <Time ms={changedAtMs} /> <span className="muted">{changedBy}</span>
        </span>
      ),
    },
  ]
  const isShort = !definition.states.some(({ deadline }) => deadline)
  return (
    <DataTable
      rows={records}
      columns={isShort ? columns.filter(({ key }) => key !== 'due') : columns}
      rowKey={({ id }) => id}
      rowTestId={({ id }) => `record-row-${id}`}
      rowClassName={({ overdue }) => (overdue ? 'row-overdue' : '')}
      caption={words.of(definition.title)}
    />
  )
}
