import type { Point } from '@roomkeeper/shared/http'
import { unitSymbol } from '@roomkeeper/shared/units'
import { useTranslation } from 'react-i18next'
import { dateText } from '../../i18n/format.ts'
import { signed } from './device-edits.ts'
import './calibration-mark.css'

/** Beside a corrected value: by how much, by whom and when. Nobody should take it for what the sensor reads. */
export function CalibrationMark({ point }: { point: Pick<Point, 'calibration' | 'unit'> }) {
  const { t } = useTranslation()
  if (!point.calibration) return null
  const { offset, by, atMs } = point.calibration
  const values = { offset: `${signed(offset)} ${unitSymbol(point.unit)}`, by, date: dateText(atMs) }
  return (
    <span className="calibration-mark" title={t('devices.calibratedLong', values)} data-testid="calibration-mark">
      {t('devices.calibratedShort', values)}
    </span>
  )
}
