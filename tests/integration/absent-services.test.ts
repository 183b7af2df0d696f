import type { Alarm, RoomOverview } from '@roomkeeper/shared/http'
import { InfluxDB } from 'influx'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type AgentProcess, issueCredential, startAgentProcess } from '../kit/services/agent-process.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { INFLUXD_PATH, type Influxd, startInfluxd } from '../kit/services/influxd.ts'
import { MOSQUITTO_PROGRAMS, type Mosquitto, startMosquitto } from '../kit/services/mosquitto.ts'
import { missingProgram } from '../kit/services/require-program.ts'
import { type ServerProcess, startServerProcess } from '../kit/services/server-process.ts'
import { startUpsd, UPSD_PROGRAMS, type Upsd } from '../kit/services/upsd.ts'

const missing =
  missingProgram([INFLUXD_PATH], 'influxdb') ??
  missingProgram(MOSQUITTO_PROGRAMS, 'mosquitto') ??
  missingProgram(UPSD_PROGRAMS, 'nut-server')
const MAINS = 'ups.status: OL\ninput.voltage: 229.8\nbattery.charge: 100\n'

/** The server is started while its broker and its InfluxDB are both away; they come one after the other. A story: each test builds on the last. */
describe.skipIf(missing !== undefined)(`started before its services${missing === undefined ? '' : ` (${missing})`}`, () => {
  let mosquitto: Mosquitto
  let influxd: Influxd
  let upsd: Upsd
  let server: ServerProcess
  let agent: AgentProcess | undefined

  const parts = async () => (await server.get<{ parts: Record<string, { ok: boolean; message: string }> }>('/api/system')).parts
  const upsStatus = async () => (await server.get<RoomOverview[]>('/api/rooms'))[0]?.leading.find(({ kind }) => kind === 'ups-status')

  beforeAll(async () => {
    ;[mosquitto, influxd, upsd] = await Promise.all([startMosquitto(), startInfluxd(), startUpsd({ upses: { ups1: { dev: MAINS } } })])
    await Promise.all([mosquitto.stop(), influxd.stop()])
    server = await startServerProcess({
      env: { ROOMKEEPER_MQTT_URL: mosquitto.adminUrl, ROOMKEEPER_INFLUX_URL: influxd.url, ROOMKEEPER_INFLUX_VERSION: '1' },
    })
  })
  afterAll(async () => {
    await agent?.dispose()
    await server?.dispose()
    await Promise.all([mosquitto?.dispose(), influxd?.dispose(), upsd?.stop()])
  })
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') console.log(`── server\n${server?.output()}\n── agent\n${agent?.output()}`)
  })

  it('it runs, answers, and says which part is missing; credentials wait for the broker', async () => {
    expect((await fetch(`${server.url}/healthz`)).status).toBe(503)
    const { broker, readings, database } = await parts()
    expect(database).toMatchObject({ ok: true })
    expect(broker).toMatchObject({ ok: false, message: expect.stringContaining('ECONNREFUSED') })
    expect(readings).toMatchObject({ ok: false, message: expect.stringContaining(influxd.url) })
    await expect(issueCredential(server, '本院', 'a1')).rejects.toThrow(/not done by the MQTT broker.*ECONNREFUSED/)
  })

  it('the broker comes: readings are live and alarms work without any store', async () => {
    await mosquitto.start()
    await waitFor('the broker is found', 40_000, async () => ((await parts()).broker?.ok ? true : undefined))
    agent = await startAgentProcess({
      site: '本院',
      node: 'a1',
      mqttUrl: mosquitto.url,
      credential: await issueCredential(server, '本院', 'a1'),
      devices: [{ id: 'ups-1', driver: 'nut', room: '中心机房', intervalMs: 500, host: '127.0.0.1', port: upsd.port }],
    })
    await waitFor('readings are live', 40_000, async () => ((await upsStatus())?.value === 'OL' ? true : undefined))
    await upsd.play('ups1', MAINS.replace('OL', 'OB DISCHRG'))
    const alarm = await waitFor('the alarm and its incident', 30_000, async () =>
      (await server.get<Alarm[]>('/api/alarms')).find(({ condition, incidentId }) => condition === 'state' && incidentId !== null),
    )
    expect(alarm.late).toBe(false)
    expect((await parts()).readings?.ok).toBe(false)
    const [row] = await server.get<{ committedOffset: number | null }[]>('/api/agents')
    expect(row?.committedOffset ?? 0).toBe(0)
  })

  it('the server may be killed meanwhile: the agent still has every reading', async () => {
    await server.stop('SIGKILL')
    await server.start()
    await waitFor('readings are live again', 30_000, async () => ((await upsStatus())?.quality === 'good' ? true : undefined))
  })

  it('InfluxDB comes: what was read before is stored, once, and committed', async () => {
    await influxd.start()
    await waitFor('the store is found', 40_000, async () => ((await parts()).readings?.ok ? true : undefined))
    await waitFor('the readings are committed', 30_000, async () => {
      const [row] = await server.get<{ committedOffset: number | null }[]>('/api/agents')
      return (row?.committedOffset ?? 0) > 20 ? true : undefined
    })
    const influx = new InfluxDB({ host: '127.0.0.1', port: influxd.port, database: 'roomkeeper' })
    const rows = await influx.query<{ place: number; status: string }>(
      `SELECT "log:offset" AS place, "ups.status:text" AS status FROM reading WHERE device = 'ups-1' ORDER BY time`,
    )
    const offsets = rows.map(({ place }) => place)
    expect(offsets).toEqual(Array.from({ length: offsets.length }, (_, index) => index + 1))
    expect(rows.map(({ status }) => status).filter((status, index, all) => status !== all[index - 1])).toEqual(['OL', 'OB DISCHRG'])
    const alarms = await server.get<Alarm[]>('/api/alarms?scope=all')
    expect(alarms.filter(({ condition }) => condition === 'state')).toHaveLength(1)
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
  })
})
