import { setTimeout as delay } from 'node:timers/promises'
import pino from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { freshOf, keysOf, mqttDeviceBench, NEVER } from '../kit/agent/mqtt-device-bench.ts'
import { MOSQUITTO_PROGRAMS, type Mosquitto, startMosquitto } from '../kit/services/mosquitto.ts'
import { MOSQUITTO_PUB_PROGRAMS, mosquittoPub } from '../kit/services/mosquitto-pub.ts'
import { missingProgram } from '../kit/services/require-program.ts'

const missing = missingProgram(MOSQUITTO_PROGRAMS, 'mosquitto') ?? missingProgram(MOSQUITTO_PUB_PROGRAMS, 'mosquitto-clients')

/** tasmota.github.io/docs, DS18x20, in the form with Id. */
const PROBES =
  '{"Time":"2019-01-01T00:00:00","DS18B20-1":{"Id":"000008D3C1F0","Temperature":21.5},"DS18B20-2":{"Id":"000008D3C200","Temperature":23},"TempUnit":"C"}'
/** zigbee2mqtt.io, MQTT Topics and Messages. */
const ZIGBEE = { temperature: 27.34, humidity: 44.72 }
/** shelly-api-docs.shelly.cloud, gen2: NotifyFullStatus of a Plus H&T. */
const SHELLY = {
  src: 'shellyplusht-b8d61a8b17cc',
  dst: 'shellyplusht-b8d61a8b17cc/events',
  method: 'NotifyFullStatus',
  params: {
    ts: 1680962879.62,
    'devicepower:0': { id: 0, battery: { V: 5.43, percent: 81 }, external: { present: false } },
    'humidity:0': { id: 0, rh: 42.2 },
    sys: { mac: 'B8D61A8B17CC', wakeup_period: 600 },
    'temperature:0': { id: 0, tC: 19.8, tF: 67.6 },
  },
}

const { open, closeAll } = mqttDeviceBench()

