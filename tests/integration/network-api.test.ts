import { createRouterClient } from '@orpc/server'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { type Actor, api } from '../../server/src/api/base.ts'
import { createNetworkHandlers } from '../../server/src/api/network.ts'
import { createSwitchPortHandlers } from '../../server/src/api/switch-ports.ts'
import { openDatabase } from '../../server/src/database/database.ts'
import { SeenAddresses } from '../../server/src/network/seen-addresses.ts'
import { describeEachDatabase } from '../kit/each-database.ts'

const ACTOR: Actor = {
  accountId: 1,
  username: 'wang',
  name: '王工',
  roles: ['technician'],
  sessionHash: 'test',
  mustChangePassword: false,
}

describeEachDatabase('IP table and switch ports', (newDatabase) => {
  async function setUp() {
    let nowMs = Date.UTC(2026, 5, 1)
    const db = await openDatabase(await newDatabase())
    const changes: string[] = []
    const deps = { db, clock: { nowMs: () => nowMs }, change: ({ topic }: { topic: string }) => void changes.push(topic) }
    const router = { network: api.network.router({ ...createNetworkHandlers(deps), ...createSwitchPortHandlers(deps) }) }
    const context = { actor: ACTOR, address: '127.0.0.1', setSessionCookie: () => undefined }
    const { network } = createRouterClient(router, { context })
    const online = new Set<string>()
    const seen = new SeenAddresses({
      db,
      clock: deps.clock,
      log: pino({ level: 'silent' }),
      changed: () => undefined,
      isOnline: (path) => online.has(path),
    })
    return { db, network, seen, online, changes, advanceDays: (days: number) => (nowMs += days * 86_400_000) }
  }

  const subnet = { cidr: '10.1.20.0/28', name: '机房设备', gateway: '10.1.20.1' }
  const address = { state: 'used', hostname: 'his-db', mac: 'A0-36-9F-00-11-22', revision: 0 } as const

  it('keeps subnets and addresses, and says where agents see something else', async () => {
    const { network, seen, online, advanceDays, db } = await setUp()
    const added = await network.addSubnet(subnet)
    await expect(network.addSubnet({ ...subnet, cidr: '10.1.20.8/29', gateway: null })).rejects.toThrow('10.1.20.0/28')
    await expect(network.addSubnet({ ...subnet, cidr: '10.1.30.0/24' })).rejects.toThrow('10.1.20.1')
    const set = await network.setAddress({ ...address, address: '10.1.20.5' })
    expect(set).toMatchObject({ mac: 'a0:36:9f:00:11:22', revision: 1, conflicts: [] })
    await expect(network.setAddress({ ...address, address: '10.9.9.9' })).rejects.toThrow('10.9.9.9')
    await expect(network.setAddress({ ...address, address: '10.1.20.5' })).rejects.toMatchObject({ code: 'CONFLICT' })

    seen.note('本部/agent1', [
      { address: '10.1.20.5', mac: 'a0:36:9f:00:11:23', device: 'ups1' },
      { address: '10.1.20.6', mac: '02:00:00:00:00:01', device: '' },
      { address: '192.168.9.9', mac: '02:00:00:00:00:02', device: '' },
    ])
    await seen.stop()
    const told = await network.addresses({})
    expect(told.map((one) => [one.address, one.conflicts, one.subnetId])).toEqual([
      ['10.1.20.5', ['mac-differs'], added.id],
      ['10.1.20.6', ['unknown'], added.id],
      ['192.168.9.9', [], null],
    ])
    expect(await network.nextFree({ subnetId: added.id })).toEqual({ address: '10.1.20.2' })
    expect(await network.subnets()).toMatchObject([{ size: 14, used: 1, conflicts: 2 }])

    // Told once and still there: as long as the agent is online it is seen.
    online.add('本部/agent1')
    advanceDays(40)
    seen.refresh()
    await seen.stop()
    expect((await network.addresses({ subnetId: added.id, q: 'his' }))[0]?.conflicts).toEqual(['mac-differs'])
    online.clear()
    advanceDays(40)
    seen.refresh()
    await seen.stop()
    expect((await network.addresses({ subnetId: added.id, q: 'his' }))[0]?.conflicts).toEqual(['not-seen'])

    await expect(network.removeSubnet({ subnetId: added.id })).rejects.toThrow('10.1.20.5')
    await network.setAddress({ ...address, address: '10.1.20.5', state: 'free', revision: 1 })
    await network.removeSubnet({ subnetId: added.id })
    expect(await network.subnets()).toEqual([])
    const audit = await db.selectFrom('audit').select('action').orderBy('seq').execute()
    expect(audit.map(({ action }) => action)).toEqual([
      'network.subnet-add',
      'network.address-set',
      'network.address-set',
      'network.subnet-remove',
    ])
    await db.destroy()
  })

  it('numbers every switch port once', async () => {
    const { network, changes, db } = await setUp()
    const ports = await network.addPorts({ switchName: '核心-1', port: 'GE1/0/[1-12]', state: 'free' })
    expect(ports).toHaveLength(12)
    expect(ports.map(({ port }) => port).slice(8, 11)).toEqual(['GE1/0/9', 'GE1/0/10', 'GE1/0/11'])
    expect(ports[0]?.label).toBe('核心-1-GE1/0/1')
    await expect(network.addPorts({ switchName: '核心-1', port: 'GE1/0/[10-20]', state: 'free' })).rejects.toThrow('GE1/0/10')
    expect(await network.ports({ q: 'ge1/0/12' })).toHaveLength(1)
    const [first] = ports
    if (!first) throw new Error('no port')
    const { id: portId, roomName: _, changedBy: __, changedAtMs: ___, ...fields } = first
    const changed = await network.changePort({ ...fields, portId, state: 'used', peer: 'HIS 数据库 1', peerPort: 'eth0' })
    expect(changed).toMatchObject({ state: 'used', peer: 'HIS 数据库 1', revision: 2 })
    await expect(network.changePort({ ...fields, portId, peer: '别的' })).rejects.toMatchObject({ code: 'CONFLICT', data: { by: '王工' } })
    await network.removePort({ portId })
    expect(await network.ports({ switchName: '核心-1' })).toHaveLength(11)
    expect(new Set(changes)).toEqual(new Set(['network']))
    await db.destroy()
  })
})
