import type { WholeRecord } from '@roomkeeper/shared/http'
import { CHECK_RESULTS, type Field, type RegisterDefinition, type TableValue } from '@roomkeeper/shared/registers'
import { unitSymbol } from '@roomkeeper/shared/units'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { recordFileUrl } from '../../client/photos.ts'
import { useWords } from '../../i18n/use-words.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { checklistOf, sheetBeside, sheetItems } from './checklist.ts'
import { PhotoInput } from './PhotoInput.tsx'
import { ReadingText } from './ReadingInput.tsx'
import { referenceOf } from './ReferenceInputs.tsx'
import { rowsOf } from './TableInput.tsx'
import { useFieldWords } from './use-field-words.ts'

interface Props {
  definition: RegisterDefinition
  record: WholeRecord
  field: Field
  /** Another than the record has: what stood there before. */
  value?: unknown
  strikeOut?: (fileId: number, reason: string) => Promise<unknown>
}

/** What a field holds, to be read and printed. */
export function FieldValue({ definition, record, field, value = record.fields[field.key], strikeOut }: Props) {
  const words = useWords()
  const fieldWords = useFieldWords(definition, record)
  if (value === null || value === undefined || value === '') return <span className="muted">—</span>
  switch (field.type) {
    case 'photo':
      return <PhotoInput value={value} files={record.files} strikeOut={strikeOut} />
    case 'signature':
      return <img className="signature-picture" src={recordFileUrl(Number(value))} alt={words.of(field.label)} />
    case 'reading':
      return <ReadingText value={value} />
    case 'record': {
      const reference = referenceOf(value)
      return reference ? <Link to={`/registers/${field.register}/${reference.id}`}>{reference.name}</Link> : <>—</>
    }
    case 'checklist':
      return <ChecklistView field={field} record={record} value={value} strikeOut={strikeOut} />
    case 'table':
      return (
        <DataTable<{ row: TableValue[number]; at: number }>
          rows={rowsOf(value).map((row, at) => ({ row, at }))}
          rowKey={({ at }) => at}
          caption={words.of(field.label)}
          columns={field.columns.map((column) => ({
            key: column.key,
            title: words.of(column.label),
            className: column.type === 'number' ? 'num' : undefined,
            render: ({ row }) => <span className="prewrap wrap-any">{fieldWords.scalar(column, row[column.key]) || '—'}</span>,
          }))}
        />
      )
    default:
      return <span className="prewrap wrap-any">{fieldWords.text(field, value) || '—'}</span>
  }
}

function ChecklistView({
  field,
  record,
  value,
  strikeOut,
}: Pick<Props, 'record' | 'strikeOut'> & { field: Field & { type: 'checklist' }; value: unknown }) {
  const { t } = useTranslation('registers')
  const words = useWords()
  const answers = checklistOf(value)
  const beside = sheetBeside(record.sheet)
  const items = field.items ?? sheetItems(record.sheet) ?? []
  const marks = { normal: 'mark-ok', abnormal: 'mark-high', 'not-applicable': 'mark-plain' } as const
  return (
    <DataTable
      rows={items}
      rowKey={({ key }) => key}
      caption={words.of(field.label)}
      columns={[
        {
          key: 'item',
          title: t('checklist.item'),
          render: (item) => (
            // One element: on a phone the cell lays out its children beside each other.
            <span>
              {item.group && <span className="muted">{words.of(item.group)} › </span>}
              {words.of(item.label)}
            </span>
          ),
        },
        {
          key: 'result',
          title: t('checklist.result'),
          render: ({ key }) => {
            const result = CHECK_RESULTS.find((each) => each === answers[key]?.result)
            return result ? <span className={`mark ${marks[result]}`}>{t(`checklist.${result}`)}</span> : '—'
          },
        },
        {
          key: 'measured',
          title: t('checklist.measured'),
          render: ({ key, measured }) => {
            const read = answers[key]?.measured
            const sensor = beside[key]
            return (
              <>
                {measured && read !== undefined && read !== null ? `${read} ${unitSymbol(measured.unit)}` : '—'}
                {sensor && (
                  <span className="muted">
                    {' '}
                    {t('checklist.sensorSaid', { value: sensor.value.toFixed(1), unit: unitSymbol(sensor.unit) })}
                  </span>
                )}
              </>
            )
          },
        },
        {
          key: 'note',
          title: t('checklist.note'),
          render: ({ key }) => (
            <div>
              <span className="prewrap wrap-any">{answers[key]?.note || '—'}</span>
              {(answers[key]?.photos?.length ?? 0) > 0 && (
                <PhotoInput value={answers[key]?.photos} files={record.files} strikeOut={strikeOut} />
              )}
            </div>
          ),
        },
      ]}
    />
  )
}
