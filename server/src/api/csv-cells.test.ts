import { describe, expect, it } from 'vitest'
import { csvLine, textCell, valueCell } from './csv-cells.ts'

describe('CSV cells', () => {
  it.each(['=1+1', '+1', '-1+cmd', '@SUM(A1)', '\t=1', ' =1'])('takes the formula out of %j', (text) => {
    expect(textCell(text).replaceAll('"', '').startsWith("'")).toBe(true)
  })

  it('quotes what would break the row', () => {
    expect(textCell('a,b')).toBe('"a,b"')
    expect(textCell('say "x"')).toBe('"say ""x"""')
    expect(textCell('=HYPERLINK("x","y")')).toBe('"\'=HYPERLINK(""x"",""y"")"')
    expect(textCell('two\nlines')).toBe('"two\nlines"')
    expect(textCell('主机房')).toBe('主机房')
  })

  it('keeps real numbers, also negative ones', () => {
    expect([valueCell(-3.5), valueCell(1e-7), valueCell(true), valueCell(null), valueCell('-3.5')]).toEqual([
      '-3.5',
      '1e-7',
      'true',
      '',
      "'-3.5",
    ])
  })

  it('ends lines as RFC 4180 says', () => {
    expect(csvLine(['a', 'b'])).toBe('a,b\r\n')
  })
})
