import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { badText, parseBadText } from './bad-text.ts'
import { batchLines, fieldNames, scanLines, tagValue } from './line-protocol.ts'
import { type DeviceHandle, type DeviceScan, NO_OFFSET, type PointHandle } from './scan.ts'

const DEVICE: DeviceHandle = { id: 1, site: 'hospital', node: 'room 1', device: 'ups,1', nodeId: 1 }
const point = (key: string, device = DEVICE): PointHandle => ({ id: 1, key, deviceId: device.id, device })

function scan(more: Partial<DeviceScan>): DeviceScan {
  return { device: DEVICE, epoch: 'e', offset: 17, points: [], timesMs: [], values: [], reasons: undefined, isHistorical: false, ...more }
}

describe('scanLines', () => {
  it('writes one line per scan: floats, texts, bad readings, the offset', () => {
    const points = ['temperature', 'mains', 'ups-status', 'load'].map((key) => point(key))
    const one = scan({
      points,
      timesMs: new Float64Array([1000, 1000, 1000, 1000]),
      values: [22.5, true, 'OL "x"', 850],
      reasons: [undefined, undefined, undefined, 'sentinel'],
    })
    expect(scanLines(one)).toBe(
      'reading,site=hospital,node=room\\ 1,device=ups\\,1 log:offset=17i,temperature=22.5,mains=1,ups-status:text="OL \\"x\\"",load:bad="sentinel 850" 1000\n',
    )
  })

  it('writes a line per time, each with the offset', () => {
    const lines = scanLines(scan({ points: ['a', 'b', 'c'].map((key) => point(key)), timesMs: [1000, 2000, 1000], values: [1, 2, 3] }))
    expect(lines.split('\n').map((line) => line.split(' ').slice(-2).join(' '))).toEqual([
      'log:offset=17i,a=1,c=3 1000',
      'log:offset=17i,b=2 2000',
      '',
    ])
  })

  it('writes no offset where there is none', () => {
    const points = ['a', 'b'].map((key) => point(key))
    expect(scanLines(scan({ offset: NO_OFFSET, points, timesMs: [1000, 2000], values: [1, 2] }))).toBe(
      'reading,site=hospital,node=room\\ 1,device=ups\\,1 a=1 1000\nreading,site=hospital,node=room\\ 1,device=ups\\,1 b=2 2000\n',
    )
  })

  it('a scan without points has no line', () => {
    expect(batchLines([scan({})])).toBe('')
  })

  it('whatever the names and texts, a batch has as many lines as scans and no NaN or Infinity as a number', () => {
    const value = fc.oneof(fc.double(), fc.boolean(), fc.string({ unit: 'binary' }), fc.constant(null))
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.array(fc.tuple(fc.string({ unit: 'binary' }), value), { minLength: 1, maxLength: 5 }),
        (name, fields) => {
          const device = { ...DEVICE, site: name, node: name, device: name }
          const points = fields.map(([key]) => point(key, device))
          const lines = batchLines([scan({ device, points, timesMs: fields.map(() => 5), values: fields.map(([, v]) => v) })])
          expect(lines.split('\n')).toHaveLength(2)
          expect(lines).not.toMatch(/=(NaN|-?Infinity)/)
          expect(lines.isWellFormed()).toBe(true)
        },
      ),
    )
  })
})

describe('names', () => {
  it('no two keys share a field, whatever their suffixes', () => {
    const keys = fc.array(fc.stringMatching(/^[a:_%]{0,3}(:text|:bad|:value|time|site)?$/), { minLength: 2, maxLength: 8 })
    fc.assert(
      fc.property(keys, (names) => {
        const distinct = [...new Set(names)]
        const fields = distinct.flatMap((name) => Object.values(fieldNames(name)))
        expect(new Set(fields).size).toBe(fields.length)
      }),
    )
  })

  it('no two tag values become one, and none is empty', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(tagValue(a)).not.toBe('')
        if (a !== b) expect(tagValue(a)).not.toBe(tagValue(b))
      }),
    )
  })
})

describe('badText', () => {
  it.each([
    ['out-of-range', -159357104, 'out-of-range -159357104'],
    ['sensor-error', null, 'sensor-error'],
    ['contradiction', true, 'contradiction true'],
    ['not-a-number', 'n/a', 'not-a-number "n/a"'],
    ['not-a-number', Number.NaN, 'not-a-number NaN'],
  ] as const)('%s %j', (reason, value, text) => {
    expect(badText(reason, value)).toBe(text)
    expect(parseBadText(text)).toEqual({ reason, value })
  })

  it('hides nothing it cannot parse', () => {
    expect(parseBadText('who knows')).toEqual({ reason: 'sensor-error', value: 'who knows' })
    expect(parseBadText('frozen {')).toEqual({ reason: 'frozen', value: '{' })
  })
})
