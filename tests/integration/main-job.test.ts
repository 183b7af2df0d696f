import type { Agent, Alarm, Device, EffectiveLimit, Incident, RoomOverview } from '@roomkeeper/shared/http'
import type { ServerToBrowser } from '@roomkeeper/shared/push'
import { io, type Socket } from 'socket.io-client'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type AgentProcess, issueCredential, startAgentProcess } from '../kit/services/agent-process.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { type Pymodbus, startPymodbus } from '../kit/services/pymodbus.ts'
import { missingProgram, missingPythonModule } from '../kit/services/require-program.ts'
import { type ServerProcess, startServerProcess } from '../kit/services/server-process.ts'
import { SNMPSIM_PATH, type Snmpsim, startSnmpsim } from '../kit/services/snmpsim.ts'
import { startUpsd, UPSD_PROGRAMS, type Upsd } from '../kit/services/upsd.ts'

const missing =
  missingProgram(UPSD_PROGRAMS, 'nut-server') ??
  missingProgram([SNMPSIM_PATH], 'snmpsim') ??
  missingPythonModule('pymodbus', 'python3-pymodbus')

const UPS_MIB = '1.3.6.1.2.1.33.1'
/** A UPS with a network card, as RFC 1628 describes it: normal, 100 %, 230 V in and out, on mains. */
const SNMP_UPS = [
  '1.3.6.1.2.1.1.1.0|4|Test agent',
  '1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.99999.1',
  ...Object.entries({
    '1.1.0': '4|Contoso',
    '1.2.0': '4|Line 3000',
    '2.1.0': '2|2',
    '2.2.0': '2|0',
    '2.3.0': '2|42',
    '2.4.0': '2|97',
    '3.3.1.2.1': '2|499',
    '3.3.1.3.1': '2|231',
    '4.1.0': '2|3',
    '4.4.1.2.1': '2|230',
    '4.4.1.5.1': '2|27',
  }).map(([oid, value]) => `${UPS_MIB}.${oid}|${value}`),
  '',
].join('\n')
const CLIMATE_POINTS = [
  { key: 'temperature', kind: 'temperature', type: 'input', register: 1, dataType: 'int16', scale: 0.1 },
  { key: 'humidity', kind: 'humidity', type: 'input', register: 2, scale: 0.1 },
  { key: 'leak', kind: 'leak', type: 'discrete', register: 0, normally: 'open' },
]
const ROOM = '中心机房'

type RoomDetail = RoomOverview & { deviceList: Device[] }

