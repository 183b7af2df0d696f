import { isJsonObject } from '../drivers/json-path.ts'
import { DeviceMemory } from '../drivers/mqtt-device/device-memory.ts'
import { configTopic, entityConfigs } from '../drivers/mqtt-device/formats/home-assistant-config.ts'
import { createFormat } from '../drivers/mqtt-device/formats/index.ts'
import { type MqttDeviceOptions, mqttDeviceOptions } from '../drivers/mqtt-device/options.ts'
import { createPipeline } from '../pipeline/index.ts'
import type { DeviceSnapshot } from './read-device.ts'
import type { DeviceKeys } from './scheme.ts'

/** A message that was heard while listening. */
export interface HeardMessage {
  topic: string
  payload: string
  isRetained: boolean
}

const ZIGBEE = 'zigbee2mqtt'
const HOME_ASSISTANT = 'homeassistant'

/** What is listened to: the makes' own topics under their usual names, not everything the broker has. */
export const DISCOVERY_FILTERS: readonly string[] = [
  'tele/+/SENSOR',
  'tele/+/LWT',
  '+/tele/SENSOR',
  '+/tele/LWT',
  `${ZIGBEE}/+`,
  `${ZIGBEE}/+/+`,
  '+/events/rpc',
  '+/online',
  '+/status',
  '+/sensor/+/state',
  '+/binary_sensor/+/state',
  `${HOME_ASSISTANT}/+/+/config`,
  `${HOME_ASSISTANT}/+/+/+/config`,
]

interface Candidate {
  id: string
  keys: DeviceKeys
  /** Topics of its values: a device that is known by its own format is not listed again by its Home Assistant configuration. */
  stateTopics: readonly string[]
}

/** Topics of values that the configurations among the messages tell of; the broker is to be asked for them too. */
export function stateTopicsOf(messages: readonly HeardMessage[]): string[] {
  return homeAssistantCandidates(messages).flatMap(({ stateTopics }) => stateTopics)
}

/** The devices that the messages are of, each with its keys for agent.yaml. */
export function recogniseDevices(messages: readonly HeardMessage[]): { id: string; keys: DeviceKeys }[] {
  const own = [...tasmotaCandidates(messages), ...zigbeeCandidates(messages), ...shellyCandidates(messages)]
  const taken = new Set(own.flatMap(({ stateTopics }) => stateTopics))
  const described = homeAssistantCandidates(messages).filter(({ stateTopics }) => !stateTopics.every((topic) => taken.has(topic)))
  for (const { stateTopics } of described) for (const topic of stateTopics) taken.add(topic)
  // ESPHome's own messages have no units: its Home Assistant configuration says more.
  const bare = esphomeCandidates(messages).filter(({ stateTopics }) => !stateTopics.every((topic) => taken.has(topic)))
  return [...own, ...described, ...bare]
}

/** What the messages say of one device, as its driver understands them; values that the broker had kept are stale. */
export function snapshotOf(keys: DeviceKeys, messages: readonly HeardMessage[], timeMs: number): DeviceSnapshot | undefined {
  const options: MqttDeviceOptions = mqttDeviceOptions.parse(keys)
  const memory = new DeviceMemory(createFormat(options))
  // Configurations first: they say what the other messages mean.
  const isConfig = ({ topic }: HeardMessage): boolean => configTopic(HOME_ASSISTANT, topic) !== undefined
  for (const message of [...messages.filter(isConfig), ...messages.filter((each) => !isConfig(each))]) {
    const belongs = options.format === 'home-assistant' || isOf(options, message.topic)
    if (belongs) memory.hear(message.topic, message.payload, message.isRetained)
  }
  if (!memory.hasPoints) return undefined
  const description = memory.describe()
  const last = memory.lastReadings()
  const isFresh = new Map(last.map((each) => [each.reading.key, each.isFresh]))
  const pipeline = createPipeline({ ...description, points: description.points.map(({ reportsWithinMs: _, ...point }) => point) })
  const readings = new Map(
    pipeline
      .process(
        last.map(({ reading }) => reading),
        performance.now(),
      )
      .map((reading) => [reading.key, reading]),
  )
  return {
    maker: description.maker,
    model: description.model,
    timeMs,
    points: description.points.map((point) => {
      const reading = isFresh.has(point.key) ? readings.get(point.key) : undefined
      if (reading === undefined) return { point, reading: { key: point.key, value: null, quality: 'stale' } }
      return { point, reading: reading.quality === 'good' && !isFresh.get(point.key) ? { ...reading, quality: 'stale' } : reading }
    }),
  }
}

