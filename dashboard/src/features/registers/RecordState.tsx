import { ThunderboltOutlined } from '@ant-design/icons'
import type { RegisterRecord } from '@roomkeeper/shared/http'
import { type RegisterDefinition, stateOf } from '@roomkeeper/shared/registers'
import { useTranslation } from 'react-i18next'
import { useWords } from '../../i18n/use-words.ts'

/** State as a mark: overdue stands out, what took the emergency path keeps its mark for ever. */
export function RecordState({ definition, record }: { definition: RegisterDefinition; record: RegisterRecord }) {
  const { t } = useTranslation('registers')
  const words = useWords()
  const state = stateOf(definition, record.state)
  const mark = record.overdue
    ? 'mark-critical'
    : record.phase === 'open'
      ? 'mark-medium'
      : record.phase === 'draft' || state?.void
        ? 'mark-plain'
        : 'mark-ok'
  return (
    <span className="record-state">
      <span className={`mark ${mark}`} data-testid="record-state" data-state={record.state}>
        {state ? words.of(state.label) : record.state}
        {record.overdue && ` · ${t('overdue')}`}
      </span>
      {record.emergency && (
        <span className="mark mark-high">
          <ThunderboltOutlined /> {t('emergency')}
        </span>
      )}
    </span>
  )
}
