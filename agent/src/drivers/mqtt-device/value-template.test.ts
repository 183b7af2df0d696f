import { describe, expect, it } from 'vitest'
import { parseValueTemplate } from './value-template.ts'

const PAYLOAD =
  '{"temperature":"23.456","AM2301":{"Temperature":24.6},"temperature:0":{"tC":19.8},"list":[1,{"x":7}],"state":"ON","raw":215}'

describe('a value template', () => {
  it.each([
    ['{{ value_json.temperature }}', '23.456'],
    ['{{value_json.AM2301.Temperature}}', 24.6],
    ["{{ value_json['AM2301']['Temperature'] }}", 24.6],
    ["{{ value_json['temperature:0'].tC }}", 19.8],
    ['{{ value_json.list[1].x }}', 7],
    ['{{ value_json.temperature | float }}', 23.456],
    ['{{ value_json.temperature|float(0)|round(1) }}', 23.5],
    ['{{ value_json.temperature | round }}', 23],
    ['{{ value_json.raw / 10 }}', 21.5],
    ['{{ value_json.raw | float / 10 - 1 }}', 20.5],
    ['{{ (value_json.raw - 15) * 2 | float }}', 400],
    ['{{ ((value_json.raw | float - 32) / 1.8) | round(2) }}', 101.67],
    ['{{ -value_json.raw }}', -215],
    ['{{ value_json.raw | int }}', 215],
    ['{{ value_json.state | lower }}', 'on'],
    ['{{ value_json.temperature | is_defined }}', '23.456'],
    ['{{ value_json.missing }}', undefined],
    ['{{ value_json.constructor }}', undefined],
  ])('%s', (template, value) => {
    expect(parseValueTemplate(template)(PAYLOAD)).toEqual(value)
  })

  it('gives the payload itself, and nothing of a payload that is no JSON', () => {
    expect(parseValueTemplate('{{ value }}')('ON')).toBe('ON')
    expect(parseValueTemplate('{{ value | float * 2 }}')('1.5')).toBe(3)
    expect(parseValueTemplate('{{ value_json.x }}')('garbage')).toBeUndefined()
    expect(parseValueTemplate('{{ value_json.x | float }}')('{"x":"n/a"}')).toBeNaN()
    expect(parseValueTemplate('{{ value_json.x + 1 }}')('{"x":""}')).toBeNaN()
  })

  it.each([
    '{% if value_json.x %}ON{% endif %}',
    '{{ value_json.x }}{{ value_json.y }}',
    '{{ value_json.x if value_json.x > 0 else 0 }}',
    "{{ states('sensor.x') }}",
    '{{ value_json.x | timestamp_custom }}',
    '{{ value_json.x ~ "a" }}',
    '{{ value_json. }}',
    '{{ }}',
    'value_json.x',
  ])('%s is refused by name', (template) => {
    expect(() => parseValueTemplate(template)).toThrow(/template|filter/)
  })
})
