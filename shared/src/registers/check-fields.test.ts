import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkFields } from './check-fields.ts'
import type { Field, Move, RegisterDefinition } from './definition.ts'
import { keptFields } from './field-values.ts'
import type { RecordFields } from './values.ts'

const label = { zh: '项', en: 'Item' }
const MOVE: Move = { name: 'submit', label, from: ['draft'], to: 'done', roles: ['room-keeper'] }
const DISCARD: Move = { ...MOVE, name: 'discard', to: 'gone' }

function definitionOf(...fields: Field[]): RegisterDefinition {
  return {
    name: 'test',
    title: { zh: '测试', en: 'Test' },
    summary: label,
    clauses: [],
    numberPrefix: 'TST',
    group: 'data',
    roles: { read: [], create: [] },
    titleField: fields[0]?.key ?? '',
    byRoom: false,
    fields,
    states: [
      { name: 'draft', label, phase: 'draft' },
      { name: 'done', label, phase: 'done' },
      { name: 'gone', label, phase: 'done', void: true },
    ],
    moves: [MOVE, DISCARD],
  }
}

/** Paths and English sentences of what is wrong. */
function wrong(field: Field, value: unknown, move?: Move): string[] {
  return checkFields(definitionOf(field), { [field.key]: value }, move ? { move } : {}).map(
    ({ key, path, message }) => `${[key, path].filter(Boolean).join('.')}: ${message.en}`,
  )
}

const base = { key: 'f', label }

describe('a field', () => {
  const cases: [name: string, field: Field, good: unknown[], bad: [unknown, RegExp][]][] = [
    [
      'text',
      { ...base, type: 'text', maxLength: 4 },
      ['四个字吗', '😀😀😀😀'],
      [
        ['five!', /4 characters at most, there are 5/],
        [7, /text/],
        ['a\nb', /one line/],
        ['a\u202eb', /control/],
      ],
    ],
    ['text of several lines', { ...base, type: 'text', multiline: true }, ['a\nb'], [['a\u0000', /control/]]],
    [
      'text with a pattern',
      { ...base, type: 'text', pattern: { regex: '[A-Z]\\d+', words: { zh: '如 A1', en: 'like A1' } } },
      ['B12'],
      [['xB12x', /must be: like A1/]],
    ],
    [
      'choice',
      { ...base, type: 'choice', choices: [{ value: 'a', label: { zh: '甲', en: 'First' } }] },
      ['a'],
      [
        ['b', /one of: First/],
        [['a'], /one of/],
      ],
    ],
    [
      'choices',
      {
        ...base,
        type: 'choice',
        multiple: true,
        choices: [
          { value: 'a', label },
          { value: 'b', label },
        ],
      },
      [['a'], ['b', 'a']],
      [
        ['a', /some of/],
        [['a', 'a'], /some of/],
      ],
    ],
    [
      'number',
      { ...base, type: 'number', unit: '℃', low: 0, high: 40 },
      [0, 40, 21.5],
      [
        [41, /number from 0 to 40 ℃/],
        ['21', /number/],
        [Number.NaN, /number/],
      ],
    ],
    ['whole number', { ...base, type: 'number', integer: true, low: 1 }, [1], [[1.5, /whole number of 1 or more/]]],
    ['date', { ...base, type: 'date' }, ['2028-02-29'], [['2026-02-29', /date that exists/]]],
    [
      'instant',
      { ...base, type: 'instant' },
      [0, 1e12],
      [
        [-1, /date and time/],
        [1.5, /date and time/],
      ],
    ],
    ['yes-no', { ...base, type: 'yes-no' }, [true, false], [['true', /yes or no/]]],
    [
      'person',
      { ...base, type: 'person' },
      [{ id: 3 }, { id: 3, name: 'x' }],
      [
        [{ id: 0 }, /list/],
        [{ id: 3, roles: [] }, /list/],
        [3, /list/],
      ],
    ],
    ['reading', { ...base, type: 'reading' }, [{ pointId: 3 }], [[{ id: 3 }, /measuring point/]]],
    [
      'photo',
      { ...base, type: 'photo', max: 2 },
      [[1, 2]],
      [
        [[1, 2, 3], /2 photos at most/],
        [[1, 1], /sent/],
        [1, /sent/],
      ],
    ],
    ['signature', { ...base, type: 'signature' }, [5], [['data:', /drawn/]]],
  ]
  it.each(cases)('%s takes what it allows, and says what that is', (_name, field, good, bad) => {
    for (const value of good) expect(wrong(field, value, MOVE)).toEqual([])
    for (const [value, words] of bad) expect(wrong(field, value).join('\n')).toMatch(words)
  })

  it('is asked for at the move that needs it, and not in a draft or by what throws the record away', () => {
    const field: Field = { ...base, type: 'text', required: true }
    for (const empty of [undefined, null, '', '  ']) {
      expect(wrong(field, empty)).toEqual([])
      expect(wrong(field, empty, DISCARD)).toEqual([])
      expect(wrong(field, empty, MOVE)).toEqual(['f: “Item” is required'])
    }
    expect(wrong({ ...base, type: 'yes-no', required: true }, false, MOVE)).toEqual([])
    expect(wrong({ ...base, type: 'number', required: true }, 0, MOVE)).toEqual([])
  })

  it('that is hidden is neither asked for nor kept, and hides what hangs on it', () => {
    const definition = definitionOf(
      { ...base, key: 'a', type: 'yes-no' },
      { ...base, key: 'b', type: 'text', required: true, when: { field: 'a', is: ['true'] } },
      { ...base, key: 'c', type: 'text', required: true, when: { field: 'b', is: ['x'] } },
    )
    expect(checkFields(definition, { a: false, b: 'x', c: 5 }, { move: MOVE })).toEqual([])
    expect(keptFields(definition, { a: false, b: 'x', c: 'y' })).toEqual({ a: false })
    expect(keptFields(definition, { a: true, b: 'x', c: 'y' })).toEqual({ a: true, b: 'x', c: 'y' })
    expect(checkFields(definition, { a: true, b: 'x' }, { move: MOVE }).map(({ key }) => key)).toEqual(['c'])
  })

  it('that nobody knows is refused by its name, even empty', () => {
    expect(checkFields(definitionOf({ ...base, type: 'text' }), { nope: null }, {})).toMatchObject([
      { key: 'nope', message: { zh: '“测试”没有“nope”这一项' } },
    ])
  })
})

