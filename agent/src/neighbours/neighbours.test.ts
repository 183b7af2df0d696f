import { describe, expect, it } from 'vitest'
import { NeighbourWatch, parseNeighbours } from './neighbours.ts'

const TABLE = `IP address       HW type     Flags       HW address            Mask     Device
10.1.20.1        0x1         0x2         02:FC:00:00:00:05     *        eth0
10.1.20.7        0x1         0x0         00:00:00:00:00:00     *        eth0
10.1.20.30       0x1         0x2         aa:bb:cc:00:11:22     *        eth0
`

describe('what an agent sees in its network', () => {
  it('is what has answered, and where its devices are configured', () => {
    const devices = [
      { id: 'ups1', options: { host: '10.1.20.30', port: 3493 } },
      { id: 'bmc1', options: { url: 'https://10.1.20.9/redfish/v1' } },
      { id: 'named', options: { host: 'ups.local' } },
      { id: 'own', options: { host: '127.0.0.1' } },
      { id: 'none', options: undefined },
    ]
    expect(parseNeighbours(TABLE, devices)).toEqual([
      ['10.1.20.1', '02:fc:00:00:00:05', ''],
      ['10.1.20.30', 'aa:bb:cc:00:11:22', 'ups1'],
      ['10.1.20.9', '', 'bmc1'],
    ])
  })

  it('is nothing where there is no table', () => {
    expect(parseNeighbours('', [])).toEqual([])
  })

  it('is told to nobody where the system has no table and no device has an address', async () => {
    const told: unknown[] = []
    const watch = new NeighbourWatch({ devices: [], onRead: (neighbours) => told.push(neighbours), path: '/proc/net/no-such-table' })
    await watch.start()
    watch.stop()
    expect([told, watch.current]).toEqual([[], []])
  })
})
