import type { RegisterDefinition } from '@roomkeeper/shared/registers'
import { DISCARDED, DRAFT, discard, EVERYONE } from './words.ts'

/** Regulation I4: at least one meeting of department information officers per month. */
export const meeting: RegisterDefinition = {
  name: 'meeting',
  title: { zh: '信息员例会', en: 'Officers’ meeting' },
  summary: {
    zh: '每月至少一次科室信息员会议，记录到会与议题',
    en: 'The monthly meeting of department information officers: who came, what was said',
  },
  clauses: ['I4'],
  numberPrefix: 'MTG',
  group: 'inspect',
  roles: {
    read: EVERYONE,
    create: ['department-head', 'room-keeper', 'system-administrator'],
  },
  titleField: 'topic',
  byRoom: false,
  fields: [
    { key: 'topic', label: { zh: '主题', en: 'Topic' }, type: 'text', maxLength: 100, required: true, inList: true },
    { key: 'heldAt', label: { zh: '时间', en: 'Held at' }, type: 'instant', required: true, inList: true },
    { key: 'place', label: { zh: '地点', en: 'Place' }, type: 'text', maxLength: 100, required: true },
    { key: 'chair', label: { zh: '主持人', en: 'Chair' }, type: 'person', required: true, inList: true },
    {
      key: 'attendance',
      label: { zh: '到会情况', en: 'Attendance' },
      type: 'table',
      minRows: 1,
      maxRows: 200,
      required: true,
      columns: [
        { key: 'department', label: { zh: '科室', en: 'Department' }, type: 'text', maxLength: 60, required: true },
        { key: 'officer', label: { zh: '信息员', en: 'Officer' }, type: 'text', maxLength: 60, required: true },
        { key: 'present', label: { zh: '到会', en: 'Present' }, type: 'yes-no', required: true },
        { key: 'problems', label: { zh: '反映的问题', en: 'Problems raised' }, type: 'text', maxLength: 500 },
      ],
    },
    { key: 'minutes', label: { zh: '纪要', en: 'Minutes' }, type: 'text', multiline: true, maxLength: 4000, required: true },
    { key: 'photos', label: { zh: '照片或签到表', en: 'Photos or attendance sheet' }, type: 'photo', max: 10 },
  ],
  states: [DRAFT, { name: 'filed', label: { zh: '已归档', en: 'Filed' }, phase: 'done' }, DISCARDED],
  moves: [
    {
      name: 'file',
      label: { zh: '签名归档', en: 'Sign and file' },
      from: ['draft'],
      to: 'filed',
      roles: ['department-head', 'room-keeper', 'system-administrator'],
      signature: 'one',
    },
    discard('draft'),
  ],
  whenField: 'heldAt',
  schedule: { everyDays: 30, outerDays: 31, perRoom: false, remindHours: 72 },
}
