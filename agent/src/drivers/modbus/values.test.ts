import { describe, expect, it } from 'vitest'
import { registerPoint } from './register-map.ts'
import { readingsOf } from './values.ts'

function read(point: object, hex: string): unknown {
  const parsed = registerPoint.parse({ key: 'p', kind: 'number', register: 0, ...point })
  const [reading] = readingsOf({ table: parsed.type, start: 0, count: hex.length / 4, points: [parsed] }, Buffer.from(hex, 'hex'))
  return reading?.bad ?? reading?.value
}

describe('values', () => {
  it.each<[string, object, string, unknown]>([
    ['uint16', {}, 'fffe', 65534],
    ['int16', { dataType: 'int16' }, 'fffe', -2],
    ['int16, bytes reversed', { dataType: 'int16', byteOrder: 'little' }, 'feff', -2],
    // 230.1 in the four orders people know as ABCD, DCBA, BADC, CDAB.
    ['ABCD', { dataType: 'float32' }, '4366199a', 230.1],
    ['DCBA', { dataType: 'float32', wordOrder: 'little', byteOrder: 'little' }, '9a196643', 230.1],
    ['BADC', { dataType: 'float32', byteOrder: 'little' }, '66439a19', 230.1],
    ['CDAB', { dataType: 'float32', wordOrder: 'little' }, '199a4366', 230.1],
    ['uint32, low word first', { dataType: 'uint32', wordOrder: 'little', scale: 0.001 }, '86a00001', 100],
    ['int64', { dataType: 'int64' }, 'fffffffffffffffe', -2],
    ['uint64, low word first', { dataType: 'uint64', wordOrder: 'little' }, '0003000200010000', 4295098371],
    ['float64', { dataType: 'float64' }, '406cc33333333333', 230.1],
    ['not a number', { dataType: 'float32' }, '7fc00000', 'not-a-number'],
    ['infinity', { dataType: 'float32' }, 'ff800000', 'not-a-number'],
    ['one bit', { kind: 'leak', bit: 9, normally: 'open' }, '0200', true],
    ['another bit', { kind: 'leak', bit: 8, normally: 'open' }, '0200', false],
    ['a bit of two words', { kind: 'smoke', bit: 17, dataType: 'uint32', normally: 'closed' }, '00020000', false],
    ['an enumeration', { kind: 'text', tokens: { '0': 'OFF', '1': 'ON' } }, '0001', 'ON'],
    ['a value the enumeration lacks', { kind: 'text', tokens: { '0': 'OFF' } }, '0007', 'sensor-error'],
    [
      'a set of bits',
      { kind: 'ups-status', dataType: 'uint32', bitTokens: { '1': 'OL', '5': 'ALARM', '21': 'OVER' } },
      '00200022',
      'OL ALARM OVER',
    ],
    ['no bit set', { kind: 'ups-status', bitTokens: { '1': 'OL' } }, '0000', ''],
    ['an output', { kind: 'output', type: 'coil' }, '01', true],
  ])('%s', (_, point, hex, expected) => {
    expect(read(point, hex)).toBe(expected)
  })

  it.each<[string, object, string]>([
    ['a text without its words', { kind: 'text' }, 'kind'],
    ['words for a number', { tokens: { '1': 'ON' } }, 'kind'],
    ['a contact in a register without its bit', { kind: 'leak', normally: 'open' }, 'bit'],
    ['a bit beyond the register', { kind: 'leak', normally: 'open', bit: 16 }, 'bit'],
    ['a normal state for an output', { kind: 'output', type: 'coil', normally: 'open' }, 'normally'],
    ['writing what is measured', { kind: 'temperature', writable: true }, 'writable'],
    ['writing an input', { kind: 'output', type: 'discrete', writable: true }, 'writable'],
    ['writing 32 bits', { writable: true, dataType: 'uint32' }, 'writable'],
    ['a pulse on what is not written', { kind: 'output', type: 'coil', pulseMs: 500 }, 'pulseMs'],
  ])('refuse %s', (_, point, key) => {
    const parsed = registerPoint.safeParse({ key: 'p', kind: 'number', register: 0, ...point })
    expect(parsed.error?.issues.map(({ path }) => path[0])).toContain(key)
  })
})
