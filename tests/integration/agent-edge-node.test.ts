import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parseAgentConfig } from '../../agent/src/config/index.ts'
import { type Agent, startAgent } from '../../agent/src/main.ts'
import { METRIC, PROPERTY } from '../../shared/src/sparkplug/index.ts'
import { type CountingControl, countingDriver } from '../kit/agent/counting-driver.ts'
import { FakeHost } from '../kit/agent/fake-host.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { MOSQUITTO_PROGRAMS, type Mosquitto, startMosquitto } from '../kit/services/mosquitto.ts'
import { missingProgram } from '../kit/services/require-program.ts'

const missing = missingProgram(MOSQUITTO_PROGRAMS, 'mosquitto')
const DEADLINE_MS = 15_000

describe.skipIf(missing)(`the edge node against a real broker${missing ? ` (skipped: ${missing})` : ''}`, { timeout: 60_000 }, () => {
  let broker: Mosquitto
  let folder: string
  let host: FakeHost
  let control: CountingControl
  let agent: Agent | undefined
  let driver: ReturnType<typeof countingDriver>['driver']

  beforeAll(async () => {
    broker = await startMosquitto({ dynamicSecurity: false })
  })
  afterAll(() => broker?.dispose())
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'roomkeeper-agent-'))
    host = new FakeHost({ url: broker.url, site: 'test', node: 'agent', hostId: `host-${folder.slice(-6)}` })
    ;({ driver, control } = countingDriver())
  })
  afterEach(async () => {
    await agent?.stop()
    agent = undefined
    await host.stop()
    await rm(folder, { recursive: true, force: true })
    expect(host.violations).toEqual([])
  })

  async function start(
    devices: Record<string, unknown>[] = [{ id: 'd0' }],
    more: { replayReadingsPerSecond?: number; log?: object } = {},
  ): Promise<Agent> {
    const config = parseAgentConfig(
      JSON.stringify({
        site: 'test',
        node: 'agent',
        primaryHost: `host-${folder.slice(-6)}`,
        mqtt: { url: broker.url },
        dataDir: folder,
        log: more.log ?? {},
        devices: devices.map((device) => ({
          driver: 'counting',
          intervalMs: 100,
          timeoutMs: 300,
          name: { zh: '计数器', en: 'Counter unit' },
          room: '主机房',
          ...device,
        })),
      }),
      { path: '/agent.yaml', env: {}, drivers: [driver] },
    )
    agent = await startAgent({
      config,
      drivers: [driver],
      log: pino({ level: 'silent' }),
      replayReadingsPerSecond: more.replayReadingsPerSecond,
    })
    return agent
  }

  const until = (what: string, probe: () => boolean): Promise<unknown> => waitFor(what, DEADLINE_MS, async () => probe() || undefined)
  const nextOffset = () => agent?.status().log?.nextOffset ?? 0
  const hasAll = (from: number, to: number) => {
    const offsets = host.offsets()
    for (let offset = from; offset < to; offset++) if (!offsets.has(offset)) return false
    return true
  }

  it('waits for the primary host, then says births and sends data with offsets', async () => {
    control.value = (key, read) => (key === 'n1' ? Number.NaN : read)
    await start()
    await until('scans are logged', () => nextOffset() > 3)
    expect(host.messages).toEqual([])
    await host.start()
    await until('data', () => host.scans.length > 3)

    const nbirth = host.of('NBIRTH')[0]
    expect(nbirth?.payload.seq).toBe(0)
    const names = nbirth?.payload.metrics.map((metric) => metric.name)
    expect(names).toEqual(
      expect.arrayContaining([
        METRIC.bdSeq,
        METRIC.rebirth,
        METRIC.agentVersion,
        METRIC.agentFaults,
        METRIC.logEpoch,
        METRIC.logFirstOffset,
        METRIC.logNextOffset,
        METRIC.logBacklog,
      ]),
    )
    const rebirth = nbirth?.payload.metrics.find((metric) => metric.name === METRIC.rebirth)
    expect(rebirth?.value).toBe(false)
    expect(rebirth?.alias).toBeUndefined()

    const dbirth = host.of('DBIRTH', 'd0')[0]
    const info = dbirth?.payload.metrics.find((metric) => metric.name === 'Device/Info')
    expect(info).toMatchObject({ value: '计数器', properties: { nameEn: 'Counter unit', maker: 'Test', model: 'Counter', room: '主机房' } })
    const point = dbirth?.payload.metrics.find((metric) => metric.name === 'n0')
    expect(point?.value).toBeTypeOf('number')
    expect(point?.properties).toMatchObject({
      [PROPERTY.kind]: 'number',
      [PROPERTY.unit]: '1',
      [PROPERTY.intervalMs]: 100,
      [PROPERTY.nameZh]: '计数0',
      [PROPERTY.nameEn]: 'Count 0',
    })

    const scan = host.scans.at(-1)
    expect(scan?.isHistorical).toBe(false)
    expect(scan?.values.get('n0')?.timestampMs).toBeGreaterThan(Date.now() - 5000)
    expect(scan?.values.get('n1')).toMatchObject({ value: null, properties: { [PROPERTY.quality]: 0, [PROPERTY.reason]: 'not-a-number' } })
  })

  it('replays what was logged before, in order, while live data goes on; trims on commit; obeys only its own epoch', async () => {
    await start([{ id: 'd0' }, { id: 'd1', points: 20 }])
    await until('a backlog', () => nextOffset() > 40)
    await host.start()
    await until('live data', () => host.scans.length > 0)
    const firstLive = host.scans[0]?.offset as number
    expect(firstLive).toBeGreaterThan(40)
    await host.replayFrom(1)
    await until('everything from the first offset on', () => hasAll(1, firstLive + 1))
    const historical = host.scans.filter((scan) => scan.isHistorical).map((scan) => scan.offset as number)
    expect(historical.slice(0, firstLive - 1)).toEqual(Array.from({ length: firstLive - 1 }, (_, i) => i + 1))
    const live = host.scans.filter((scan) => !scan.isHistorical).map((scan) => scan.offset as number)
    expect(live).toEqual(live.map((_, i) => firstLive + i))

    await host.commit(firstLive, 'another epoch')
    await host.commit(firstLive)
    await until('the commit', () => agent?.status().log?.committedOffset === firstLive)
  })

  it('restarts a replay from the new offset, and keeps live data flowing during a slow one', async () => {
    await start([
      { id: 'd0', points: 10 },
      { id: 'd1', points: 10 },
    ])
    await until('a backlog', () => nextOffset() > 60)
    await agent?.stop()
    await start(
      [
        { id: 'd0', points: 10 },
        { id: 'd1', points: 10 },
      ],
      { replayReadingsPerSecond: 200 },
    )
    await host.start()
    await until('live data', () => host.scans.length > 0)
    await host.replayFrom(1)
    await until('the replay runs', () => host.scans.some((scan) => scan.isHistorical))
    const from = host.scans.length
    await host.replayFrom(30)
    await until('it restarts', () => host.scans.slice(from).some((scan) => scan.isHistorical && (scan.offset ?? 0) >= 45))
    const replayed = host.scans.filter((scan) => scan.isHistorical).map((scan) => scan.offset as number)
    const restart = replayed.indexOf(30)
    expect(replayed.slice(restart, restart + 10)).toEqual(Array.from({ length: 10 }, (_, i) => 30 + i))
    const live = host.scans.filter((scan) => !scan.isHistorical)
    for (let i = 1; i < live.length; i++) expect((live[i]?.atMs ?? 0) - (live[i - 1]?.atMs ?? 0)).toBeLessThan(1000)
  })

  it('answers a rebirth with the same bdSeq and new births', async () => {
    await start()
    await host.start()
    await until('data', () => host.scans.length > 2)
    await host.rebirth()
    await until('births', () => host.of('NBIRTH').length === 2 && host.of('DBIRTH').length === 2)
    const [first, second] = host
      .of('NBIRTH')
      .map((message) => message.payload.metrics.find((metric) => metric.name === METRIC.bdSeq)?.value)
    expect(second).toBe(first)
  })

  it('tells the death and the return of a device, and its fault', async () => {
    await start([{ id: 'd0' }])
    await host.start()
    await until('data', () => host.scans.length > 2)
    control.isDown = true
    await until('DDEATH', () => host.of('DDEATH', 'd0').length === 1)
    await until('the fault', () => host.of('NDATA').some((message) => JSON.stringify(message.payload.metrics).includes('unreachable')))
    control.isDown = false
    await until('it is born again', () => host.of('DBIRTH', 'd0').length === 2)
    await until(
      'the fault is gone',
      () =>
        host
          .of('NDATA')
          .at(-1)
          ?.payload.metrics.find((metric) => metric.name === METRIC.agentFaults)?.value === '[]',
    )
  })

  it('lets no device hold up another one: not one that hangs, not one that is wrong', async () => {
    const hanging = countingDriver('hanging')
    hanging.control.hangs = true
    const original = driver
    driver = { ...original, name: 'counting' }
    const config = parseAgentConfig(
      JSON.stringify({
        site: 'test',
        node: 'agent',
        primaryHost: `host-${folder.slice(-6)}`,
        mqtt: { url: broker.url },
        dataDir: folder,
        devices: [
          { id: 'stuck', driver: 'hanging', intervalMs: 100, timeoutMs: 100 },
          { id: 'wrong', driver: 'counting', pionts: 3 },
          { id: 'd0', driver: 'counting', intervalMs: 100 },
        ],
      }),
      { path: '/agent.yaml', env: {}, drivers: [driver, hanging.driver] },
    )
    agent = await startAgent({ config, drivers: [driver, hanging.driver], log: pino({ level: 'silent' }) })
    await host.start()
    await until('data of the good one', () => host.scans.filter((scan) => scan.device === 'd0').length > 5)
    await until('faults of both others', () => agent?.status().faults.length === 2)
    expect(agent.status().faults).toEqual([
      expect.objectContaining({ device: 'wrong', kind: 'configuration', message: expect.stringContaining('did you mean "points"') }),
      expect.objectContaining({ device: 'stuck', kind: 'unreachable' }),
    ])
  })

  it('says NDEATH when it stops, and when the host goes: then it comes back with a new bdSeq', async () => {
    await start()
    await host.start()
    await until('data', () => host.scans.length > 2)
    const before = host.of('NBIRTH').length
    await host.stop()
    const logged = nextOffset()
    await until('scans are only logged', () => agent?.status().broker !== 'online' && nextOffset() > logged + 3)
    await host.start()
    await until('births again', () => host.of('NBIRTH').length > before)
    const bdSeqs = host.of('NBIRTH').map((message) => message.payload.metrics.find((metric) => metric.name === METRIC.bdSeq)?.value)
    expect(bdSeqs.at(-1)).not.toBe(bdSeqs[0])
    await agent?.stop()
    agent = undefined
    await until('NDEATH', () => host.messages.at(-1)?.type === 'NDEATH')
    expect(host.messages.at(-1)?.payload.metrics).toEqual([expect.objectContaining({ name: METRIC.bdSeq, value: bdSeqs.at(-1) })])
  })

  it('replays devices that are no longer configured, and points that are gone', async () => {
    await start([
      { id: 'd0', points: 4 },
      { id: 'old', name: '旧设备' },
    ])
    await until('a backlog', () => nextOffset() > 20)
    await agent?.stop()
    const end = nextOffset()
    await start([{ id: 'd0', points: 2 }])
    await host.start()
    await until('live data', () => host.scans.length > 0)
    await host.replayFrom(1)
    await until('everything', () => hasAll(1, end))
    const old = host.scans.find((scan) => scan.device === 'old')
    expect([...(old?.values.keys() ?? [])]).toEqual(['n0', 'n1', 'n2'])
    const d0 = host.scans.find((scan) => scan.device === 'd0' && scan.isHistorical)
    expect(d0?.values.get('n3')?.value).toBeTypeOf('number')
    expect(host.of('DBIRTH', 'old')[0]?.payload.metrics.find((metric) => metric.name === 'Device/Info')?.value).toBe('旧设备')
    await until('the placeholder dies', () => host.of('DDEATH', 'old').length === 1)
  })

  it('takes a new epoch when the host knows more than its log', async () => {
    await start()
    await host.start()
    await until('data', () => host.scans.length > 2)
    const { epoch } = host
    await host.commit(1_000_000)
    await until('births with another epoch', () => host.epoch !== epoch)
  })

  it('loses nothing when the broker is killed', async () => {
    await start([{ id: 'd0' }, { id: 'd1' }])
    await host.start()
    await until('data', () => host.scans.length > 5)
    for (let round = 0; round < 3; round++) {
      await broker.stop('SIGKILL')
      const logged = nextOffset()
      await until('scans are logged meanwhile', () => nextOffset() > logged + 5)
      await broker.start()
      await host.start()
      const births = host.of('NBIRTH').length
      await until('births', () => host.of('NBIRTH').length > births)
      const missing = [...Array(nextOffset()).keys()].find((offset) => offset > 0 && !host.offsets().has(offset)) ?? nextOffset()
      await host.replayFrom(missing)
      const end = nextOffset()
      await until('everything', () => hasAll(1, end))
    }
  })
})
