import type { MqttDeviceOptions } from '../options.ts'
import { esphomeFormat } from './esphome.ts'
import type { DeviceFormat } from './format.ts'
import { homeAssistantFormat } from './home-assistant.ts'
import { ownPointsFormat } from './own-points.ts'
import { shellyFormat } from './shelly.ts'
import { tasmotaFormat } from './tasmota.ts'
import { zigbee2mqttFormat } from './zigbee2mqtt.ts'

/** The format that agent.yaml names. */
export function createFormat(options: MqttDeviceOptions): DeviceFormat {
  switch (options.format) {
    case 'tasmota':
      return tasmotaFormat(options)
    case 'zigbee2mqtt':
      return zigbee2mqttFormat(options)
    case 'shelly':
      return shellyFormat(options)
    case 'esphome':
      return esphomeFormat(options)
    case 'home-assistant':
      return homeAssistantFormat(options)
    case 'json':
    case 'value':
      return ownPointsFormat(options)
  }
}
