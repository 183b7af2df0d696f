import type { ChoiceField, NumberField, TextField } from '@roomkeeper/shared/registers'
import { unitSymbol } from '@roomkeeper/shared/units'
import { Checkbox, Input, InputNumber, Radio, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { useWords } from '../../i18n/use-words.ts'
import { DateInput, InstantInput } from './NativePickers.tsx'

export type ScalarType = TextField | ChoiceField | NumberField | { type: 'yes-no' } | { type: 'date' } | { type: 'instant' }

interface Props {
  type: ScalarType
  value: unknown
  onChange: (value: unknown) => void
  testId: string
  /** In a table's row: choices as a list, not as buttons. */
  isCompact?: boolean
  /** What it is called, where no label is tied to it. */
  label?: string
  /** Given by Field. */
  id?: string
  status?: 'error'
}

/** More choices than these are a list to open. */
const BUTTONS_MAX = 5
const BOXES_MAX = 10

/** One plain value: text, choice, number, yes or no, date, moment. Also a cell of a table. */
export function ScalarInput({ type, value, onChange, testId, isCompact, label, ...given }: Props) {
  const { t } = useTranslation('registers')
  const words = useWords()
  const named = label === undefined ? {} : { 'aria-label': label }
  const yesNo = [
    { value: true, label: t('yes') },
    { value: false, label: t('no') },
  ]
  switch (type.type) {
    case 'text': {
      const props = {
        ...given,
        ...named,
        value: typeof value === 'string' ? value : '',
        maxLength: type.maxLength ?? 4000,
        'data-testid': testId,
        onChange: (event: { target: { value: string } }) => onChange(event.target.value || null),
      }
      if (!type.multiline) return <Input {...props} />
      return <Input.TextArea {...props} autoSize={{ minRows: isCompact ? 1 : 2, maxRows: 12 }} />
    }
    case 'number':
      return (
        <InputNumber
          {...given}
          {...named}
          value={typeof value === 'number' ? value : null}
          suffix={type.unit ? unitSymbol(type.unit, words.language) : undefined}
          precision={type.integer ? 0 : undefined}
          inputMode={type.integer ? 'numeric' : 'decimal'}
          style={{ width: '100%' }}
          data-testid={testId}
          onChange={(next) => onChange(next)}
        />
      )
    case 'date':
      return <DateInput {...given} value={typeof value === 'string' ? value : undefined} testId={testId} onChange={onChange} />
    case 'instant':
      return <InstantInput {...given} value={typeof value === 'number' ? value : undefined} testId={testId} onChange={onChange} />
    case 'yes-no':
      if (isCompact)
        return (
          <Select
            {...given}
            {...named}
            allowClear
            style={{ width: '100%' }}
            value={typeof value === 'boolean' ? value : undefined}
            options={yesNo}
            data-testid={testId}
            onChange={(next) => onChange(next ?? null)}
          />
        )
      return <Buttons {...given} {...named} value={value} options={yesNo} testId={testId} onChange={onChange} />
    case 'choice': {
      const options = type.choices.map((choice) => ({ value: choice.value, label: words.of(choice.label) }))
      if (type.multiple && options.length <= BOXES_MAX && !isCompact)
        return (
          <Checkbox.Group
            {...given}
            className="record-boxes"
            value={Array.isArray(value) ? value : []}
            options={options}
            data-testid={testId}
            onChange={(next) => onChange(next.length > 0 ? next : null)}
          />
        )
      if (!type.multiple && options.length <= BUTTONS_MAX && !isCompact)
        return <Buttons {...given} {...named} value={value} options={options} testId={testId} onChange={onChange} />
      return (
        <Select
          {...given}
          {...named}
          mode={type.multiple ? 'multiple' : undefined}
          allowClear
          showSearch
          optionFilterProp="label"
          style={{ width: '100%' }}
          placeholder={t('choose')}
          value={type.multiple ? (Array.isArray(value) ? value : []) : typeof value === 'string' ? value : undefined}
          options={options}
          data-testid={testId}
          onChange={(next: unknown) => onChange(next === undefined || (Array.isArray(next) && next.length === 0) ? null : next)}
        />
      )
    }
  }
}

interface ButtonsProps {
  value: unknown
  options: readonly { value: string | boolean; label: string }[]
  testId: string
  onChange: (value: unknown) => void
  id?: string
  'aria-label'?: string
}

/** A choice of a few, each to be hit with a finger; what is chosen can be taken back by choosing it again. */
function Buttons({ value, options, testId, onChange, ...given }: ButtonsProps) {
  return (
    <Radio.Group
      {...given}
      className="record-buttons"
      optionType="button"
      buttonStyle="solid"
      value={value ?? null}
      data-testid={testId}
      onChange={(event) => onChange(event.target.value as unknown)}
    >
      {options.map((option) => (
        <Radio.Button key={String(option.value)} value={option.value} onClick={() => option.value === value && onChange(null)}>
          <span data-testid={`${testId}-${option.value}`}>{option.label}</span>
        </Radio.Button>
      ))}
    </Radio.Group>
  )
}
