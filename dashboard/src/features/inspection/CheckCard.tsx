import { CheckOutlined, EditOutlined, MinusOutlined, WarningFilled } from '@ant-design/icons'
import { CHECK_RESULTS, type CheckAnswer, type ChecklistItem, type CheckResult, type InspectionSheet } from '@roomkeeper/shared/registers'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useWords } from '../../i18n/use-words.ts'
import { CheckDetails } from './CheckDetails.tsx'
import { alarmsOf, missingOf } from './check-flow.ts'

export interface CheckCardProps {
  paperKey: string
  item: ChecklistItem
  answer: CheckAnswer
  sheet: Partial<InspectionSheet>
  isReadOnly: boolean
  /** `isTap`: by finger or mouse, not by key. */
  onResult: (result: CheckResult, isTap: boolean) => void
  onChange: (change: (before: CheckAnswer) => CheckAnswer) => void
}

/** One thing to look at. Large while it waits for an answer; a single line once nothing more is asked of it. */
export function CheckCard({ paperKey, item, answer, sheet, isReadOnly, onResult, onChange }: CheckCardProps) {
  const { t } = useTranslation('inspection')
  const words = useWords()
  const [isOpened, setIsOpened] = useState(false)
  const label = words.of(item.label)
  const missing = missingOf(item, answer, sheet)
  const isFolded = missing === null && !isOpened && answer.result !== 'abnormal'
  const contradictions = (sheet.contradictions ?? []).filter((each) => each.item === item.key)
  const alarms = contradictions.length > 0 ? [] : alarmsOf(item, answer, sheet)
  const isContradicted = contradictions.length + alarms.length > 0
  const names = { normal: t('check.normal'), abnormal: t('check.abnormal'), 'not-applicable': t('check.notApplicable') }

  if (isFolded || isReadOnly)
    return (
      <li className={`check-card check-folded check-is-${answer.result ?? 'open'}`} data-item={item.key} data-testid={`check-${item.key}`}>
        <span className="check-sign" aria-hidden="true">
          {answer.result === 'not-applicable' ? <MinusOutlined /> : answer.result === 'abnormal' ? <WarningFilled /> : <CheckOutlined />}
        </span>
        <span className="check-label">
          {label}
          {answer.note && <span className="muted check-folded-note">{answer.note}</span>}
        </span>
        <span className="check-state">{answer.result && names[answer.result]}</span>
        {!isReadOnly && (
          <button type="button" className="check-change" aria-label={`${t('check.change')}: ${label}`} onClick={() => setIsOpened(true)}>
            <EditOutlined />
          </button>
        )}
      </li>
    )
  return (
    <li
      className={`check-card ${answer.result ? `check-is-${answer.result}` : ''} ${isContradicted ? 'check-contradicted' : ''}`}
      data-item={item.key}
      data-testid={`check-${item.key}`}
      tabIndex={-1}
    >
      <div className="check-head">
        <b>{label}</b>
        {item.clause && <span className="muted">{item.clause}</span>}
      </div>
      {item.help && <div className="field-hint">{words.of(item.help)}</div>}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a grid everywhere */}
      <div className="check-answers" role="group" aria-label={label}>
        {CHECK_RESULTS.map((result) => (
          <button
            key={result}
            type="button"
            className={`check-answer check-answer-${result}`}
            aria-pressed={answer.result === result}
            data-testid={`check-${item.key}-${result}`}
            onClick={(event) => {
              setIsOpened(false)
              onResult(result, event.detail > 0)
            }}
          >
            {names[result]}
          </button>
        ))}
      </div>
      {contradictions.map(({ message }) => (
        <p key={message.zh} className="check-warning" role="status">
          <WarningFilled /> {words.of(message)}
        </p>
      ))}
      {alarms.map((alarm) => (
        <p key={alarm.id} className="check-warning" role="status">
          <WarningFilled /> {t('check.alarm', { text: words.of(alarm.text) })}
        </p>
      ))}
      {(answer.result || item.measured) && (
        <CheckDetails paperKey={paperKey} item={item} answer={answer} label={label} isContradicted={isContradicted} onChange={onChange} />
      )}
    </li>
  )
}
