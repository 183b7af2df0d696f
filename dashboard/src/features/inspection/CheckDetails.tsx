import type { CheckAnswer, ChecklistItem } from '@roomkeeper/shared/registers'
import { FOLLOW_UPS } from '@roomkeeper/shared/registers'
import { unitSymbol } from '@roomkeeper/shared/units'
import { Input, InputNumber, Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PaperPhotos } from './PaperPhotos.tsx'

interface Props {
  paperKey: string
  item: ChecklistItem
  answer: CheckAnswer
  label: string
  isContradicted: boolean
  onChange: (change: (before: CheckAnswer) => CheckAnswer) => void
}

const NOTE_LENGTH = 1000
const ITEM_PHOTOS_MAX = 10

/** What belongs to an answer. What the sensors say is not offered as a reading: only what was read off the meter shows whether they agree. */
export function CheckDetails({ paperKey, item, answer, label, isContradicted, onChange }: Props) {
  const { t } = useTranslation('inspection')
  const [isNoting, setIsNoting] = useState(false)
  const isAbnormal = answer.result === 'abnormal'
  const isOff = answer.result === 'not-applicable'
  const photos = answer.photos ?? []
  const hasNote = answer.result !== undefined && (isAbnormal || isContradicted || isNoting || Boolean(answer.note))
  const hasPhotos = answer.result !== undefined && !isOff && (isAbnormal || isNoting || item.photo || photos.length > 0)
  return (
    <div className="check-details">
      {item.measured && !isOff && (
        <div className="check-reading">
          <span aria-hidden="true">{t('check.reading')}</span>
          <InputNumber
            size="large"
            value={answer.measured ?? null}
            suffix={unitSymbol(item.measured.unit)}
            inputMode="decimal"
            aria-label={t('check.measured', { item: label })}
            data-testid={`check-${item.key}-measured`}
            onChange={(measured) => onChange((before) => ({ ...before, measured, atMs: Date.now() }))}
          />
        </div>
      )}
      {hasNote && (
        <Input.TextArea
          autoSize={{ minRows: 2, maxRows: 6 }}
          value={answer.note ?? ''}
          maxLength={NOTE_LENGTH}
          status={(isAbnormal || isContradicted) && !answer.note?.trim() ? 'warning' : undefined}
          placeholder={isAbnormal ? t('check.what') : isContradicted ? t('check.contradiction') : t('check.note')}
          aria-label={t('check.noteOf', { item: label })}
          data-testid={`check-${item.key}-note`}
          onChange={(event) => onChange((before) => ({ ...before, note: event.target.value }))}
        />
      )}
      {hasPhotos && (
        <PaperPhotos
          paperKey={paperKey}
          field="checklist"
          photos={photos}
          label={label}
          max={ITEM_PHOTOS_MAX}
          isRequired={item.photo === true}
          testId={`check-${item.key}-photo`}
          onAdd={(id) => onChange((before) => ({ ...before, photos: [...(before.photos ?? []), id] }))}
          onRemove={(id) => onChange((before) => ({ ...before, photos: (before.photos ?? []).filter((each) => each !== id) }))}
        />
      )}
      {isAbnormal && item.followUp && (
        <div className="check-follow">
          <span className="muted">{t('check.followUp')}</span>
          <Radio.Group
            optionType="button"
            size="small"
            value={answer.followUp ?? item.followUp}
            options={FOLLOW_UPS.map((kind) => ({ value: kind, label: t(`check.followUps.${kind}`) }))}
            onChange={(event) => onChange((before) => ({ ...before, followUp: event.target.value as (typeof FOLLOW_UPS)[number] }))}
          />
        </div>
      )}
      {answer.result !== undefined && !hasNote && (
        <button type="button" className="link-button check-more" onClick={() => setIsNoting(true)}>
          {t('check.addNote')}
        </button>
      )}
    </div>
  )
}
