import type { DeviceDetail } from '@roomkeeper/shared/http'
import { describe, expect, it } from 'vitest'
import { formValues, hasEdits, NO_EDITS, othersChanges, signed } from './device-edits.ts'

function detail(name: string, more: { offset?: number; intervalMs?: number; pointName?: string } = {}): DeviceDetail {
  return {
    device: { name, nameEn: '', roomId: 1, points: [{ id: 7, key: 't', name: more.pointName ?? '', nameEn: '' }] },
    room: { id: 1, site: '本部', name: '主机房' },
    settings: { intervalMs: more.intervalMs ?? null },
    calibrations: more.offset === undefined ? [] : [{ key: 't', offset: more.offset }],
  } as unknown as DeviceDetail
}

describe('device edits', () => {
  it('follow the server where nothing was changed here', () => {
    expect(hasEdits(NO_EDITS)).toBe(false)
    expect(formValues(detail('a', { intervalMs: 5000 }), { ...NO_EDITS, name: 'b' })).toEqual({
      name: 'b',
      nameEn: '',
      roomId: 1,
      intervalMs: 5000,
    })
  })

  it('an interval given back to the agent is an edit', () => {
    const edits = { ...NO_EDITS, intervalMs: null }
    expect(hasEdits(edits)).toBe(true)
    expect(formValues(detail('a', { intervalMs: 5000 }), edits).intervalMs).toBeNull()
  })

  it('tell what someone else changed, in both wordings', () => {
    const after = detail('b', { offset: -0.5, intervalMs: 60_000, pointName: '进风' })
    expect(othersChanges(detail('a'), after)).toEqual([
      { field: 'name', before: 'a', after: 'b' },
      { field: 'interval', before: '—', after: '60 s' },
      { field: 'pointName', before: '—', after: '进风', pointKey: 't' },
      { field: 'calibration', before: '—', after: '−0.5', pointKey: 't' },
    ])
    expect(othersChanges(after, after)).toEqual([])
  })

  it('write an offset with its sign', () => {
    expect([signed(0.5), signed(-1.25), signed(0)]).toEqual(['+0.5', '−1.25', '+0'])
  })
})
