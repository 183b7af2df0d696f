import type { AuditDictionary } from './audit/zh-CN.ts'
import type { HistoryDictionary } from './history/zh-CN.ts'
import type { IncidentsDictionary } from './incidents/zh-CN.ts'
import type { InspectionDictionary } from './inspection/zh-CN.ts'
import type { LifeDictionary } from './life/zh-CN.ts'
import type { LimitsDictionary } from './limits/zh-CN.ts'
import type { NetworkDictionary } from './network/zh-CN.ts'
import type { NoticesDictionary } from './notices/zh-CN.ts'
import type { PackDictionary } from './pack/zh-CN.ts'
import type { PhotosDictionary } from './photos/zh-CN.ts'
import type { PlanDictionary } from './plan/zh-CN.ts'
import type { RegistersDictionary } from './registers/zh-CN.ts'
import type { ReportsDictionary } from './reports/zh-CN.ts'
import type { SchedulesDictionary } from './schedules/zh-CN.ts'
import type { StartDictionary } from './start/zh-CN.ts'
import type { ThermalDictionary } from './thermal/zh-CN.ts'
import type { WallDictionary } from './wall/zh-CN.ts'
import type { Dictionary } from './zh-CN.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: {
      translation: Dictionary
      audit: AuditDictionary
      history: HistoryDictionary
      inspection: InspectionDictionary
      life: LifeDictionary
      incidents: IncidentsDictionary
      limits: LimitsDictionary
      network: NetworkDictionary
      notices: NoticesDictionary
      pack: PackDictionary
      photos: PhotosDictionary
      plan: PlanDictionary
      registers: RegistersDictionary
      reports: ReportsDictionary
      schedules: SchedulesDictionary
      start: StartDictionary
      thermal: ThermalDictionary
      wall: WallDictionary
    }
    returnNull: false
  }
}
