import { describe, expect, it } from 'vitest'
import { tasmotaPoints } from '../../tasmota-sensors.ts'
import { DeviceMemory } from '../device-memory.ts'
import { mqttDeviceOptions } from '../options.ts'
import { sensorQuantity } from '../quantities.ts'
import { matchesTopic } from '../topic-filter.ts'
import { configTopic, entityConfigs } from './home-assistant-config.ts'
import { createFormat } from './index.ts'
import { overlaid } from './shelly.ts'
import { zigbeePoints } from './zigbee2mqtt.ts'

const memoryOf = (options: Record<string, unknown>): DeviceMemory =>
  new DeviceMemory(createFormat(mqttDeviceOptions.parse({ url: 'mqtt://h', ...options })))
const valuesOf = (points: readonly { reading: { key: string; value: unknown; bad?: string } }[]): Record<string, unknown> =>
  Object.fromEntries(points.map(({ reading: { key, value, bad } }) => [key, bad ?? value]))

describe('Tasmota', () => {
  it('gives °C and Pa whatever the device shows', () => {
    const points = tasmotaPoints({
      Time: '2022-09-06T08:52:59',
      SCD30: { CarbonDioxide: 814, eCO2: 787, Temperature: 71.8, Humidity: 61.6, DewPoint: 57.9 },
      BME280: { Temperature: 68, Humidity: 64.5, Pressure: 750 },
      PressureUnit: 'mmHg',
      TempUnit: 'F',
    })
    expect(valuesOf(points)).toEqual({
      'SCD30.CarbonDioxide': 814,
      'SCD30.eCO2': 787,
      'SCD30.Temperature': 22.111111,
      'SCD30.Humidity': 61.6,
      'SCD30.DewPoint': 14.388889,
      'BME280.Temperature': 20,
      'BME280.Humidity': 64.5,
      'BME280.Pressure': 99991.5,
    })
  })

  it('reads meters of one and of several channels, and keeps the chip apart from the room', () => {
    const meter = {
      TotalStartTime: '2022-03-20T15:20:48',
      Total: 514.153,
      Yesterday: 1.495,
      Power: 56,
      ApparentPower: 92,
      Factor: 0.61,
      Voltage: 234,
      Current: 0.392,
    }
    expect(valuesOf(tasmotaPoints({ ENERGY: meter }))).toEqual({
      'ENERGY.Total': 514.153,
      'ENERGY.Power': 56,
      'ENERGY.ApparentPower': 92,
      'ENERGY.Voltage': 234,
      'ENERGY.Current': 0.392,
    })
    const dual = tasmotaPoints({ ENERGY: { Power: [52, 5], Voltage: 235, BL09XX: { Temperature: 46.2 } }, ESP32: { Temperature: 51 } })
    expect(valuesOf(dual)).toEqual({
      'ENERGY.Power-1': 52,
      'ENERGY.Power-2': 5,
      'ENERGY.Voltage': 235,
      'ENERGY.BL09XX.Temperature': 46.2,
      'ESP32.Temperature': 51,
    })
    expect(dual.filter(({ description }) => description.kind === 'board-temperature')).toHaveLength(2)
    expect(dual.some(({ description }) => description.kind === 'temperature')).toBe(false)
  })

  it('marks a probe that fails', () => {
    expect(valuesOf(tasmotaPoints({ SI7021: { Temperature: null, Humidity: null } }))).toEqual({
      'SI7021.Temperature': 'sensor-error',
      'SI7021.Humidity': 'sensor-error',
    })
  })

  it('reads switches that are named as contacts, from both topics, and answers to commands not at all', () => {
    const memory = memoryOf({
      format: 'tasmota',
      topic: 't',
      fullTopic: 'home/%topic%/%prefix%/',
      contacts: { Switch1: { kind: 'leak', badWhen: 'OFF' } },
    })
    expect(memory.hear('home/t/tele/SENSOR', '{"Time":"x","Switch1":"ON","Switch2":"ON"}', false).problems).toEqual([])
    expect(memory.describe().points).toMatchObject([{ key: 'Switch1', kind: 'leak' }])
    expect(memory.takeFresh()).toEqual([{ key: 'Switch1', value: false }])
    memory.hear('home/t/stat/RESULT', '{"Switch1":{"Action":"OFF"}}', false)
    expect(memory.takeFresh()).toEqual([{ key: 'Switch1', value: true }])
    expect(memory.hear('home/t/stat/RESULT', '{"POWER":"ON"}', false)).toMatchObject({ isNews: false, problems: [] })
    expect(memory.hear('home/t/stat/RESULT', 'garbage', false)).toMatchObject({ isNews: false, problems: [] })
  })
})

