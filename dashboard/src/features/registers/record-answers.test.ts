import { describe, expect, it } from 'vitest'
import { answeredFields } from './record-answers.ts'
import { problemsOf } from './record-problems.ts'

describe('what the server answers to a save', () => {
  it('brings names and readings; texts stay as they are typed', () => {
    const sent = { what: '卡纸 ', reading: { pointId: 3 }, rows: [{ name: 'a ' }] }
    const saved = { what: '卡纸', reading: { pointId: 3, name: '温度', value: 22 }, rows: [{ name: 'a' }], stamped: '张伟' }
    expect(answeredFields(sent, saved)).toEqual({ what: '卡纸 ', reading: saved.reading, rows: sent.rows, stamped: '张伟' })
  })
})

describe('what the server finds wrong', () => {
  const same = (message: string) => ({ zh: message, en: message })
  it('is shown at its field, row or item', () => {
    const issues = [
      { field: 'fields.what', message: '必填' },
      { field: 'fields.visitors.0.name', message: '必填' },
    ]
    expect(problemsOf(issues, same)).toEqual([
      { key: 'what', message: same('必填') },
      { key: 'visitors', path: '0.name', message: same('必填') },
    ])
  })
  it('is not taken for a field when it is about something else', () => {
    expect(problemsOf([{ field: 'password', message: 'x' }], same)).toEqual([])
  })
})
