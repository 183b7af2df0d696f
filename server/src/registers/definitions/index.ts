import type { RegisterDefinition } from '@roomkeeper/shared/registers'
import { asset } from './asset.ts'
import { backup } from './backup.ts'
import { change } from './change.ts'
import { faultReport } from './fault-report.ts'
import { handover } from './handover.ts'
import { hazardCheck } from './hazard-check.ts'
import { inspection } from './inspection.ts'
import { loan } from './loan.ts'
import { maintenance } from './maintenance.ts'
import { media } from './media.ts'
import { mediaCheck } from './media-check.ts'
import { meeting } from './meeting.ts'
import { passwordRotation } from './password-rotation.ts'
import { securityCheck } from './security-check.ts'
import { violation } from './violation.ts'
import { visit } from './visit.ts'
import { workLog } from './work-log.ts'
import { workOrder } from './work-order.ts'
import { workPermit } from './work-permit.ts'

/** The only list of registers, in the order in which people see them; each is one file in this folder. */
export const DEFINITIONS: readonly RegisterDefinition[] = [
  inspection,
  maintenance,
  hazardCheck,
  meeting,
  visit,
  violation,
  faultReport,
  workOrder,
  workPermit,
  change,
  workLog,
  asset,
  handover,
  media,
  loan,
  mediaCheck,
  backup,
  securityCheck,
  passwordRotation,
]
