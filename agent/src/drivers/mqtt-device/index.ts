import type { Driver } from '../driver.ts'
import { type MqttDeviceOptions, mqttDeviceOptions } from './options.ts'

/** Devices of other makers that publish to a broker. */
export const mqttDeviceDriver: Driver<MqttDeviceOptions> = {
  name: 'mqtt-device',
  summary: {
    zh: '从 MQTT 服务器读取第三方设备：Tasmota、Zigbee2MQTT、Shelly、ESPHome、Home Assistant 自动发现，或自定义的 JSON 与数值主题。',
    en: 'Reads devices of other makers from a broker: Tasmota, Zigbee2MQTT, Shelly, ESPHome, Home Assistant discovery, or JSON and plain values of your own.',
  },
  options: mqttDeviceOptions,
  open: async (options, context) => (await import('./connection.ts')).openMqttDevice(options, context),
}
