import { DataType, encodePayload, METRIC, type Metric, PROPERTY, QUALITY_CODE } from '@roomkeeper/shared/sparkplug'
import { describe, expect, it } from 'vitest'
import { Traffic } from './traffic.ts'
import { trafficLine } from './traffic-text.ts'

const AT_MS = new Date(2026, 5, 1, 8, 30, 0, 7).getTime()
const bytes = (metrics: Metric[]): Uint8Array => encodePayload({ timestampMs: AT_MS, seq: 1, metrics })
const BIRTH: Metric[] = [
  { name: 'load', alias: 7, datatype: DataType.Double, value: 20, properties: { [PROPERTY.kind]: 'load', [PROPERTY.unit]: '%' } },
]

describe('traffic', () => {
  it('resolves aliases by the births it saw or was told of, and says which it does not know', () => {
    const traffic = new Traffic(false)
    const data = bytes([{ alias: 7, datatype: DataType.Double, value: 23.5 }])
    const value = () => traffic.items('spBv1.0/s/DDATA/n/ups1', data, AT_MS)
    expect(value()).toMatchObject([{ site: 's', node: 'n', device: 'ups1', type: 'DDATA', point: 'alias 7', value: 23.5, quality: 'good' }])
    traffic.know([{ site: 's', node: 'n', alias: 7, key: 'voltage', unit: 'V' }])
    expect(value()).toMatchObject([{ point: 'voltage', unit: 'V' }])
    expect(traffic.items('spBv1.0/s/DBIRTH/n/ups1', bytes(BIRTH), AT_MS)).toMatchObject([
      { type: 'DBIRTH', summary: '设备上线 · born, 1 个测点 · points' },
    ])
    expect(value()).toMatchObject([{ point: 'load', unit: '%' }])
    // A new birth of the node gives its aliases anew.
    traffic.items('spBv1.0/s/NBIRTH/n', bytes([{ name: METRIC.bdSeq, datatype: DataType.Int64, value: 3 }]), AT_MS)
    expect(value()).toMatchObject([{ point: 'alias 7' }])
  })

  it('lists the points of a birth when asked', () => {
    expect(new Traffic(true).items('spBv1.0/s/DBIRTH/n/ups1', bytes(BIRTH), AT_MS)).toMatchObject([
      { summary: expect.anything() },
      { point: 'load', value: 20 },
    ])
  })

  it('shows bad quality with its reason, and what is sent again', () => {
    const properties = { [PROPERTY.quality]: QUALITY_CODE.bad, [PROPERTY.reason]: 'out-of-range' }
    const [item] = new Traffic(false).items(
      'spBv1.0/s/DDATA/n/d',
      bytes([{ name: 't', datatype: DataType.Double, value: 850, isHistorical: true, properties }]),
      AT_MS,
    )
    expect(item).toMatchObject({ quality: 'bad', reason: 'out-of-range', isHistorical: true })
    expect(trafficLine(item as never, AT_MS, false)).toMatch(
      /^08:30:00\.007 {2}s\/n\/d +DDATA +t += 850 {2}bad \(out-of-range\) {2}补传 · historical$/,
    )
  })

  it('says what the host says, and takes nothing for granted', () => {
    const traffic = new Traffic(false)
    const state = (text: string) => traffic.items('spBv1.0/STATE/host', Buffer.from(text), AT_MS)
    expect(state(`{"online":true,"timestamp":${AT_MS}}`)).toEqual([{ timeMs: AT_MS, type: 'STATE', summary: 'host 在线 · online' }])
    expect(state('nonsense')[0]?.summary).toContain('no STATE message')
    expect(traffic.items('spBv1.0/s/DDATA/n/d', Buffer.from('not protobuf'), AT_MS)[0]?.summary).toContain('cannot be decoded')
    expect(traffic.items('other/topic', Buffer.alloc(0), AT_MS)[0]?.summary).toContain('no Sparkplug topic')
  })

  it('lets nothing of the network steer the terminal, and gives the day where it is another one', () => {
    const item = { timeMs: AT_MS, type: 'DDATA', site: 's\u001b[2J', point: 'a\u0007', value: 'x\u001b]0;\n', quality: 'good' as const }
    expect(trafficLine(item, AT_MS, false)).not.toMatch(/\p{Cc}/u)
    expect(trafficLine(item, AT_MS + 86_400_000, false)).toMatch(/^2026-06-01 08:30/)
    expect(trafficLine(item, AT_MS, true)).toContain('\u001b[')
  })
})