describe.skipIf(missing !== undefined)(`formats of mqtt-device against mosquitto${missing === undefined ? '' : ` (${missing})`}`, () => {
  let broker: Mosquitto
  beforeAll(async () => {
    broker = await startMosquitto({ dynamicSecurity: false })
  })
  afterEach(closeAll)
  afterAll(async () => broker?.dispose(), 20_000)
  const pub = (topic: string, payload: string | Record<string, unknown>, retain = false): Promise<void> =>
    mosquittoPub(broker.port, topic, payload, retain)

  it('knows probes by their Id, wherever they are in the list', async () => {
    await pub('tele/probes/SENSOR', PROBES, true)
    const connection = await open({ url: broker.url, format: 'tasmota', topic: 'probes' })
    expect(await keysOf(connection)).toEqual(['DS18B20-000008D3C1F0.Temperature', 'DS18B20-000008D3C200.Temperature'])
    await pub(
      'tele/probes/SENSOR',
      PROBES.replace('000008D3C1F0', 'X').replace('000008D3C200', '000008D3C1F0').replace('X', '000008D3C200'),
    )
    expect(await freshOf(connection)).toEqual({ 'DS18B20-000008D3C1F0.Temperature': 23, 'DS18B20-000008D3C200.Temperature': 21.5 })
  })

  it('reads Zigbee2MQTT and its availability in both forms', async () => {
    await pub('zigbee2mqtt/bridge/state', { state: 'online' }, true)
    await pub('zigbee2mqtt/air', ZIGBEE, true)
    const connection = await open({ url: broker.url, format: 'zigbee2mqtt', device: 'air' })
    expect((await connection.describe()).points).toMatchObject([{ key: 'humidity' }, { key: 'temperature', reportsWithinMs: 3_600_000 }])
    await pub('zigbee2mqtt/air', { ...ZIGBEE, last_seen: '2024-01-01T00:00:00Z' })
    expect(await freshOf(connection)).toEqual({ temperature: 27.34, humidity: 44.72 })
    await pub('zigbee2mqtt/air/availability', { state: 'offline' }, true)
    await vi.waitFor(() => expect(connection.read(NEVER)).rejects.toMatchObject({ kind: 'unreachable' }), 20_000)
    await pub('zigbee2mqtt/air/availability', 'online', true)
    await vi.waitFor(() => connection.read(NEVER), 20_000)
    await pub('zigbee2mqtt/bridge/state', 'offline', true)
    await vi.waitFor(() => expect(connection.read(NEVER)).rejects.toMatchObject({ kind: 'unreachable' }), 20_000)
  })

  it('lays the notifications of a Shelly over its status, and lets one that sleeps be offline', async () => {
    const prefix = 'shellyplusht-b8d61a8b17cc'
    const connection = await open({ url: broker.url, format: 'shelly', prefix })
    const described = connection.describe()
    await delay(300)
    await pub(`${prefix}/events/rpc`, SHELLY)
    expect((await described).points).toMatchObject([
      { key: 'devicepower:0.battery.V', kind: 'battery-voltage' },
      { key: 'devicepower:0.battery.percent', kind: 'battery-charge' },
      { key: 'humidity:0.rh', kind: 'humidity' },
      { key: 'temperature:0.tC', kind: 'temperature', reportsWithinMs: 600_000 },
    ])
    await connection.read(NEVER)
    await pub(`${prefix}/online`, 'false', true)
    await pub(`${prefix}/events/rpc`, {
      ...SHELLY,
      method: 'NotifyStatus',
      params: { ts: 1680962999, 'temperature:0': { id: 0, tC: 20.1 }, 'flood:0': { id: 0, alarm: true } },
    })
    const values = await freshOf(connection)
    expect(values).toMatchObject({ 'temperature:0.tC': 20.1, 'humidity:0.rh': 42.2, 'flood:0.alarm': true })
  })

  it('reads what ESPHome keeps only when it comes anew', async () => {
    await pub('aisle/status', 'online', true)
    await pub('aisle/sensor/inlet_temperature/state', '22.4', true)
    await pub('aisle/sensor/rope/state', '0', true)
    await pub('aisle/binary_sensor/floor_leak/state', 'OFF', true)
    await pub('aisle/sensor/wifi_signal/state', '-60', true)
    const connection = await open({ url: broker.url, format: 'esphome', prefix: 'aisle', kinds: { rope: 'leak' } })
    expect((await connection.describe()).points).toMatchObject([
      { key: 'floor_leak', kind: 'leak', reportsWithinMs: 86_400_000 },
      { key: 'inlet_temperature', kind: 'temperature', reportsWithinMs: 300_000 },
      { key: 'rope', kind: 'leak' },
    ])
    expect(await connection.read(NEVER)).toEqual([])
    await pub('aisle/binary_sensor/floor_leak/state', 'ON', true)
    expect(await freshOf(connection)).toEqual({ floor_leak: true })
    await pub('aisle/sensor/inlet_temperature/state', 'nan', true)
    expect(await freshOf(connection)).toEqual({ inlet_temperature: 'not-a-number' })
    await pub('aisle/status', 'offline', true)
    await vi.waitFor(() => expect(connection.read(NEVER)).rejects.toMatchObject({ kind: 'unreachable' }), 20_000)
  })

  it('reads the entities of a device from its Home Assistant configurations', async () => {
    const device = { ids: ['node-7'], name: 'Cold aisle', mf: 'Contoso', mdl: 'N7' }
    const base = { '~': 'lab/node7', avty_t: '~/status', dev: device }
    const t = {
      ...base,
      name: 'Temperature',
      dev_cla: 'temperature',
      unit_of_meas: '°F',
      stat_t: '~/state',
      val_tpl: '{{ value_json.temperature | float }}',
      exp_aft: 120,
    }
    const h = {
      ...base,
      name: 'Humidity',
      device_class: 'humidity',
      unit_of_measurement: '%',
      state_topic: '~/state',
      value_template: "{{ value_json['humidity'] }}",
    }
    const odd = { ...base, dev_cla: 'temperature', unit_of_meas: '°C', stat_t: '~/state', val_tpl: '{% if value_json.x %}1{% endif %}' }
    const leak = { ...base, dev_cla: 'moisture', stat_t: '~/leak', pl_on: 'WET', pl_off: 'DRY' }
    await pub('homeassistant/sensor/node7/temperature/config', t, true)
    await pub('homeassistant/sensor/node7/humidity/config', h, true)
    await pub('homeassistant/sensor/node7/odd/config', odd, true)
    await pub('homeassistant/binary_sensor/node7/leak/config', leak, true)
    await pub('homeassistant/sensor/other/temperature/config', { ...t, dev: { ids: 'another' } }, true)
    await pub('lab/node7/status', 'online', true)
    const said: unknown[] = []
    const log = pino({ level: 'warn' }, { write: (line: string) => said.push(JSON.parse(line)) })
    const connection = await open({ url: broker.url, format: 'home-assistant', device: 'Cold aisle' }, { log })
    expect(await connection.describe()).toMatchObject({
      maker: 'Contoso',
      model: 'N7',
      points: [
        { key: 'humidity', kind: 'humidity', unit: '%', reportsWithinMs: 3_600_000 },
        { key: 'leak', kind: 'leak' },
        { key: 'temperature', kind: 'temperature', unit: 'Cel', reportsWithinMs: 120_000 },
      ],
    })
    expect(said).toMatchObject([{ topic: 'homeassistant/sensor/node7/odd/config', problem: expect.stringContaining('{% if') }])
    await pub('lab/node7/state', { temperature: '68.5', humidity: 43.7 })
    expect(await freshOf(connection)).toEqual({ temperature: 20.277778, humidity: 43.7 })
    await pub('lab/node7/leak', 'WET')
    expect(await freshOf(connection)).toEqual({ leak: true })
    await pub('homeassistant/sensor/node7/humidity/config', '', true)
    await vi.waitFor(() => expect(connection.isDescriptionStale).toBe(true), 20_000)
    expect(await keysOf(connection)).toEqual(['leak', 'temperature'])
    await pub('lab/node7/status', 'offline', true)
    await vi.waitFor(() => expect(connection.read(NEVER)).rejects.toMatchObject({ kind: 'unreachable' }), 20_000)
  })

  it('reads topics of one’s own, and says once what is no value', async () => {
    const said: unknown[] = []
    const log = pino({ level: 'warn' }, { write: (line: string) => said.push(JSON.parse(line)) })
    const points = [
      { key: 'supply', kind: 'temperature', topic: 'crac/state', path: 'supply.t', scale: 0.1 },
      { key: 'fault', kind: 'cooling-fault', topic: 'crac/state', path: 'alarms[0]', badWhen: [1], wellWhen: [0] },
    ]
    const availability = { topic: 'crac/online', online: '1', offline: '0' }
    const connection = await open({ url: broker.url, format: 'json', points, availability }, { log })
    await pub('crac/online', '1', true)
    await pub('crac/state', '{"supply":{"t":"181"},"alarms":[0]}', true)
    await connection.describe()
    await pub('crac/state', '{"supply":{"t":"182"},"alarms":[1]}')
    expect(await freshOf(connection)).toEqual({ supply: 18.2, fault: true })
    await pub('crac/state', '{"supply":{},"alarms":["?"]}')
    expect(await freshOf(connection)).toEqual({ supply: 'sensor-error', fault: 'sensor-error' })
    await pub('crac/state', 'garbage')
    expect(await freshOf(connection)).toEqual({ supply: 'sensor-error', fault: 'sensor-error' })
    await pub('crac/state', 'more garbage')
    expect(await freshOf(connection)).toEqual({ supply: 'sensor-error', fault: 'sensor-error' })
    expect(said).toMatchObject([{ topic: 'crac/state', problem: expect.stringContaining('not JSON') }])
    await pub('crac/online', '0', true)
    await vi.waitFor(() => expect(connection.read(NEVER)).rejects.toMatchObject({ kind: 'unreachable' }), 20_000)

    const plain = await open({
      url: broker.url,
      format: 'value',
      points: [{ key: 'door', kind: 'door', topic: 'lab/door', badWhen: ['open'], wellWhen: ['closed'] }],
    })
    await pub('lab/door', 'closed', true)
    await plain.describe()
    for (const [payload, value] of [
      ['open', true],
      ['closed', false],
      ['unavailable', 'sensor-error'],
    ] as const) {
      await pub('lab/door', payload)
      expect(await freshOf(plain)).toEqual({ door: value })
    }
  })
})
