import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { loadAgentConfig } from '../../agent/src/config/index.ts'
import { DRIVERS } from '../../agent/src/drivers/index.ts'
import { freeTcpPort } from '../kit/services/free-port.ts'
import { MOSQUITTO_PROGRAMS, type Mosquitto, startMosquitto } from '../kit/services/mosquitto.ts'
import { MOSQUITTO_PUB_PROGRAMS, mosquittoPub } from '../kit/services/mosquitto-pub.ts'
import { missingProgram } from '../kit/services/require-program.ts'

const AGENT_CLI = fileURLToPath(new URL('../../agent/src/cli.ts', import.meta.url))
const missing = missingProgram(MOSQUITTO_PROGRAMS, 'mosquitto') ?? missingProgram(MOSQUITTO_PUB_PROGRAMS, 'mosquitto-clients')
const TOP = { site: '东院', node: 'agent-1', mqtt: { url: 'mqtt://127.0.0.1:1' }, dataDir: 'data' }

interface Ended {
  status: number | null
  stdout: string
  stderr: string
}

describe.skipIf(missing !== undefined)(`mqtt:// at a real mosquitto${missing === undefined ? '' : ` (${missing})`}`, () => {
  let broker: Mosquitto
  let dir: string
  beforeAll(async () => {
    broker = await startMosquitto({ dynamicSecurity: false })
    dir = await mkdtemp(join(tmpdir(), 'roomkeeper-mqtt-'))
  })
  afterAll(async () => {
    await broker?.dispose()
    await rm(dir, { recursive: true, force: true })
  })
  const pub = (topic: string, payload: string | Record<string, unknown>, retain = false): Promise<void> =>
    mosquittoPub(broker.port, topic, payload, retain)

  function agent(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
    return new Promise((resolve) => {
      const options = { cwd: dir, timeout: 40_000, env: { PATH: process.env.PATH, ...env } }
      const child = execFile(process.execPath, [AGENT_CLI, ...args], options, (_error, stdout, stderr) =>
        resolve({ status: child.exitCode, stdout, stderr }),
      )
    })
  }

  it('discover lists what it hears, each device once, with a block that loads', async () => {
    const device = { ids: 'esp7', name: 'Cold aisle' }
    await pub('tele/rack3/LWT', 'Online', true)
    await pub('zigbee2mqtt/floor/leak', { water_leak: false, battery: 90 }, true)
    await pub('zigbee2mqtt/bridge/state', 'online', true)
    await pub(
      'homeassistant/binary_sensor/0x1/leak/config',
      { stat_t: 'zigbee2mqtt/floor/leak', dev_cla: 'moisture', val_tpl: '{{ value_json.water_leak }}', dev: { ids: 'zigbee2mqtt_0x1' } },
      true,
    )
    await pub(
      'homeassistant/sensor/aisle/inlet/config',
      { '~': 'aisle', stat_t: '~/sensor/inlet/state', unit_of_meas: '°C', dev: device },
      true,
    )
    await pub('aisle/sensor/inlet/state', '21.9', true)
    await pub('aisle/status', 'online', true)
    const url = `mqtt://reader@127.0.0.1:${broker.port}`
    const discovering = agent(['discover', url, '--timeout-ms', '2500'], { ROOMKEEPER_MQTT_PASSWORD: 'geheim' })
    // Nothing of these two is kept at the broker: they are heard when they report.
    const report = setInterval(() => {
      void pub('tele/rack3/SENSOR', { Time: '2019-01-01T00:00:00', AM2301: { Temperature: 24.6, Humidity: 58.2 }, TempUnit: 'C' })
      void pub('shellyplusht-1/events/rpc', {
        src: 'shellyplusht-1',
        method: 'NotifyFullStatus',
        params: { 'temperature:0': { tC: 19.8 } },
      })
    }, 500)
    const { status, stdout, stderr } = await discovering.finally(() => clearInterval(report))
    expect(status, stderr).toBe(0)
    expect(stderr).toMatch(/listening for 5 s/)
    expect(stdout + stderr).not.toContain('geheim')
    expect(stdout).toMatch(/# +AM2301\.Temperature +温度 temperature +24\.6 ℃ +良好 good/)
    expect(stdout).toMatch(/# +inlet +温度 temperature +21\.9 ℃ +未更新 stale/)
    expect(stdout).toMatch(/# +water_leak .*正常 · normal +未更新 stale/)

    const file = join(dir, 'printed.yaml')
    await writeFile(file, `${stringify(TOP)}devices:\n${stdout}`)
    const config = loadAgentConfig({ path: file, env: {}, drivers: DRIVERS })
    expect(config.invalidDevices).toEqual([])
    const common = { url: `mqtt://127.0.0.1:${broker.port}`, username: 'reader', passwordEnv: 'ROOMKEEPER_MQTT_PASSWORD' }
    expect(config.devices.map(({ id, driver, options }) => ({ id, driver, options })).sort((a, b) => (a.id < b.id ? -1 : 1))).toMatchObject(
      [
        { id: 'esp7', driver: 'mqtt-device', options: { ...common, format: 'home-assistant', device: 'esp7' } },
        { id: 'floor-leak', options: { ...common, format: 'zigbee2mqtt', device: 'floor/leak' } },
        { id: 'rack3', options: { ...common, format: 'tasmota', topic: 'rack3' } },
        { id: 'shellyplusht-1', options: { ...common, format: 'shelly', prefix: 'shellyplusht-1' } },
      ],
    )
    expect(parse(`devices:\n${stdout}`)).toMatchObject({ devices: { length: 4 } })
  })

  it('read needs the format, and shows what did not come anew as stale', async () => {
    const url = `mqtt://127.0.0.1:${broker.port}`
    expect(await agent(['read', url])).toMatchObject({ status: 2, stderr: expect.stringContaining('?format=') })
    const { status, stdout } = await agent(['read', `${url}?format=zigbee2mqtt&device=floor%2Fleak`, '--json', '--timeout-ms', '700'])
    expect(status).toBe(0)
    const { points } = JSON.parse(stdout) as { points: Record<string, unknown>[] }
    expect(points).toMatchObject([
      { key: 'battery', value: null, quality: 'stale' },
      { key: 'water_leak', value: null, quality: 'stale' },
    ])
  })

  it('says so when nothing is there', async () => {
    const empty = await startMosquitto({ dynamicSecurity: false })
    try {
      expect(await agent(['discover', `mqtt://127.0.0.1:${empty.port}`, '--timeout-ms', '500'])).toMatchObject({
        status: 1,
        stderr: expect.stringContaining('no device of a known format'),
      })
    } finally {
      await empty.dispose()
    }
    const away = await agent(['discover', `mqtt://127.0.0.1:${await freeTcpPort()}`, '--timeout-ms', '500'])
    expect(away).toMatchObject({ status: 1, stderr: expect.stringContaining('unreachable:') })
    expect(await agent(['discover', 'mqtt://reader:secret@127.0.0.1'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('ROOMKEEPER_MQTT_PASSWORD'),
    })
  })
})