describe('Zigbee2MQTT', () => {
  it('takes voltage for the battery’s in mV, or for the mains’', () => {
    expect(valuesOf(zigbeePoints({ battery: 97, voltage: 3015, water_leak: false, linkquality: 108 }, true))).toEqual({
      battery: 97,
      battery_voltage: 3.015,
      water_leak: false,
    })
    expect(valuesOf(zigbeePoints({ power: 42.5, voltage: 231, current: 0.19, energy: 12.3, state: 'ON' }, false))).toEqual({
      power: 42.5,
      voltage: 231,
      current: 0.19,
      energy: 12.3,
    })
  })

  it('has an open door as bad, channels apart, and hPa as Pa', () => {
    expect(
      valuesOf(
        zigbeePoints({ contact: true, power_l1: 1, power_l2: 2, pressure: 1013.2, temperature_unit: 'celsius', smoke: true }, false),
      ),
    ).toEqual({
      contact: false,
      power_l1: 1,
      power_l2: 2,
      pressure: 101320,
      smoke: true,
    })
  })
})

describe('Shelly', () => {
  it('lays a notification over what is known', () => {
    const status = { 'switch:0': { id: 0, output: false, apower: 1.2, aenergy: { total: 5, by_minute: [1, 2] } } }
    expect(overlaid(status, { ts: 1, 'switch:0': { apower: 3, aenergy: { by_minute: [3] } } })).toEqual({
      ts: 1,
      'switch:0': { id: 0, output: false, apower: 3, aenergy: { total: 5, by_minute: [3] } },
    })
    expect(overlaid({}, JSON.parse('{"__proto__":{"x":1}}') as Record<string, unknown>)).toEqual({})
  })

  it('forgets the status when messages may have been missed', () => {
    const memory = memoryOf({ format: 'shelly', prefix: 's' })
    const say = (method: string, params: unknown) => memory.hear('s/events/rpc', JSON.stringify({ method, params }), false)
    say('NotifyFullStatus', { 'temperature:0': { tC: 20 }, 'humidity:0': { rh: 40 } })
    memory.describe()
    memory.takeFresh()
    memory.lost()
    say('NotifyStatus', { 'temperature:0': { tC: 21 } })
    expect(memory.takeFresh()).toEqual([{ key: 'temperature:0.tC', value: 21 }])
    say('NotifyStatus', { 'temperature:0': { tC: null, errors: ['read'] } })
    expect(memory.takeFresh()).toEqual([{ key: 'temperature:0.tC', value: null, bad: 'sensor-error' }])
    expect(say('NotifyEvent', {}).isNews).toBe(false)
    expect(say('NotifyStatus', 7).problems).toEqual(['NotifyStatus without params'])
  })
})

describe('Home Assistant configurations', () => {
  it('finds the place in the topic', () => {
    expect(configTopic('homeassistant', 'homeassistant/sensor/garden/config')).toEqual({ component: 'sensor', objectId: 'garden' })
    expect(configTopic('a/b', 'a/b/sensor/node/garden/config')).toEqual({ component: 'sensor', node: 'node', objectId: 'garden' })
    for (const topic of ['homeassistant/sensor/config', 'homeassistant/a/b/c/d/config', 'other/sensor/x/config', 'homeassistant/status']) {
      expect(configTopic('homeassistant', topic), topic).toBeUndefined()
    }
  })

  it('knows all components of a device in one message', () => {
    const config = {
      '~': 'lab/1',
      dev: { ids: '0AFFD2', name: 'Sensor' },
      cmps: {
        t1: { p: 'sensor', dev_cla: 'temperature', unit_of_meas: '°C', val_tpl: '{{ value_json.t }}' },
        b1: { p: 'button', cmd_t: '~/set' },
      },
      stat_t: '~/state',
      avty: [{ t: '~/up' }, { t: 'bridge/up', pl_avail: 'yes' }],
      avty_mode: 'all',
    }
    expect(entityConfigs({ component: 'device', objectId: 'd' }, config)).toMatchObject([
      {
        component: 'sensor',
        objectId: 't1',
        stateTopic: 'lab/1/state',
        availability: [
          { topic: 'lab/1/up', available: 'online' },
          { topic: 'bridge/up', available: 'yes', notAvailable: 'offline' },
        ],
        availabilityMode: 'all',
        deviceNames: ['0AFFD2', 'Sensor', 'd'],
      },
    ])
  })

  it('holds an entity for absent as its mode says', () => {
    const entity = (mode: string) => ({
      stat_t: 's',
      dev_cla: 'moisture',
      dev: { ids: 'x' },
      avty: [{ t: 'a' }, { t: 'b' }],
      avty_mode: mode,
    })
    const isOffline = (mode: string): boolean => {
      const memory = memoryOf({ format: 'home-assistant', device: 'x' })
      memory.hear('homeassistant/binary_sensor/leak/config', JSON.stringify(entity(mode)), true)
      memory.hear('b', 'offline', true)
      memory.hear('a', 'online', true)
      return memory.isOffline
    }
    expect([isOffline('all'), isOffline('any'), isOffline('latest')]).toEqual([true, false, false])
  })

  it.each([
    ['temperature', '°F', { kind: 'temperature', unit: 'Cel' }],
    ['humidity', '%', { kind: 'humidity', unit: '%' }],
    ['battery', '%', { kind: 'battery-charge' }],
    ['voltage', 'mV', { kind: 'battery-voltage', scale: 0.001 }],
    ['power', 'kW', { kind: 'power', unit: 'W', scale: 1000 }],
    ['atmospheric_pressure', 'hPa', { kind: 'number', unit: 'Pa', scale: 100 }],
    [undefined, 'lqi', { kind: 'number', unit: '1' }],
  ])('%s in %s', (deviceClass, unit, quantity) => {
    expect(sensorQuantity(deviceClass, unit, false)).toMatchObject(quantity)
  })

  it('leaves out what has neither unit nor class', () => {
    expect(sensorQuantity(undefined, undefined, false)).toBeUndefined()
  })
})