function isOf(options: MqttDeviceOptions, topic: string): boolean {
  const prefix = options.format === 'zigbee2mqtt' ? `${options.prefix}/${options.device}` : 'prefix' in options ? options.prefix : undefined
  if (options.format === 'tasmota') return createFormat(options).topics.includes(topic)
  return prefix !== undefined && (topic === prefix || topic.startsWith(`${prefix}/`))
}

function tasmotaCandidates(messages: readonly HeardMessage[]): Candidate[] {
  return messages.flatMap(({ topic, payload }) => {
    const [, usual, turned] = /^(?:tele\/([^/]+)|([^/]+)\/tele)\/SENSOR$/.exec(topic) ?? []
    const name = usual ?? turned
    if (name === undefined || !('Time' in objectOf(payload))) return []
    const keys = { format: 'tasmota', topic: name, ...(turned !== undefined && { fullTopic: '%topic%/%prefix%/' }) }
    return [{ id: name, keys, stateTopics: [topic] }]
  })
}

function zigbeeCandidates(messages: readonly HeardMessage[]): Candidate[] {
  return messages.flatMap(({ topic, payload }) => {
    const [, device] = new RegExp(`^${ZIGBEE}/(?!bridge/)(.+)$`).exec(topic) ?? []
    if (device === undefined || /\/(availability|set|get)$/.test(device) || Object.keys(objectOf(payload)).length === 0) return []
    return [{ id: device, keys: { format: 'zigbee2mqtt', device }, stateTopics: [topic] }]
  })
}

function shellyCandidates(messages: readonly HeardMessage[]): Candidate[] {
  return messages.flatMap(({ topic, payload }) => {
    const [, prefix] = /^(.+)\/events\/rpc$/.exec(topic) ?? []
    if (prefix === undefined || !String(objectOf(payload).method).startsWith('Notify')) return []
    return [{ id: prefix, keys: { format: 'shelly', prefix }, stateTopics: [topic] }]
  })
}

function esphomeCandidates(messages: readonly HeardMessage[]): Candidate[] {
  const topics = new Map<string, string[]>()
  for (const { topic } of messages) {
    const [, prefix] = /^(.+)\/(?:sensor|binary_sensor)\/[^/]+\/state$/.exec(topic) ?? []
    if (prefix !== undefined) topics.set(prefix, [...(topics.get(prefix) ?? []), topic])
  }
  return [...topics].map(([prefix, stateTopics]) => ({ id: prefix, keys: { format: 'esphome', prefix }, stateTopics }))
}

function homeAssistantCandidates(messages: readonly HeardMessage[]): Candidate[] {
  const topics = new Map<string, string[]>()
  for (const { topic, payload } of messages) {
    const place = configTopic(HOME_ASSISTANT, topic)
    if (place === undefined) continue
    for (const { deviceNames, stateTopic } of entityConfigs(place, objectOf(payload))) {
      const [device] = deviceNames as [string]
      topics.set(device, [...(topics.get(device) ?? []), stateTopic])
    }
  }
  return [...topics].map(([device, stateTopics]) => ({ id: device, keys: { format: 'home-assistant', device }, stateTopics }))
}

function objectOf(payload: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(payload)
    return isJsonObject(json) ? json : {}
  } catch {
    return {}
  }
}
