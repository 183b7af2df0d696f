import type { InspectionSheet } from '@roomkeeper/shared/registers'
import { SensorSummary } from '../../inspection/SensorSummary.tsx'
import '../../inspection/inspection.css'
import type { SheetProps } from './RecordSheet.tsx'

/** What the sensors said since the inspection before. */
export function InspectionFigures({ record }: SheetProps) {
  const sheet = record.sheet as Partial<InspectionSheet>
  if (sheet.asOfMs === undefined) return null
  return <SensorSummary sheet={sheet} isOwn />
}
