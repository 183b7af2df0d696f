import type { RegisterDefinition } from '@roomkeeper/shared/registers'
import { PHOTOS, ROOM, ROOM_STAFF, STAFF } from './words.ts'

/** Regulation A4, A1: who of the room's own staff is in the room, and what they did there. Opened with one tap; closing it asks for what was done. */
export const workLog: RegisterDefinition = {
  name: 'work-log',
  title: { zh: '工作日志', en: 'Work log' },
  summary: {
    zh: '机房人员一键登记“我在机房”，离开时写下做了什么',
    en: 'Room staff say with one tap that they are in the room, and at the end what they did',
  },
  clauses: ['A4', 'A1'],
  numberPrefix: 'LOG',
  group: 'work',
  roles: { read: STAFF, create: ROOM_STAFF },
  titleField: 'done',
  byRoom: true,
  fields: [
    ROOM,
    {
      key: 'purpose',
      label: { zh: '事项', en: 'Purpose' },
      type: 'choice',
      requiredAt: ['close'],
      inList: true,
      choices: [
        { value: 'round', label: { zh: '巡视', en: 'Round' } },
        { value: 'alarm', label: { zh: '处理告警', en: 'An alarm' } },
        { value: 'change', label: { zh: '实施变更', en: 'A change' } },
        { value: 'repair', label: { zh: '维修、更换', en: 'Repair or replacement' } },
        { value: 'upkeep', label: { zh: '保养、清洁', en: 'Upkeep or cleaning' } },
        { value: 'backup', label: { zh: '备份、更换介质', en: 'Backup or change of media' } },
        { value: 'other', label: { zh: '其他', en: 'Other' } },
      ],
    },
    {
      key: 'done',
      label: { zh: '做了什么', en: 'What was done' },
      type: 'text',
      multiline: true,
      maxLength: 2000,
      requiredAt: ['close'],
      inList: true,
    },
    { key: 'companions', label: { zh: '同行的机房人员', en: 'Room staff with them' }, type: 'text', maxLength: 100 },
    { key: 'change', label: { zh: '相关变更', en: 'Change' }, type: 'record', register: 'change' },
    { key: 'workOrder', label: { zh: '相关工单', en: 'Work order' }, type: 'record', register: 'work-order' },
    { key: 'device', label: { zh: '设备', en: 'Device' }, type: 'device' },
    PHOTOS,
  ],
  states: [
    {
      name: 'open',
      label: { zh: '在机房内', en: 'In the room' },
      phase: 'open',
      deadline: { hours: 8, remindHours: 1, condition: 'overstay', priority: 'medium' },
    },
    { name: 'closed', label: { zh: '已离开', en: 'Left' }, phase: 'done' },
  ],
  moves: [
    {
      name: 'close',
      label: { zh: '离开机房', en: 'I am leaving' },
      from: ['open'],
      to: 'closed',
      roles: ['department-head', 'room-keeper', 'system-administrator'],
      alsoAuthor: true,
      atRoom: 'offered',
    },
  ],
  covers: { states: ['open'], events: ['door-opened'] },
  print: { list: 'landscape' },
}
