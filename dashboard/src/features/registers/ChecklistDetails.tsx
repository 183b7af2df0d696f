import { type CheckAnswer, type ChecklistItem, FOLLOW_UPS, type SheetBeside } from '@roomkeeper/shared/registers'
import { unitSymbol } from '@roomkeeper/shared/units'
import { Input, InputNumber, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useWords } from '../../i18n/use-words.ts'
import { type ChecklistPhotos, readOff } from './checklist.ts'
import { PhotoInput } from './PhotoInput.tsx'

interface Props {
  item: ChecklistItem
  answer: CheckAnswer
  sensor: SheetBeside | undefined
  hasFollowUps: boolean
  onChange: (patch: Partial<CheckAnswer>) => void
  photos: ChecklistPhotos | undefined
}

const ITEM_PHOTOS_MAX = 4

/** What belongs to an item's answer: the value read off, a note, photos. Asked for as soon as they are needed. */
export function ChecklistDetails({ item, answer, sensor, hasFollowUps, onChange, photos }: Props) {
  const { t } = useTranslation('registers')
  const words = useWords()
  const [isNoting, setIsNoting] = useState(false)
  const label = words.of(item.label)
  const isAbnormal = answer.result === 'abnormal'
  const isOff = answer.result === 'not-applicable'
  const hasNote = isAbnormal || isNoting || Boolean(answer.note)
  const hasPhotos = photos && !isOff && (item.photo || isAbnormal || isNoting || (answer.photos?.length ?? 0) > 0)
  return (
    <div className="check-details">
      {item.measured && !isOff && (
        <div className="check-measured">
          <InputNumber
            value={answer.measured ?? null}
            suffix={unitSymbol(item.measured.unit)}
            inputMode="decimal"
            aria-label={t('checklist.measuredOf', { item: label })}
            data-testid={`check-${item.key}-measured`}
            onChange={(measured) => onChange({ measured })}
          />
          {sensor && (
            <button type="button" className="link-button" onClick={() => onChange({ measured: readOff(sensor.value) })}>
              {t('checklist.sensor', { value: sensor.value.toFixed(1), unit: unitSymbol(sensor.unit) })}
              {sensor.sensors > 1 && (
                <span className="muted"> {t('checklist.sensorRange', { low: sensor.low.toFixed(1), high: sensor.high.toFixed(1) })}</span>
              )}
            </button>
          )}
        </div>
      )}
      {hasNote ? (
        <Input.TextArea
          autoSize={{ minRows: isAbnormal ? 2 : 1, maxRows: 6 }}
          value={answer.note ?? ''}
          maxLength={4000}
          placeholder={isAbnormal ? t('checklist.whatWasSeen') : t('checklist.note')}
          aria-label={t('checklist.noteOf', { item: label })}
          data-testid={`check-${item.key}-note`}
          onChange={(event) => onChange({ note: event.target.value })}
        />
      ) : (
        <button type="button" className="link-button check-more" onClick={() => setIsNoting(true)}>
          {t('checklist.addNote')}
        </button>
      )}
      {isAbnormal && hasFollowUps && (
        <div className="check-follow-up">
          <span className="muted">{t('checklist.givesRise')}</span>
          <Segmented
            value={answer.followUp ?? item.followUp ?? 'incident'}
            options={FOLLOW_UPS.map((value) => ({ value, label: t(`checklist.followUp.${value}`) }))}
            data-testid={`check-${item.key}-follow-up`}
            onChange={(followUp) => onChange({ followUp })}
          />
        </div>
      )}
      {hasPhotos && (
        <PhotoInput
          value={answer.photos}
          files={photos.files}
          max={ITEM_PHOTOS_MAX}
          target={photos.targetOf(item.key)}
          strikeOut={photos.strikeOut}
          isSmall
        />
      )}
    </div>
  )
}
