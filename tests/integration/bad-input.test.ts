import type { Agent, Alarm, Device, RoomOverview } from '@roomkeeper/shared/http'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type AgentProcess, issueCredential, startAgentProcess } from '../kit/services/agent-process.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { freeTcpPort, freeUdpPort } from '../kit/services/free-port.ts'
import { missingProgram } from '../kit/services/require-program.ts'
import { type ServerProcess, startServerProcess } from '../kit/services/server-process.ts'
import { startUpsd, UPSD_PROGRAMS, type Upsd } from '../kit/services/upsd.ts'

const missing = missingProgram(UPSD_PROGRAMS, 'nut-server')
const ROOM = '中心机房'
const GOOD = 'ups.status: OL\ninput.voltage: 229.8\nbattery.charge: 100\nups.load: 30\n'
/** Two hours; the agent's process believes in it, the rest of the machine does not. */
const AHEAD_MS = 2 * 3_600_000
const CLOCK_AHEAD = `--import=data:text/javascript,const%20now=Date.now;Date.now=()=>now()+${AHEAD_MS}`

type RoomDetail = RoomOverview & { deviceList: Device[] }

describe.skipIf(missing !== undefined)(`what devices and agents get wrong${missing === undefined ? '' : ` (${missing})`}`, () => {
  let upsd: Upsd
  let server: ServerProcess
  let agent: AgentProcess
  let futureAgent: AgentProcess | undefined
  let garbageAtMs: number

  const devices = async (): Promise<Device[]> => {
    const rooms = await server.get<RoomOverview[]>('/api/rooms')
    const details = await Promise.all(rooms.map(({ id }) => server.get<RoomDetail>(`/api/rooms/${id}`)))
    return details.flatMap(({ deviceList }) => deviceList)
  }
  const device = async (id: string): Promise<Device | undefined> => (await devices()).find(({ path }) => path.endsWith(`/${id}`))
  const pointOf = (of: Device | undefined, key: string) => of?.points.find((point) => point.key === key)
  const alarmsOf = async (name: string): Promise<Alarm[]> =>
    (await server.get<Alarm[]>('/api/alarms?scope=all')).filter(({ deviceName }) => deviceName === name)
  const agentRow = async (node: string): Promise<Agent | undefined> =>
    (await server.get<Agent[]>('/api/agents')).find((row) => row.node === node)

  beforeAll(async () => {
    upsd = await startUpsd({
      upses: {
        good: { dev: GOOD },
        mad: { dev: GOOD },
        leaving: { dev: GOOD },
      },
    })
    server = await startServerProcess()
    const nut = (ups: string) => ({
      id: ups,
      driver: 'nut',
      name: ups,
      room: ROOM,
      intervalMs: 1000,
      timeoutMs: 1000,
      host: '127.0.0.1',
      port: upsd.port,
      ups,
    })
    agent = await startAgentProcess({
      site: '本院',
      node: 'a1',
      mqttUrl: `mqtt://127.0.0.1:${server.mqttPort}`,
      credential: await issueCredential(server, '本院', 'a1'),
      devices: [
        nut('good'),
        nut('mad'),
        nut('leaving'),
        { ...nut('nobody-home'), port: await freeTcpPort() },
        { ...nut('no-such-ups') },
        { id: 'silent', driver: 'snmp', room: ROOM, intervalMs: 1000, timeoutMs: 500, host: '127.0.0.1', port: await freeUdpPort() },
        { id: 'misspelt', driver: 'nut', hosst: '127.0.0.1' },
      ],
    })
    await waitFor('the good UPSes are read', 40_000, async () => {
      const found = await Promise.all(['good', 'mad', 'leaving'].map(device))
      return found.every((each) => pointOf(each, 'ups.status')?.value === 'OL') ? true : undefined
    })
    // In the manner of the dumps that NUT's users sent in: a voltage that is the bits of something else, two states at once.
    await upsd.play('mad', GOOD.replace('229.8', '-159357104').replace(': OL', ': OL DISCHRG OB').replace('load: 30', 'load: n/a'))
    garbageAtMs = Date.now()
  })
  afterAll(async () => {
    await Promise.all([agent?.dispose(), futureAgent?.dispose()])
    await Promise.all([server?.dispose(), upsd?.stop()])
  })
  afterEach(({ task }) => {
    if (task.result?.state === 'fail')
      console.log(`── server\n${server?.output()}\n── agent\n${agent?.output()}\n── ahead\n${futureAgent?.output()}`)
  })

  it('names each device it cannot read, why, and where; the others are read on', async () => {
    const faults = await waitFor('every fault is told', 40_000, async () => {
      const told = new Map((await agentRow('a1'))?.faults.map((fault) => [fault.device, fault]))
      return ['nobody-home', 'silent', 'no-such-ups', 'misspelt'].every((id) => told.has(id)) ? told : undefined
    })
    expect(faults.get('nobody-home')).toMatchObject({ kind: 'unreachable', message: expect.stringContaining('ECONNREFUSED') })
    expect(faults.get('silent')).toMatchObject({ kind: 'unreachable' })
    expect(faults.get('no-such-ups')).toMatchObject({
      kind: 'configuration',
      message: expect.stringMatching(/good, .*leaving.*mad|good.*mad/),
    })
    expect(faults.get('misspelt')).toMatchObject({
      kind: 'configuration',
      message: expect.stringMatching(/agent\.yaml:\d+:\d+ devices\[6\]\.hosst: .*did you mean "host"\?/),
    })
    expect(faults.size).toBe(4)
    const before = pointOf(await device('good'), 'ups.status')?.timeMs as number
    await waitFor('the good one goes on', 20_000, async () =>
      (pointOf(await device('good'), 'ups.status')?.timeMs as number) > before + 1500 ? true : undefined,
    )
  })

  it('shows garbage as what it is, with the reason, and raises no low-voltage alarm from it', async () => {
    const mad = await waitFor('the garbage is shown', 30_000, async () => {
      const found = await device('mad')
      return pointOf(found, 'input.voltage')?.quality === 'bad' ? found : undefined
    })
    expect(pointOf(mad, 'input.voltage')).toMatchObject({ value: -159357104, quality: 'bad', reason: 'out-of-range' })
    expect(pointOf(mad, 'ups.status')).toMatchObject({ value: 'OL DISCHRG OB', quality: 'bad', reason: 'contradiction' })
    expect(pointOf(mad, 'ups.load')).toMatchObject({ value: null, quality: 'bad', reason: 'not-a-number' })
    expect(pointOf(mad, 'battery.charge')).toMatchObject({ value: 100, quality: 'good' })
    await upsd.play('mad', GOOD.replace('229.8', '-159357104').replace(': OL', ':').replace('load: 30', 'load: n/a'))
    await waitFor('an empty status is an error of the sensor', 30_000, async () => {
      const { reason } = pointOf(await device('mad'), 'ups.status') ?? {}
      return reason === 'sensor-error' ? true : undefined
    })
  })

  it('tells that a device is gone, keeps its last value as old, and tells when it is back', async () => {
    await upsd.stopDriver('leaving')
    const alarm = await waitFor('device-offline', 30_000, async () =>
      (await alarmsOf('leaving')).find(({ condition }) => condition === 'device-offline'),
    )
    expect(alarm).toMatchObject({ state: 'UNACK', priority: 'high', roomName: ROOM })
    expect((await agentRow('a1'))?.faults.find((fault) => fault.device === 'leaving')).toMatchObject({
      kind: 'unreachable',
      message: expect.stringMatching(/DATA-STALE|DRIVER-NOT-CONNECTED/),
    })
    const gone = await device('leaving')
    expect(gone?.online).toBe(false)
    expect(pointOf(gone, 'ups.status')).toMatchObject({ value: 'OL', quality: 'stale' })
    await upsd.startDriver('leaving')
    await waitFor('it is back', 30_000, async () => (pointOf(await device('leaving'), 'ups.status')?.quality === 'good' ? true : undefined))
    await waitFor('the alarm returns', 30_000, async () =>
      (await alarmsOf('leaving')).every(({ clearedAtMs }) => clearedAtMs !== null) ? true : undefined,
    )
  })

  it('finds an agent whose clock is two hours ahead, and what it sends is not lost', async () => {
    const env = { NODE_OPTIONS: CLOCK_AHEAD }
    futureAgent = await startAgentProcess({
      site: '本院',
      node: 'ahead',
      mqttUrl: `mqtt://127.0.0.1:${server.mqttPort}`,
      credential: await issueCredential(server, '本院', 'ahead'),
      devices: [{ id: 'clock', driver: 'nut', room: '时钟间', intervalMs: 1000, host: '127.0.0.1', port: upsd.port, ups: 'good' }],
      env,
    })
    const alarm = await waitFor('clock-wrong', 40_000, async () =>
      (await server.get<Alarm[]>('/api/alarms')).find(({ condition }) => condition === 'clock-wrong'),
    )
    expect(alarm).toMatchObject({ source: 'node', value: expect.closeTo(AHEAD_MS / 1000, -1) })
    expect((await agentRow('ahead'))?.clockOffsetMs).toBeGreaterThan(AHEAD_MS - 10_000)
    expect((await agentRow('a1'))?.clockOffsetMs).toBeLessThan(10_000)
    const point = pointOf(await device('clock'), 'input.voltage')
    const stored = await waitFor('its readings are stored', 30_000, async () => {
      const range = `fromMs=${Date.now() + AHEAD_MS - 60_000}&toMs=${Date.now() + AHEAD_MS + 60_000}`
      const rows = await server.get<unknown[]>(`/api/points/${point?.id}/readings?${range}`)
      return rows.length > 2 ? rows : undefined
    })
    expect(stored[0]).toMatchObject({ value: 229.8 })
    await futureAgent.stop()
    env.NODE_OPTIONS = ''
    await futureAgent.start()
    await waitFor('the clock is right again', 40_000, async () => {
      const returned = (await server.get<Alarm[]>('/api/alarms?scope=all')).find(({ id }) => id === alarm.id)?.clearedAtMs !== null
      const { timeMs, quality } = pointOf(await device('clock'), 'input.voltage') ?? {}
      return returned && quality === 'good' && Math.abs((timeMs ?? 0) - Date.now()) < 10_000 ? true : undefined
    })
  })

  it('says that the sensor is suspect once the garbage has lasted', async () => {
    const suspects = await waitFor('sensor-suspect', Math.max(1000, garbageAtMs + 50_000 - Date.now()), async () => {
      const found = (await alarmsOf('mad')).filter(({ condition }) => condition === 'sensor-suspect')
      return found.length === 3 ? found : undefined
    })
    expect(suspects.map(({ pointKind }) => pointKind).sort()).toEqual(['load', 'ups-status', 'voltage'])
    // Nothing else was concluded from values that cannot be true.
    expect((await alarmsOf('mad')).map(({ condition }) => condition)).toEqual(['sensor-suspect', 'sensor-suspect', 'sensor-suspect'])
    expect(await alarmsOf('good')).toEqual([])
    expect(await (await fetch(`${server.url}/healthz`)).json()).toMatchObject({ ok: true })
  })
})
