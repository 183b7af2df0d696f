import type { ComponentType } from 'react'
import { ChangeWork } from './ChangeWork.tsx'
import { InspectionFigures } from './InspectionFigures.tsx'
import type { SheetProps } from './RecordSheet.tsx'
import { VisitStay } from './VisitStay.tsx'

/** By register: how what the server wrote into its records is shown. The only list of them. */
const SHEETS: Readonly<Record<string, ComponentType<SheetProps>>> = {
  visit: VisitStay,
  change: ChangeWork,
  inspection: InspectionFigures,
}

export function ShownSheet(props: SheetProps) {
  const Sheet = SHEETS[props.definition.name]
  return Sheet ? <Sheet {...props} /> : null
}
