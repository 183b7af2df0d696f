import { describe, expect, it } from 'vitest'
import { type PatchedPort, patchingOf } from './patch-links.ts'

function port(id: number, switchName: string, name: string, peer = '', peerPort = ''): PatchedPort {
  return { id, switchName, port: name, peer, peerPort }
}

describe('patch links', () => {
  it('are shown at both ends, whichever of them they are written at', () => {
    const patching = patchingOf([port(1, '核心-1', 'GE1/0/1', '接入-3', 'ge1/0/24'), port(2, '接入-3', 'GE1/0/24')])
    expect(patching.get(1)).toEqual({ ends: [{ portId: 2, name: '接入-3', port: 'GE1/0/24' }], patchProblems: [] })
    expect(patching.get(2)).toEqual({ ends: [{ portId: 1, name: '核心-1', port: 'GE1/0/1' }], patchProblems: [] })
  })

  it('are one link when both ends name each other', () => {
    const patching = patchingOf([port(1, 'A', '1', 'B', '2'), port(2, 'B', '2', 'A', '1')])
    expect([...patching.values()].map(({ ends, patchProblems }) => [ends.length, patchProblems])).toEqual([
      [1, []],
      [1, []],
    ])
  })

  it('lead to what is no switch of the table as well', () => {
    expect(patchingOf([port(1, 'A', '1', 'HIS 数据库', 'eth0')]).get(1)?.ends).toEqual([{ portId: null, name: 'HIS 数据库', port: 'eth0' }])
    expect(patchingOf([port(1, 'A', '1')]).get(1)?.ends).toEqual([])
  })

  it('that cannot be are pointed out: two ends of one port, one place at two ports', () => {
    const patching = patchingOf([port(1, 'A', '1', 'B', '1'), port(2, 'B', '1', '配线架', '7'), port(3, 'C', '1', 'b', '1')])
    expect(patching.get(2)?.ends.map(({ name }) => name)).toEqual(['配线架', 'A', 'C'])
    expect(patching.get(2)?.patchProblems).toEqual(['two-ends'])
    expect(patching.get(1)?.patchProblems).toEqual(['same-end'])
    expect(patching.get(3)?.patchProblems).toEqual(['same-end'])
  })

  it('to a device without a port may be many', () => {
    const patching = patchingOf([port(1, 'A', '1', '存储'), port(2, 'A', '2', '存储')])
    expect([...patching.values()].flatMap(({ patchProblems }) => patchProblems)).toEqual([])
  })
})
