import { describe, expect, it } from 'vitest'
import { asset } from '../definitions/asset.ts'
import { decideImport, type KnownRecord } from './decide-import.ts'
import { parseChoice, parseDate, parseInstant, parseNamed, parseNumber, parseYesNo } from './parse-cells.ts'
import { type Cell, readTable, type TableColumn } from './read-table.ts'

const ZONE = 'Asia/Shanghai'
const KINDS = [
  { value: 'server', label: { zh: '服务器', en: 'Server' } },
  { value: 'ups', label: { zh: 'UPS', en: 'UPS' } },
]

describe('cells', () => {
  it.each<[Cell & {}, string]>([
    [new Date(Date.UTC(2026, 2, 5)), '2026-03-05'],
    ['2026-3-5', '2026-03-05'],
    ['2026/03/05', '2026-03-05'],
    ['2026年3月5日', '2026-03-05'],
    ['2026.3.5 08:30', '2026-03-05'],
    // A date in a cell without a format of dates.
    [46_086, '2026-03-05'],
  ])('reads %s as a date', (cell, date) => expect(parseDate(cell)).toEqual({ value: date }))

  it.each<Cell & {}>(['2026-02-30', '5.3.26', 'soon', 12, true])('does not take %s for a date, and says what one looks like', (cell) => {
    expect(parseDate(cell)).toMatchObject({ problem: { zh: expect.stringContaining('2026-03-15') } })
  })

  it('reads moments by the clock of the hospital', () => {
    expect(parseInstant('2026-03-05 08:30', ZONE)).toEqual({ value: Date.UTC(2026, 2, 5, 0, 30) })
    expect(parseInstant(new Date(Date.UTC(2026, 2, 5, 8, 30)), ZONE)).toEqual({ value: Date.UTC(2026, 2, 5, 0, 30) })
  })

  it('reads choices by their words in both languages, and else tells them', () => {
    expect(parseChoice('服务器', KINDS, false)).toEqual({ value: 'server' })
    expect(parseChoice('SERVER', KINDS, false)).toEqual({ value: 'server' })
    expect(parseChoice('UPS、服务器、ups', KINDS, true)).toEqual({ value: ['ups', 'server'] })
    expect(parseChoice('空调', KINDS, false)).toEqual({ problem: { zh: '须为：服务器、UPS', en: 'Must be one of: Server, UPS' } })
  })

  it('reads numbers and yes or no as people write them', () => {
    expect(parseNumber('1,250.5')).toEqual({ value: 1250.5 })
    expect(parseNumber('12 台')).toHaveProperty('problem')
    expect([parseYesNo('是'), parseYesNo('No'), parseYesNo(1)]).toEqual([{ value: true }, { value: false }, { value: true }])
    expect(parseYesNo('也许')).toHaveProperty('problem')
  })

  it('finds people and rooms by name, and does not guess between two', () => {
    const people = [
      { id: 1, name: '王明', also: 'wang' },
      { id: 2, name: '李华' },
      { id: 3, name: '李华' },
    ]
    const what = { zh: '用户', en: 'account' }
    expect(parseNamed('WANG', people, what)).toEqual({ value: { id: 1, name: '王明' } })
    expect(parseNamed('李华', people, what)).toEqual({
      problem: { zh: '有 2 个用户叫这个名字', en: 'There are 2 with this name (account)' },
    })
    expect(parseNamed('张三', people, what)).toMatchObject({ problem: { zh: '没有这个用户，现有：王明、李华、李华' } })
  })
})

