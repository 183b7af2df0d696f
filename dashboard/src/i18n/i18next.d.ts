import type { NoticesDictionary } from './notices/zh-CN.ts'
import type { Dictionary } from './zh-CN.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: Dictionary; notices: NoticesDictionary }
    returnNull: false
  }
}
