import { BAD_REASONS, POINT_KINDS, type PointKindInfo } from '@roomkeeper/shared/model'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createPipeline } from '../../pipeline/index.ts'
import { parseListAnswer } from './protocol.ts'
import { pointsOf, readingOf } from './variables.ts'

/** Words of NUT's names, with those that tables of JavaScript objects have by themselves. */
const WORD = fc.constantFrom(
  ...(
    'ups battery input output outlet ambient device bypass experimental group contacts cell L1 L1-N L1-L2 L3-L1 N 0 1 2 17 max min status ' +
    'voltage current frequency power realpower percent load apparent temperature humidity dewpoint charge runtime alarm total packs bad ' +
    'efficiency powerfactor source present config nominal low high test result transfer reason powersummary constructor toString __proto__'
  ).split(' '),
)
const NAME = fc.oneof(
  { weight: 4, arbitrary: fc.array(WORD, { minLength: 1, maxLength: 6 }).map((words) => words.join('.')) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      ...(
        'ups.status ups.load ups.temperature ups.power ups.alarm battery.charge battery.runtime battery.voltage battery.temperature ' +
        'input.voltage input.frequency input.voltage.nominal output.voltage output.frequency output.current output.L1-N.voltage ' +
        'ambient.temperature ambient.humidity ambient.1.temperature ambient.1.humidity ambient.1.present ambient.1.contacts.1.status'
      ).split(' '),
    ),
  },
  { weight: 1, arbitrary: fc.stringMatching(/^[A-Za-z_][\w.-]{0,40}$/) },
)
const VALUE = fc.oneof(
  fc.constantFrom(
    '0',
    '0.0',
    '-1',
    '65535',
    '4294967295',
    '-159357104.0',
    '1e999',
    'NaN',
    'Infinity',
    '0x32',
    '',
    ' ',
    'n/a',
    '230,5',
    '٣',
  ),
  fc.constantFrom('OL', 'OB', 'OL OB', 'OB LB DISCHRG', 'OFF', 'WAIT', 'on', 'closed', 'active', 'yes', 'no', '  OL  CHRG '),
  fc.double({ noNaN: false }).map(String),
  fc.float({ min: -500, max: 500, noNaN: true }).map((value) => value.toFixed(1)),
  fc.integer({ min: -10, max: 300 }).map((value) => String(value).padStart(3, '0')),
  fc.string({ maxLength: 60 }),
)
/** Scans of one device: its variables come, change and go. */
const SCANS = fc.array(fc.dictionary(NAME, VALUE, { maxKeys: 25, noNullPrototype: true }), { minLength: 1, maxLength: 4 })

it('reads any dump without failing, and calls nothing good that its kind cannot be', () => {
  fc.assert(
    fc.property(SCANS, (scans) => {
      const points = pointsOf(new Map(scans.flatMap((scan) => Object.entries(scan))))
      expect(new Set(points.map(({ key }) => key)).size).toBe(points.length)
      const pipeline = createPipeline({ points })
      const described = new Map(pipeline.points.map((point) => [point.key, point]))
      for (const [at, scan] of scans.entries()) {
        const variables = new Map(Object.entries(scan))
        const readings = pipeline.process(
          points.map((point) => readingOf(point, variables)),
          at * 10_000,
        )
        expect(readings.map(({ key }) => key).sort()).toEqual([...described.keys()].sort())
        for (const { key, value, quality, reason } of readings) {
          const point = described.get(key) ?? expect.fail(key)
          const kind: PointKindInfo = POINT_KINDS[point.kind]
          if (quality === 'bad') expect(BAD_REASONS).toContain(reason)
          else {
            expect(typeof value).toBe(kind.valueType === 'text' ? 'string' : kind.valueType)
            const range = point.range ?? kind.range ?? { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }
            if (kind.valueType === 'number') expect(value).toSatisfy((one: number) => one >= range.low && one <= range.high)
          }
        }
      }
    }),
    { numRuns: 500 },
  )
})

it('takes from an answer of upsd what was put into it', () => {
  const quoted = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&')}"`
  const text = fc.string({ maxLength: 40, unit: 'grapheme' }).filter((value) => !/[\n\r]/.test(value))
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.stringMatching(/^[a-z][\w.-]{0,30}$/), text), { maxLength: 20 }), (variables) => {
      const lines = variables.map(([name, value]) => `VAR ups1 ${name} ${quoted(value)}\n`)
      const answer = Buffer.from(`BEGIN LIST VAR ups1\n${lines.join('')}END LIST VAR ups1\n`)
      const rows = variables.map(([name, value]) => ['VAR', 'ups1', name, value])
      expect(parseListAnswer(answer, 'VAR ups1')).toEqual({ answer: { rows } })
    }),
    { numRuns: 200 },
  )
})