describe('a table', () => {
  const columns: TableColumn[] = [
    { key: 'number', headers: ['资产编号', 'Asset number'], required: true, parse: (cell) => ({ value: String(cell) }) },
    { key: 'count', headers: ['数量', 'Count'], required: false, parse: parseNumber },
  ]

  it('finds its columns by either language or key, in any order, and names those that it does not know', () => {
    const table = readTable(
      [
        ['count', ' 资产 编号* ', '备用', null],
        [3, 'A1', 'x', null],
        [null, null, null, null],
        [null, 'A2', null, null],
      ],
      columns,
    )
    expect(table).toEqual({
      rows: [
        { row: 2, values: { count: 3, number: 'A1' } },
        { row: 4, values: { number: 'A2' } },
      ],
      problems: [],
      unknownColumns: ['备用'],
    })
  })

  it('says row and column of what it cannot take, and keeps the other rows', () => {
    const table = readTable(
      [
        ['Asset number', 'Count'],
        ['A1', 'many'],
        [null, 2],
        ['A3', 4],
      ],
      columns,
    )
    expect(table.rows).toEqual([{ row: 4, values: { number: 'A3', count: 4 } }])
    expect(table.problems).toMatchObject([
      { row: 2, column: 'Count', value: 'many', message: { zh: '须为数字' } },
      { row: 3, column: 'Asset number', message: { zh: '必填' } },
    ])
  })

  it('is not read at all without its key column, or with one twice', () => {
    expect(readTable([['数量'], [1]], columns).problems).toMatchObject([{ row: 1, column: '资产编号' }])
    expect(
      readTable(
        [
          ['资产编号', 'number'],
          ['A', 'B'],
        ],
        columns,
      ),
    ).toMatchObject({ rows: [], problems: [{ row: 1, column: 'number' }] })
    expect(readTable([], columns).problems).toHaveLength(1)
  })
})

describe('what is done with rows', () => {
  const FIELDS = { number: 'A1', name: '主机', category: 'server', model: 'R750', department: '信息科', custodianName: '王明' }
  const known: KnownRecord[] = [
    { id: 7, number: 'AST-2026-0001', state: 'in-use', fields: FIELDS },
    { id: 8, number: 'AST-2026-0002', state: 'scrapped', fields: { ...FIELDS, number: 'A2' } },
    { id: 9, number: 'AST-2026-0003', state: 'discarded', fields: { ...FIELDS, number: 'A3' } },
  ]
  const decide = (...values: Record<string, unknown>[]) =>
    decideImport(
      asset,
      'number',
      values.map((one, index) => ({ row: index + 2, values: one })),
      known,
      ZONE,
    )

  it('tells new, changed and unchanged ones apart; a row that changes a record may be short', () => {
    const { decisions, problems } = decide({ number: 'a1', name: '主机' }, { ...FIELDS, number: 'A3' })
    expect(problems).toEqual([])
    expect(decisions).toMatchObject([
      { row: 2, outcome: 'changed', recordId: 7 },
      // The one that was thrown away is none.
      { row: 3, outcome: 'new', recordId: null, fields: { number: 'A3', custodianName: '王明' } },
    ])
    expect(decide({ number: 'A1', model: 'R750' }).decisions).toMatchObject([{ outcome: 'unchanged', changes: [] }])
    expect(decide({ number: 'A1', model: 'R760' }).decisions).toMatchObject([
      { outcome: 'changed', fields: { model: 'R760' }, changes: [{ label: { zh: '型号', en: 'Model' }, before: 'R750', after: 'R760' }] },
    ])
  })

  it('refuses a number twice, one that is gone, and a new one that is not complete', () => {
    const { decisions, problems } = decide(FIELDS, FIELDS, { ...FIELDS, number: 'A2' }, { number: 'A9', name: '交换机' })
    expect(decisions.map(({ row }) => row)).toEqual([2])
    expect(problems).toMatchObject([
      { row: 3, column: '资产编号', message: { zh: '与第 2 行重复' } },
      { row: 4, message: { zh: 'AST-2026-0002 是“已减少”，不能通过导入修改' } },
      { row: 5, column: '类别' },
      { row: 5, column: '型号' },
      { row: 5, column: '使用科室' },
      { row: 5, column: '保管人' },
    ])
  })
})
