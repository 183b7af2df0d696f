import { ROLE_NAMES, type Role } from '@roomkeeper/shared/model'
import type { Field, Move, State } from '@roomkeeper/shared/registers'

/** What several definitions say alike. */

/** Everybody with an account. */
export const EVERYONE: readonly Role[] = ROLE_NAMES
/** Whoever may ask for something; auditors change nothing. */
export const APPLICANTS: readonly Role[] = ROLE_NAMES.filter((role) => role !== 'auditor')
/** The department and those it answers to. */
export const STAFF: readonly Role[] = ROLE_NAMES.filter((role) => role !== 'information-officer')
/** Who keeps the rooms. */
export const KEEPERS: readonly Role[] = ['department-head', 'room-keeper', 'system-administrator', 'technician']
/** Who may be in a room without being led. */
export const ROOM_STAFF: readonly Role[] = [...KEEPERS, 'on-call']
export const LEADERS: readonly Role[] = ['director', 'department-head']

export const ROOM: Field = { key: 'room', label: { zh: '机房', en: 'Room' }, type: 'room', required: true, inList: true }
export const PHOTOS: Field = { key: 'photos', label: { zh: '照片', en: 'Photos' }, type: 'photo', max: 10 }
export const DEPARTMENT: Field = { key: 'department', label: { zh: '科室', en: 'Department' }, type: 'text', maxLength: 60, inList: true }

export const DRAFT: State = { name: 'draft', label: { zh: '草稿', en: 'Draft' }, phase: 'draft' }
export const REFUSED: State = { name: 'refused', label: { zh: '未批准', en: 'Refused' }, phase: 'done' }
export const WITHDRAWN: State = { name: 'withdrawn', label: { zh: '已撤回', en: 'Withdrawn' }, phase: 'done', void: true }
/** A draft that turned out not to be needed: nothing is deleted. */
export const DISCARDED: State = { name: 'discarded', label: { zh: '已作废', en: 'Discarded' }, phase: 'done', void: true }

export function discard(from: string): Move {
  return {
    name: 'discard',
    label: { zh: '作废', en: 'Discard' },
    from: [from],
    to: DISCARDED.name,
    roles: ['department-head'],
    alsoAuthor: true,
    commentRequired: true,
    danger: true,
  }
}

/** Of hazards and violations. */
export const SEVERITIES = [
  { value: 'minor', label: { zh: '一般', en: 'Minor' } },
  { value: 'serious', label: { zh: '较大', en: 'Serious' } },
  { value: 'grave', label: { zh: '重大', en: 'Grave' } },
] as const

export const URGENCIES = [
  { value: 'normal', label: { zh: '一般', en: 'Normal' } },
  { value: 'urgent', label: { zh: '紧急', en: 'Urgent' } },
  { value: 'care-affected', label: { zh: '影响诊疗', en: 'Affects patients' } },
] as const

/** Kinds of equipment, of assets and of upkeep. */
export const EQUIPMENT = [
  { value: 'server', label: { zh: '服务器', en: 'Server' } },
  { value: 'storage', label: { zh: '存储', en: 'Storage' } },
  { value: 'network', label: { zh: '网络设备', en: 'Network' } },
  { value: 'ups', label: { zh: 'UPS 与电池', en: 'UPS and batteries' } },
  { value: 'air-conditioner', label: { zh: '空调', en: 'Air conditioner' } },
  { value: 'power', label: { zh: '配电', en: 'Power distribution' } },
  { value: 'fire', label: { zh: '消防', en: 'Fire protection' } },
  { value: 'computer', label: { zh: '计算机', en: 'Computer' } },
  { value: 'printer', label: { zh: '打印机', en: 'Printer' } },
  { value: 'other', label: { zh: '其他', en: 'Other' } },
] as const

export const MEDIA_KINDS = [
  { value: 'disk', label: { zh: '移动硬盘', en: 'Portable disk' } },
  { value: 'stick', label: { zh: 'U 盘', en: 'USB stick' } },
  { value: 'tape', label: { zh: '磁带', en: 'Tape' } },
  { value: 'optical', label: { zh: '光盘', en: 'Optical disc' } },
  { value: 'licence', label: { zh: '软件授权、文档', en: 'Licence or documents' } },
  { value: 'laptop', label: { zh: '笔记本电脑', en: 'Laptop' } },
  { value: 'other', label: { zh: '其他', en: 'Other' } },
] as const