describe('a table', () => {
  const field: Field = {
    ...base,
    type: 'table',
    required: true,
    minRows: 2,
    maxRows: 3,
    columns: [
      { key: 'name', label: { zh: '姓名', en: 'Name' }, type: 'text', required: true },
      { key: 'count', label: { zh: '数量', en: 'Count' }, type: 'number', high: 9 },
    ],
  }
  it('names row and column', () => {
    expect(wrong(field, [{ name: 'a' }, { count: 10, x: 1 }], MOVE)).toEqual([
      'f.1.name: “Item, row 2, Name” is required',
      'f.1.count: “Item, row 2, Count” must be a number of 9 or less',
      'f.1.x: “Item” has no column “x”',
    ])
    expect(wrong(field, [{ name: 'a' }], MOVE)).toEqual(['f: “Item” needs 2 rows at least'])
    expect(wrong(field, [{}, {}, {}, {}])).toEqual(['f: “Item” takes 3 rows at most'])
    expect(wrong(field, [{}])).toEqual([])
    expect(wrong(field, ['a'])).toEqual(['f.0: “Item” row 1 is malformed'])
  })
})

describe('a checklist', () => {
  const field: Field = {
    ...base,
    type: 'checklist',
    required: true,
    items: [
      { key: 'dust', label: { zh: '灰尘', en: 'Dust' }, photo: true },
      { key: 'warm', label: { zh: '温度', en: 'Temperature' }, measured: { unit: '℃', low: 18, high: 27, kind: 'temperature' } },
    ],
  }
  it('is answered, measured and photographed as its items ask', () => {
    expect(wrong(field, { dust: { result: 'normal', photos: [1] }, warm: { result: 'normal', measured: 22 } }, MOVE)).toEqual([])
    expect(wrong(field, { dust: { result: 'not-applicable' }, warm: { result: 'not-applicable' } }, MOVE)).toEqual([])
    expect(wrong(field, { dust: { result: 'normal' }, warm: { result: 'normal' } }, MOVE)).toEqual([
      'f.dust: “Dust” needs a photo',
      'f.warm: “Temperature” needs the measured value',
    ])
    expect(wrong(field, { dust: { note: 'x', photos: [1] } }, MOVE)).toEqual([
      'f.dust: “Dust” is not answered',
      'f.warm: “Temperature” is not answered',
    ])
    expect(wrong(field, { dust: { note: 'x' } })).toEqual([])
    expect(wrong(field, { rats: { result: 'normal' } })).toEqual(['f.rats: “Item” has no item “rats”'])
  })
  it('says of what is abnormal what was seen; a value out of the normal is abnormal, one that cannot be is refused', () => {
    const warm = (answer: object): string[] => wrong(field, { dust: { result: 'normal', photos: [1] }, warm: answer }, MOVE)
    expect(warm({ result: 'abnormal', measured: 31, note: '空调停了' })).toEqual([])
    expect(warm({ result: 'abnormal', measured: 31, note: ' ' })).toEqual(['f.warm: “Temperature” is abnormal: say what was seen'])
    expect(warm({ result: 'normal', measured: 31 })).toEqual([
      expect.stringMatching(/measured as 31, normal is a value from 18 to 27 ℃: answer abnormal/),
    ])
    expect(warm({ result: 'abnormal', measured: 900, note: 'x' })).toEqual([expect.stringMatching(/a number from -40 to 84.9 ℃/)])
  })
})

describe('whatever is sent', () => {
  const definition = definitionOf(
    { ...base, key: 'text', type: 'text', when: { field: 'many', is: ['a'] } },
    {
      ...base,
      key: 'many',
      type: 'choice',
      multiple: true,
      choices: [
        { value: 'a', label },
        { value: 'b', label },
      ],
    },
    { ...base, key: 'list', type: 'checklist', items: [{ key: 'one', label }] },
    { ...base, key: 'rows', type: 'table', columns: [{ key: 'cell', label, type: 'date' }] },
    { ...base, key: 'person', type: 'person' },
    { ...base, key: 'photos', type: 'photo' },
  )
  const anyFields = fc.dictionary(
    fc.constantFrom('text', 'many', 'list', 'rows', 'person', 'photos', 'other', '__proto__'),
    fc.anything({ maxDepth: 3 }),
  )
  it('is answered with problems and never with a fault; what counts is kept as it is, and again the same', () => {
    fc.assert(
      fc.property(anyFields, (fields: RecordFields) => {
        const problems = checkFields(definition, fields, { move: MOVE })
        for (const { key, message } of problems)
          expect([key, message.zh.length > 0, message.en.length > 0]).toEqual([expect.any(String), true, true])
        const kept = keptFields(definition, fields)
        for (const [key, value] of Object.entries(kept)) expect(value).toBe(fields[key])
        expect(keptFields(definition, kept)).toEqual(kept)
      }),
    )
  })
})