describe('the memory of a device', () => {
  const PAYLOAD = '{"Time":"x","AM2301":{"Temperature":24.6}}'

  it('keeps a reading of a point that is not described yet', () => {
    const memory = memoryOf({ format: 'tasmota', topic: 't' })
    memory.hear('tele/t/SENSOR', PAYLOAD, true)
    expect(memory.isDescriptionStale).toBe(true)
    memory.describe()
    memory.hear('tele/t/SENSOR', '{"Time":"x","AM2301":{"Temperature":25},"SHT3X":{"Temperature":20}}', false)
    expect(memory.takeFresh()).toEqual([{ key: 'AM2301.Temperature', value: 25 }])
    expect(memory.isDescriptionStale).toBe(true)
    memory.describe()
    expect(memory.takeFresh()).toEqual([{ key: 'SHT3X.Temperature', value: 20 }])
  })

  it('keeps a short leak until it was read, and then its end', () => {
    const memory = memoryOf({ format: 'zigbee2mqtt', device: 'd' })
    const say = (leak: boolean) => memory.hear('zigbee2mqtt/d', JSON.stringify({ water_leak: leak }), false)
    say(false)
    memory.describe()
    say(true)
    say(false)
    expect(memory.takeFresh()).toEqual([{ key: 'water_leak', value: true }])
    expect(memory.hasFresh).toBe(true)
    expect(memory.takeFresh()).toEqual([{ key: 'water_leak', value: false }])
    expect(memory.hasFresh).toBe(false)
    for (const leak of [true, false, true]) say(leak)
    expect(memory.takeFresh()).toEqual([{ key: 'water_leak', value: true }])
    expect(memory.takeFresh()).toEqual([])
  })

  it('makes the points of a topic bad when its message is garbage, and no reading of kept garbage', () => {
    const memory = memoryOf({ format: 'tasmota', topic: 't' })
    memory.hear('tele/t/SENSOR', PAYLOAD, true)
    memory.describe()
    expect(memory.hear('tele/t/SENSOR', '{"Time":', true).isNews).toBe(false)
    expect(memory.takeFresh()).toEqual([])
    expect(memory.hear('tele/t/SENSOR', '[1]', false)).toMatchObject({ isNews: true, problems: ['no JSON object'] })
    expect(memory.takeFresh()).toEqual([{ key: 'AM2301.Temperature', value: null, bad: 'sensor-error' }])
  })

  it('holds who sends for present, and a kept message for no proof', () => {
    const memory = memoryOf({ format: 'tasmota', topic: 't' })
    memory.hear('tele/t/LWT', 'Offline', true)
    memory.hear('tele/t/SENSOR', PAYLOAD, true)
    expect(memory.isOffline).toBe(true)
    expect(memory.hear('tele/t/SENSOR', PAYLOAD, false).isNews).toBe(true)
    expect(memory.isOffline).toBe(false)
    expect(memory.hear('tele/t/LWT', 'Offline', false).isNews).toBe(true)
    expect(memory.isOffline).toBe(true)
  })
})

it.each([
  ['a/b', 'a/b', true],
  ['a/+', 'a/b', true],
  ['a/+', 'a/b/c', false],
  ['a/#', 'a/b/c', true],
  ['a/#', 'a', true],
  ['+/+', 'a', false],
  ['#', '$SYS/x', false],
  ['+/x', '$SYS/x', false],
])('the filter %s and the topic %s: %s', (filter, topic, matches) => {
  expect(matchesTopic(filter, topic)).toBe(matches)
})
