import type { RegisterDefinition } from '@roomkeeper/shared/registers'
import { KEEPERS, PHOTOS, ROOM, STAFF } from './words.ts'

/** Regulation I1, E5: the inspection ledger, at least once every 7 days. The checklist's items and the measured values come from the sheet. */
export const inspection: RegisterDefinition = {
  name: 'inspection',
  title: { zh: '机房巡检', en: 'Inspection' },
  summary: {
    zh: '每 7 天至少一次：传感器的数值自动填好，人只查看传感器看不到的',
    en: 'At least once every 7 days: what sensors measure is filled in, people look at what sensors cannot see',
  },
  clauses: ['E1', 'E5', 'I1'],
  numberPrefix: 'INS',
  group: 'inspect',
  roles: { read: STAFF, create: KEEPERS },
  titleField: 'room',
  byRoom: true,
  fields: [
    ROOM,
    {
      key: 'checklist',
      label: { zh: '检查项目', en: 'What is looked at' },
      help: {
        zh: '异常的项目请写明看到了什么，必要时拍照',
        en: 'Say of an abnormal item what you saw, with a photo where it helps',
      },
      type: 'checklist',
      required: true,
    },
    {
      key: 'summary',
      label: { zh: '小结', en: 'Summary' },
      help: { zh: '发现了什么、已如何处理；一切正常可以不写', en: 'What was found and done; may stay empty when all is well' },
      type: 'text',
      multiline: true,
      maxLength: 2000,
      inList: true,
    },
    PHOTOS,
  ],
  states: [
    {
      name: 'in-progress',
      label: { zh: '进行中', en: 'In progress' },
      phase: 'draft',
      // An inspection that is begun and forgotten would be the paper of every open door.
      deadline: { hours: 24, condition: 'overdue', priority: 'low' },
    },
    { name: 'signed', label: { zh: '已签名', en: 'Signed' }, phase: 'done' },
  ],
  moves: [
    {
      name: 'submit',
      label: { zh: '签名提交', en: 'Sign' },
      from: ['in-progress'],
      to: 'signed',
      roles: KEEPERS,
      signature: 'one',
      atRoom: 'offered',
    },
  ],
  schedule: { everyDays: 7, outerDays: 7, perRoom: true, remindHours: 24 },
  covers: { states: ['in-progress'], events: ['door-opened'] },
  print: {
    list: 'landscape',
    footer: {
      zh: '至少每 7 天巡检一次，记录与签名及时完整',
      en: 'At least once every 7 days, entries and signatures in time and complete',
    },
  },
}