/** The main path on the embedded parts, with a real peer for each protocol. The tests build on each other. */
describe.skipIf(missing !== undefined)(
  `four kinds of devices, one agent, one server${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    let upsd: Upsd
    let snmpsim: Snmpsim
    let modbus: Pymodbus
    let server: ServerProcess
    let agent: AgentProcess
    let socket: Socket<ServerToBrowser>
    let room: RoomDetail
    let alarmId: number

    const pointOf = (deviceId: string, key: string) =>
      room.deviceList.find(({ path }) => path.endsWith(`/${deviceId}`))?.points.find((point) => point.key === key)

    beforeAll(async () => {
      ;[upsd, snmpsim, modbus, server] = await Promise.all([
        startUpsd({ upses: { ups1: { dev: 'ups.status: OL CHRG\ninput.voltage: 229.8\nbattery.charge: 98\n' } } }),
        startSnmpsim({ devices: { public: SNMP_UPS } }),
        startPymodbus(),
        startServerProcess(),
      ])
      await modbus.set('input', 1, [226, 451])
      await modbus.set('discrete', 0, [0])
      const device = (id: string, driver: string, options: object) => ({ id, driver, room: ROOM, intervalMs: 500, ...options })
      const host = '127.0.0.1'
      agent = await startAgentProcess({
        site: '本院',
        node: 'a1',
        mqttUrl: `mqtt://${host}:${server.mqttPort}`,
        credential: await issueCredential(server, '本院', 'a1'),
        devices: [
          device('ups-1', 'nut', { host, port: upsd.port, name: { zh: '1 号 UPS', en: 'UPS 1' } }),
          device('ups-2', 'snmp', { host, port: snmpsim.port, community: 'public' }),
          device('climate', 'modbus', { host, port: modbus.port, points: CLIMATE_POINTS }),
          device('model', 'simulator', { role: 'racks' }),
        ],
      })
      socket = io(server.url, { transports: ['websocket'], extraHeaders: { cookie: await server.signIn() } })
      await new Promise<void>((resolve, reject) => socket.once('hello', () => resolve()).once('connect_error', reject))
    })
    afterAll(async () => {
      socket?.close()
      await agent?.dispose()
      await server?.dispose()
      await Promise.all([upsd?.stop(), snmpsim?.stop(), modbus?.stop()])
    })
    afterEach(({ task }) => {
      if (task.result?.state === 'fail') console.log(`── server\n${server?.output()}\n── agent\n${agent?.output()}`)
    })

    it('each device appears by itself, in the room its agent proposed, with names, units and values', async () => {
      room = await waitFor('all four devices have readings', 40_000, async () => {
        const overview = (await server.get<RoomOverview[]>('/api/rooms')).find(({ name }) => name === ROOM)
        if (!overview) return undefined
        const detail = await server.get<RoomDetail>(`/api/rooms/${overview.id}`)
        return detail.deviceList.length === 4 && detail.deviceList.every(({ points }) => points.some(({ timeMs }) => timeMs !== null))
          ? detail
          : undefined
      })
      expect(room).toMatchObject({ site: '本院', class: 'computer-room', devicesOffline: 0 })
      expect(room.deviceList.find(({ path }) => path === '本院/a1/ups-1')?.name).toBe('1 号 UPS')
      expect(room.deviceList.find(({ path }) => path === '本院/a1/ups-2')).toMatchObject({ maker: 'Contoso', model: 'Line 3000' })
      expect(pointOf('ups-1', 'ups.status')).toMatchObject({ kind: 'ups-status', value: 'OL CHRG', quality: 'good' })
      expect(pointOf('climate', 'temperature')).toMatchObject({ kind: 'temperature', unit: 'Cel', value: 22.6, quality: 'good' })
      const snmp = room.deviceList.find(({ path }) => path.endsWith('/ups-2'))?.points ?? []
      expect(snmp.find(({ kind }) => kind === 'ups-status')?.value).toBe('OL')
      expect(snmp.find(({ kind }) => kind === 'battery-charge')?.value).toBe(97)
      // 22.6 °C at 45.1 % relative humidity (Magnus formula).
      const dewPoint = room.deviceList.find(({ path }) => path.endsWith('/climate'))?.points.find(({ kind }) => kind === 'dew-point')
      expect(dewPoint?.value).toBeCloseTo(10.1, 1)
    })

    it('has limits from the first reading on, each with its source', async () => {
      const limits = await server.get<EffectiveLimit[]>(`/api/points/${pointOf('climate', 'temperature')?.id}/limits`)
      expect(limits.find(({ limit }) => limit.condition === 'high')).toMatchObject({
        origin: 'built-in',
        source: expect.stringContaining('GB 50174'),
        limit: { value: 27, priority: 'high' },
      })
    })

    it('a leak is an alarm and an incident at every browser, at once, and durable before it is told', async () => {
      const told = new Promise<Parameters<ServerToBrowser['alarm']>[0]>((resolve) => socket.once('alarm', resolve))
      const leakedAtMs = Date.now()
      await modbus.set('discrete', 0, [1])
      const notice = await told
      expect(Date.now() - leakedAtMs).toBeLessThan(2000)
      expect(notice).toMatchObject({ priority: 'critical', raised: true, state: 'UNACK' })
      alarmId = notice.alarmId
      await server.stop('SIGKILL')
      await server.start()
      const incident = await server.get<Incident>(`/api/incidents/${notice.incidentId}`)
      expect(incident).toMatchObject({ state: 'open', roomName: ROOM, alarms: [{ id: alarmId, condition: 'state-critical', value: true }] })
      expect(incident.fields.noticedAtMs).toBe(incident.alarms[0]?.raisedAtMs)
    })

    it('returns when the leak is gone, is acknowledged by a person, and is then over; every step is kept', async () => {
      await modbus.set('discrete', 0, [0])
      await waitFor('the alarm returns', 40_000, async () =>
        (await server.get<Alarm>(`/api/alarms/${alarmId}`)).state === 'RTNUN' ? true : undefined,
      )
      await server.send('POST', `/api/alarms/${alarmId}/acknowledge`, { note: '已拖干' })
      const alarm = await server.get<Alarm & { transitions: { event: string; from: string; to: string; person: string | null }[] }>(
        `/api/alarms/${alarmId}`,
      )
      expect(alarm).toMatchObject({ state: 'NORM', acknowledgedBy: expect.any(String), note: '已拖干' })
      expect(alarm.transitions.map(({ event, from, to }) => `${event} ${from} ${to}`)).toEqual([
        'raise NORM UNACK',
        'clear UNACK RTNUN',
        'acknowledge RTNUN NORM',
      ])
    })

    it('stores and commits every reading, over the kill too, and counts them', async () => {
      const sinceMs = Date.now() - 60_000
      const point = pointOf('climate', 'temperature')
      await waitFor('the agent has nothing left to send', 40_000, async () => {
        const [row] = await server.get<Agent[]>('/api/agents')
        return row?.online && (row.committedOffset ?? 0) > 40 && (row.backlog ?? 99) < 15 ? true : undefined
      })
      const rows = await server.get<{ timeMs: number; value: number }[]>(
        `/api/points/${point?.id}/readings?fromMs=${sinceMs}&toMs=${Date.now()}`,
      )
      const gapsMs = rows.slice(1).map(({ timeMs }, index) => timeMs - (rows[index]?.timeMs as number))
      expect(rows.length).toBeGreaterThan(10)
      expect(Math.max(...gapsMs)).toBeLessThan(1500)
      const metrics = await (await fetch(`${server.url}/metrics`, { headers: { cookie: await server.signIn() } })).text()
      for (const name of [
        'roomkeeper_readings_received_total',
        'roomkeeper_readings_committed_total',
        'roomkeeper_readings_quarantined_total',
        'roomkeeper_alarms_active',
        'roomkeeper_ingest_lag_seconds',
        'roomkeeper_event_loop_delay_seconds',
      ])
        expect(metrics).toMatch(new RegExp(`^# TYPE ${name} `, 'm'))
      expect(Number(/^roomkeeper_readings_committed_total (\d+)/m.exec(metrics)?.[1])).toBeGreaterThan(0)
    })
  },
)
