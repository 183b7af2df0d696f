import type { IncidentsDictionary } from './incidents/zh-CN.ts'
import type { LifeDictionary } from './life/zh-CN.ts'
import type { LimitsDictionary } from './limits/zh-CN.ts'
import type { NoticesDictionary } from './notices/zh-CN.ts'
import type { Dictionary } from './zh-CN.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: {
      translation: Dictionary
      life: LifeDictionary
      incidents: IncidentsDictionary
      limits: LimitsDictionary
      notices: NoticesDictionary
    }
    returnNull: false
  }
}
