import type { Alarm, Device, DeviceDetail, DeviceSummary, Point, RoomOverview } from '@roomkeeper/shared/http'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type AgentProcess, issueCredential, startAgentProcess } from '../kit/services/agent-process.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { freeTcpPort } from '../kit/services/free-port.ts'
import { MOSQUITTO_PROGRAMS, type Mosquitto, startMosquitto } from '../kit/services/mosquitto.ts'
import { type Pymodbus, startPymodbus } from '../kit/services/pymodbus.ts'
import { missingProgram, missingPythonModule } from '../kit/services/require-program.ts'
import { type ServerProcess, startServerProcess } from '../kit/services/server-process.ts'

const missing = missingProgram(MOSQUITTO_PROGRAMS, 'mosquitto') ?? missingPythonModule('pymodbus', 'python3-pymodbus')
const POINTS = [
  { key: 'temperature', kind: 'temperature', type: 'input', register: 1, dataType: 'int16', scale: 0.1 },
  { key: 'humidity', kind: 'humidity', type: 'input', register: 2, scale: 0.1 },
]
const ROOM = '中心机房'

/** Server, mosquitto, agent and two Modbus devices, each a process of its own. The tests build on each other. */
describe.skipIf(missing !== undefined)(
  `settings of devices, and devices that go away${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    let mosquitto: Mosquitto
    let server: ServerProcess
    let agent: AgentProcess
    let probe: Pymodbus
    let neighbour: Pymodbus
    let probePort: number
    let probeId: number
    let temperatureId: number

    const detail = () => server.get<DeviceDetail>(`/api/devices/${probeId}`)
    const temperature = async (): Promise<Point> => {
      const point = (await detail()).device.points.find(({ id }) => id === temperatureId)
      if (!point) throw new Error('no temperature')
      return point
    }
    const room = async (): Promise<RoomOverview & { deviceList: Device[] }> => {
      const found = (await server.get<RoomOverview[]>('/api/rooms')).find(({ name }) => name === ROOM)
      return server.get(`/api/rooms/${found?.id}`)
    }
    const openAlarms = () => server.get<Alarm[]>('/api/alarms')
    /** An absent device is asked again after up to a minute. */
    const reads = (value: number, deadlineMs = 20_000) =>
      waitFor(`the temperature is ${value}`, deadlineMs, async () => {
        const point = await temperature()
        return point.value === value && point.quality === 'good' ? point : undefined
      })
    const settled = () =>
      waitFor('the agent has the settings', 40_000, async () => ((await detail()).settings.state === 'confirmed' ? true : undefined))
    const calibrate = async (correction: object) =>
      server.send<DeviceDetail>('PUT', `/api/points/${temperatureId}/calibration`, {
        revision: (await detail()).revision,
        correction,
        reference: 'HMP77 no. 12',
      })
    const startProbe = async () => {
      probe = await startPymodbus({ port: probePort })
      await probe.set('input', 1, [240, 451])
    }

    beforeAll(async () => {
      probePort = await freeTcpPort()
      ;[mosquitto, neighbour] = await Promise.all([startMosquitto(), startPymodbus(), startProbe()])
      await neighbour.set('input', 1, [226, 451])
      server = await startServerProcess({ env: { ROOMKEEPER_MQTT_URL: mosquitto.adminUrl } })
      const device = (id: string, port: number) => ({
        id,
        driver: 'modbus',
        room: ROOM,
        intervalMs: 500,
        host: '127.0.0.1',
        port,
        points: POINTS,
      })
      agent = await startAgentProcess({
        site: '本院',
        node: 'a1',
        mqttUrl: mosquitto.url,
        credential: await issueCredential(server, '本院', 'a1'),
        devices: [device('probe', probePort), device('neighbour', neighbour.port)],
      })
    }, 90_000)
    afterAll(async () => {
      await agent?.dispose()
      await server?.dispose()
      await Promise.all([probe?.stop(), neighbour?.stop(), mosquitto?.dispose()])
    })
    afterEach(({ task }) => {
      if (task.result?.state === 'fail') console.log(`── server\n${server?.output()}\n── agent\n${agent?.output()}`)
    })

    it('born devices are new; a person names one, places it and confirms it', async () => {
      const fresh = await waitFor('both devices are there', 40_000, async () => {
        const found = await server.get<DeviceSummary[]>('/api/devices?scope=new')
        return found.length === 2 ? found : undefined
      })
      probeId = fresh.find(({ path }) => path === '本院/a1/probe')?.id as number
      const { device, revision, settings } = await waitFor('the settings it has are known', 30_000, async () => {
        const now = await detail()
        return now.settings.ownIntervalMs === null ? undefined : now
      })
      expect(settings).toMatchObject({ state: 'none', intervalMs: null, ownIntervalMs: 500 })
      temperatureId = device.points.find(({ key }) => key === 'temperature')?.id as number
      await server.send('PUT', `/api/devices/${probeId}`, { revision, name: '机柜 3', nameEn: 'Rack 3', confirm: true })
      expect(await server.get<DeviceSummary[]>('/api/devices?scope=new')).toHaveLength(1)
      await reads(24)
    })

    it('a calibration by a reference instrument changes what is read, and is shown at the value', async () => {
      await calibrate({ shows: 23.4 })
      await reads(23.4)
      await settled()
      const [shown] = (await room()).deviceList.filter(({ id }) => id === probeId)
      expect(shown).toMatchObject({ name: '机柜 3', isNew: false })
      expect(shown?.points.find(({ id }) => id === temperatureId)?.calibration).toMatchObject({ offset: -0.6, by: expect.any(String) })
    })

    it('the agent keeps it over its restart', async () => {
      await agent.stop('SIGKILL')
      await probe.set('input', 1, [250, 451])
      await agent.start()
      await reads(24.4)
      expect((await detail()).settings.state).toBe('confirmed')
    })

    it('what is set while the agent is away is applied at its return', async () => {
      await agent.stop()
      await waitFor('the device is offline', 40_000, async () => ((await detail()).device.online ? undefined : true))
      await calibrate({ offset: 1 })
      const { revision } = await detail()
      await server.send('PUT', `/api/devices/${probeId}`, { revision, intervalMs: 1000 })
      expect((await detail()).settings).toMatchObject({ state: 'waiting', intervalMs: 1000 })
      await agent.start()
      await reads(26)
      await settled()
      expect(await temperature()).toMatchObject({ intervalMs: 1000, calibration: { offset: 1 } })
      const { settings, history } = await detail()
      expect(settings.ownIntervalMs).toBe(500)
      expect(history.map(({ change, value }) => [change, value])).toEqual([
        ['interval', 1000],
        ['calibration', 1],
        ['calibration', -0.6],
      ])
    })

    it('a device that goes away is one alarm; what stands at its points stands on, its value unknown', async () => {
      const limits = [
        { condition: 'high', value: 30, priority: 'high' },
        { condition: 'no-data', priority: 'medium' },
      ]
      await server.send('PUT', '/api/limit-sets', {
        target: { scope: 'point', pointId: temperatureId },
        limits,
        reason: 'test',
        basedOn: 0,
      })
      await probe.set('input', 1, [310, 451])
      await waitFor('the temperature alarm stands', 40_000, async () => (await openAlarms()).find(({ condition }) => condition === 'high'))
      await probe.stop()
      await waitFor('the device alarm stands', 60_000, async () =>
        (await openAlarms()).find(({ condition }) => condition === 'device-offline'),
      )
      const alarms = (await openAlarms()).filter(({ deviceId }) => deviceId === probeId)
      expect(alarms.map(({ condition, state }) => [condition, state]).sort()).toEqual([
        ['device-offline', 'UNACK'],
        ['high', 'UNACK'],
      ])
      const high = alarms.find(({ condition }) => condition === 'high')
      expect(high?.valueUnknown).toMatchObject({ cause: 'device-offline' })
      expect(alarms.find(({ condition }) => condition === 'device-offline')?.suppresses).toMatchObject({ devices: 0, points: 3 })
      expect(await temperature()).toMatchObject({ quality: 'stale', value: 32 })
    }, 90_000)

    it('stays so over a restart of the server', async () => {
      await server.stop()
      await server.start()
      await waitFor('the neighbour is read', 40_000, async () => {
        const other = (await room()).deviceList.find(({ id }) => id !== probeId)
        return other?.points.every(({ quality }) => quality === 'good') ? true : undefined
      })
      // Longer than the silence that would raise no-data.
      const untilMs = Date.now() + 20_000
      await waitFor('twenty seconds have passed', 25_000, async () => (Date.now() > untilMs ? true : undefined))
      const alarms = (await openAlarms()).filter(({ deviceId }) => deviceId === probeId)
      expect(alarms.map(({ condition, state }) => [condition, state]).sort()).toEqual([
        ['device-offline', 'UNACK'],
        ['high', 'UNACK'],
      ])
      expect((await server.get<Alarm[]>('/api/alarms?scope=all')).filter(({ condition }) => condition === 'no-data')).toEqual([])
    })

    it('the device comes back: its alarm clears by a reading, and the temperature is judged again', async () => {
      await startProbe()
      await reads(25, 90_000)
      const alarms = await waitFor('both have returned', 30_000, async () => {
        const own = (await openAlarms()).filter(({ deviceId }) => deviceId === probeId)
        return own.every(({ state }) => state === 'RTNUN') ? own : undefined
      })
      expect(alarms.map(({ condition }) => condition).sort()).toEqual(['device-offline', 'high'])
      expect(alarms.every(({ valueUnknown }) => valueUnknown === null)).toBe(true)
    }, 150_000)

    it('an excursion while nothing came through becomes an alarm marked late', async () => {
      await mosquitto.stop()
      await probe.set('input', 1, [330, 451])
      await waitFor('the agent has read it', 40_000, async () => ((await probe.countRequests()) > 0 ? true : undefined))
      const untilMs = Date.now() + 4000
      await waitFor('four seconds have passed', 8000, async () => (Date.now() > untilMs ? true : undefined))
      await probe.set('input', 1, [240, 451])
      const normalMs = Date.now() + 4000
      await waitFor('four seconds have passed', 8000, async () => (Date.now() > normalMs ? true : undefined))
      await mosquitto.start()
      const late = await waitFor('the excursion is an alarm', 60_000, async () =>
        (await server.get<Alarm[]>('/api/alarms?scope=all')).find(
          ({ pointId, condition, late: isLate }) => pointId === temperatureId && condition === 'high' && isLate,
        ),
      )
      expect(late).toMatchObject({ pointId: temperatureId, state: 'RTNUN', value: 34 })
      expect(late.raisedAtMs).toBeLessThan(normalMs)
      await reads(25)
    }, 120_000)
  },
)
