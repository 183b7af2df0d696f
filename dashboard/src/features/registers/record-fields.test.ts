import type { RegisterDefinition } from '@roomkeeper/shared/registers'
import { describe, expect, it } from 'vitest'
import { blankRecord } from './blank-record.ts'
import { originOf, prefillOf } from './new-record.ts'
import { amendmentsOf, askedFields, hasSheetItems, isRequiredNow, movesInOrder, sectionsOf, settledFields } from './record-fields.ts'

const words = (zh: string) => ({ zh, en: zh })
const handling = words('处理')
const definition: RegisterDefinition = {
  name: 'fault-report',
  title: words('报修'),
  summary: words('报修'),
  clauses: ['I5'],
  numberPrefix: 'FLT',
  group: 'work',
  roles: { read: ['technician'], create: ['technician', 'information-officer'] },
  titleField: 'what',
  byRoom: false,
  fields: [
    { key: 'what', label: words('问题'), type: 'text', required: true },
    { key: 'isRoom', label: words('在机房'), type: 'yes-no' },
    { key: 'room', label: words('机房'), type: 'room', required: true, when: { field: 'isRoom', is: ['true'] } },
    { key: 'cause', label: words('原因'), type: 'text', section: handling, requiredAt: ['solve'], editableIn: ['reported'] },
  ],
  states: [
    { name: 'draft', label: words('草稿'), phase: 'draft' },
    { name: 'reported', label: words('待受理'), phase: 'open', waitsFor: ['technician'] },
    { name: 'closed', label: words('已确认'), phase: 'done' },
    { name: 'discarded', label: words('作废'), phase: 'done', void: true },
  ],
  moves: [
    { name: 'discard', label: words('作废'), from: ['draft'], to: 'discarded', roles: [], alsoAuthor: true },
    { name: 'urgent', label: words('紧急'), from: ['draft'], to: 'closed', roles: ['technician'], emergency: true },
    { name: 'report', label: words('报修'), from: ['draft'], to: 'reported', roles: ['technician', 'information-officer'] },
    { name: 'solve', label: words('解决'), from: ['reported'], to: 'closed', roles: ['technician'] },
  ],
}
const keys = (fields: readonly { key: string }[]) => fields.map(({ key }) => key)

describe('the form of a record', () => {
  it('asks for what may be changed in the state and is not hidden by others', () => {
    expect(keys(askedFields(definition, 'draft', {}))).toEqual(['what', 'isRoom'])
    expect(keys(askedFields(definition, 'draft', { isRoom: true }))).toEqual(['what', 'isRoom', 'room'])
    expect(keys(askedFields(definition, 'reported', { what: '卡纸' }))).toEqual(['cause'])
  })

  it('shows what was filled in before beside it', () => {
    expect(keys(settledFields(definition, 'reported', { what: '卡纸', cause: '灰尘' }))).toEqual(['what'])
    expect(keys(settledFields(definition, 'draft', { what: '卡纸' }))).toEqual([])
  })

  it('marks as required what one of the possible moves needs', () => {
    const [what, , , cause] = definition.fields
    if (!what || !cause) throw new Error('the definition has four fields')
    expect([isRequiredNow(definition, what, ['report']), isRequiredNow(definition, cause, ['report'])]).toEqual([true, false])
    expect(isRequiredNow(definition, what, ['discard'])).toBe(false)
    expect(isRequiredNow(definition, cause, ['solve'])).toBe(true)
  })

  it('puts fields under their headings', () => {
    expect(sectionsOf(definition.fields).map(({ heading, fields }) => [heading?.zh, fields.length])).toEqual([
      [undefined, 3],
      ['处理', 1],
    ])
  })

  it('offers what goes on first, then the emergency path, then giving up', () => {
    expect(movesInOrder(definition, ['discard', 'urgent', 'report']).map(({ name }) => name)).toEqual(['report', 'urgent', 'discard'])
  })

  it('knows which registers need the server to say what is to be looked at', () => {
    expect(hasSheetItems(definition)).toBe(false)
    expect(hasSheetItems({ ...definition, fields: [{ key: 'items', label: handling, type: 'checklist' }] })).toBe(true)
  })

  it('finds the corrections of a field with what stood there before', () => {
    const step = { id: 1, kind: 'amend', changes: [{ key: 'place', before: '三会议室', after: '二会议室' }] }
    const other = { ...step, id: 2, kind: 'save' }
    expect(amendmentsOf([step, other] as never, 'place').map(({ before }) => before)).toEqual(['三会议室'])
    expect(amendmentsOf([step] as never, 'topic')).toEqual([])
  })
})

describe('a new record', () => {
  it('begins in the first state with the moves of the person', () => {
    const blank = blankRecord(definition, { accountId: 7, name: '陈华', roles: ['information-officer'] }, 1000)
    expect(blank).toMatchObject({ id: 0, state: 'draft', phase: 'draft', revision: 0, createdById: 7, moves: ['discard', 'report'] })
  })

  it('comes from what its address names', () => {
    expect(originOf(new URLSearchParams('link=incident:5&schedule=3'))).toEqual({
      scheduleId: 3,
      link: { kind: 'cause', target: 'incident', targetId: 5 },
    })
    expect(originOf(new URLSearchParams('link=room:5&schedule=x&kind=follow-up'))).toEqual({})
  })

  it('takes the room of the address, or the only one where one must be named', () => {
    const byRoom: RegisterDefinition = { ...definition, fields: [{ key: 'room', label: words('机房'), type: 'room', required: true }] }
    const optional: RegisterDefinition = { ...definition, fields: [{ key: 'room', label: words('机房'), type: 'room' }] }
    const [one, two] = [
      { id: 1, name: '甲' },
      { id: 2, name: '乙' },
    ]
    const none = new URLSearchParams()
    expect(prefillOf(byRoom, none, [one], 0)).toEqual({ room: one })
    expect(prefillOf(byRoom, none, [one, two], 0)).toEqual({})
    expect(prefillOf(optional, none, [one], 0)).toEqual({})
    expect(prefillOf(optional, new URLSearchParams('room=2'), [one, two], 0)).toEqual({ room: two })
    expect(prefillOf(definition, new URLSearchParams('room=2'), [one, two], 0)).toEqual({})
  })

  it('is for now where that is usual, from the next five minutes on', () => {
    const minutes = (count: number) => count * 60_000
    const visit: RegisterDefinition = { ...definition, name: 'visit' }
    const none = new URLSearchParams()
    expect(prefillOf(visit, none, [], minutes(7))).toEqual({ plannedFrom: minutes(10), plannedUntil: minutes(130) })
    expect(prefillOf({ ...definition, name: 'change' }, none, [], minutes(7))).toEqual({})
  })
})
