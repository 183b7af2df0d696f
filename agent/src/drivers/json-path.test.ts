import { describe, expect, it } from 'vitest'
import { parseJsonPath, valueAt } from './json-path.ts'

describe('a JSON path', () => {
  it.each([
    ['temperature', ['temperature']],
    ['a.b.c', ['a', 'b', 'c']],
    ['meters[0].power', ['meters', 0, 'power']],
    ['temperature:0.tC', ['temperature:0', 'tC']],
    [`a['b.c']["d e"]`, ['a', 'b.c', 'd e']],
    ['[1][2]', [1, 2]],
    ['$', []],
    ['$.a', ['a']],
    ['$[0]', [0]],
  ])('%s is taken apart', (text, steps) => {
    expect(parseJsonPath(text)).toEqual(steps)
  })

  it.each(['', '.a', 'a.', 'a..b', 'a[', 'a[x]', 'a b', "a['b", 'a]', 'a[0]b', '$a'])('%j is refused', (text) => {
    expect(() => parseJsonPath(text)).toThrow(/path/)
  })

  it('finds what is there and nothing that is inherited', () => {
    const json: unknown = JSON.parse('{"a":[{"b":0},null],"c.d":false}')
    expect(valueAt(json, parseJsonPath('a[0].b'))).toBe(0)
    expect(valueAt(json, parseJsonPath("['c.d']"))).toBe(false)
    expect(valueAt(json, parseJsonPath('a[1]'))).toBeNull()
    for (const missing of ['a[2]', 'a[1].b', 'constructor', 'a.length.x', '__proto__', 'x.y']) {
      expect(valueAt(json, parseJsonPath(missing)), missing).toBeUndefined()
    }
  })
})
