import type { WholeRecord } from '@roomkeeper/shared/http'
import type { ChecklistItem, Field, RecordFields, RegisterDefinition, TableColumn } from '@roomkeeper/shared/registers'
import { unitSymbol } from '@roomkeeper/shared/units'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { dateTimeText } from '../../i18n/format.ts'
import { useWords } from '../../i18n/use-words.ts'
import { checklistOf, sheetItems } from './checklist.ts'
import { readingOf } from './ReadingInput.tsx'
import { referenceOf } from './ReferenceInputs.tsx'
import { rowsOf } from './TableInput.tsx'

/** Names of a definition's fields and their contents in words, for lists, timelines and conflicts. */
export function useFieldWords(definition: RegisterDefinition, record?: Pick<WholeRecord, 'sheet'>) {
  const { t } = useTranslation('registers')
  const { t: common } = useTranslation()
  const words = useWords()
  return useMemo(() => {
    const comma = common('common.listComma')
    const fieldOf = (key: string) => definition.fields.find((field) => field.key === key)
    const itemsOf = (field: Field): readonly ChecklistItem[] =>
      field.type === 'checklist' ? (field.items ?? sheetItems(record?.sheet ?? {}) ?? []) : []

    const scalar = (type: Field | TableColumn, value: unknown): string => {
      if (value === null || value === undefined || value === '') return ''
      if (type.type === 'choice') {
        const names = (Array.isArray(value) ? value : [value]).map(String)
        return names
          .map((name) => {
            const choice = type.choices.find((each) => each.value === name)
            return choice ? words.of(choice.label) : name
          })
          .join(comma)
      }
      if (type.type === 'number' && type.unit) return `${String(value)} ${unitSymbol(type.unit, words.language)}`
      if (type.type === 'instant' && typeof value === 'number') return dateTimeText(value).slice(0, 16)
      if (typeof value === 'boolean') return t(value ? 'yes' : 'no')
      return String(value)
    }

    const text = (field: Field, value: unknown): string => {
      if (value === null || value === undefined) return ''
      switch (field.type) {
        case 'person':
        case 'room':
        case 'device':
        case 'record':
          return referenceOf(value)?.name ?? ''
        case 'reading': {
          const reading = readingOf(value)
          return reading
            ? [reading.name, reading.value === undefined ? '' : `${String(reading.value ?? '—')} ${unitSymbol(reading.unit ?? '1')}`]
                .filter(Boolean)
                .join(' ')
            : ''
        }
        case 'photo':
          return Array.isArray(value) && value.length > 0 ? t('photoCount', { count: value.length }) : ''
        case 'signature':
          return t('drawn')
        case 'checklist': {
          const answers = checklistOf(value)
          const abnormal = itemsOf(field).filter((item) => answers[item.key]?.result === 'abnormal')
          const names = abnormal.map((item) => [words.of(item.label), answers[item.key]?.note].filter(Boolean).join(' '))
          return names.length > 0
            ? t('checklist.abnormalAre', { items: names.join(comma) })
            : t('checklist.answeredCount', { count: Object.values(answers).filter(({ result }) => result).length })
        }
        case 'table':
          return rowsOf(value)
            .map((row) =>
              field.columns
                .map((column) => scalar(column, row[column.key]))
                .filter(Boolean)
                .join(' '),
            )
            .join(common('common.listSemicolon'))
        default:
          return scalar(field, value)
      }
    }

    return {
      fieldOf,
      name: (key: string) => {
        const field = fieldOf(key)
        return field ? words.of(field.label) : key
      },
      /** A path as drafts name it, e.g. `checks.dust.note`. */
      path: (path: string) => {
        const [key = '', item] = path.split('.')
        const field = fieldOf(key)
        if (!field) return path
        const checked = itemsOf(field).find((each) => each.key === item)
        return checked ? `${words.of(field.label)} › ${words.of(checked.label)}` : words.of(field.label)
      },
      text,
      /** The content of a field of a record. */
      textOf: (fields: RecordFields, key: string) => {
        const field = fieldOf(key)
        return field ? text(field, fields[key]) : ''
      },
      textAt: (fields: RecordFields, path: string) => {
        const [key = '', item] = path.split('.')
        const field = fieldOf(key)
        if (!field) return ''
        const answer = field.type === 'checklist' && item !== undefined ? checklistOf(fields[key])[item] : undefined
        if (!answer) return text(field, fields[key])
        return [answer.result && t(`checklist.${answer.result}`), answer.measured, answer.note]
          .filter((part) => part !== undefined && part !== null && part !== '')
          .join(' · ')
      },
      scalar,
    }
  }, [definition, record?.sheet, words, t, common])
}
