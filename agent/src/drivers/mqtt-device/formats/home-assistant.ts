import type { PointDescription } from '../../driver.ts'
import { isJsonObject } from '../../json-path.ts'
import { keyPart, namedContactReading, numberReading, type ReportedPoint } from '../../reported-value.ts'
import type { OptionsOf } from '../options.ts'
import { contactKind, type Quantity, sensorQuantity } from '../quantities.ts'
import { parseValueTemplate, type ValueTemplate } from '../value-template.ts'
import { type DeviceFormat, type Heard, HOUR_MS, parseJson } from './format.ts'
import { configTopic, type EntityConfig, entityConfigs } from './home-assistant-config.ts'

/** Nothing in a configuration says how often a sensor reports, but for `expire_after`. */
const SENSOR_REPORT_MS = HOUR_MS
const CONTACT_REPORT_MS = 24 * HOUR_MS

interface Entity {
  configTopic: string
  config: EntityConfig
  description: PointDescription
  quantity: Quantity
  templateValue: ValueTemplate
  availability: { topic: string; isAvailable(payload: string): boolean | undefined }[]
}

/**
 * Home Assistant's MQTT discovery (home-assistant.io: MQTT, MQTT sensor, MQTT binary sensor): retained configurations tell topic, unit,
 * device class and template of each entity of a device. An entity whose template is not understood is named and left out; the others count.
 */
export function homeAssistantFormat({ prefix, device, reportsWithinMs }: OptionsOf<'home-assistant'>): DeviceFormat {
  const entities = new Map<string, Entity>()
  const availability = new Map<string, string>()

  const configure = (topic: string, payload: string): Heard => {
    const place = configTopic(prefix, topic)
    if (place === undefined) return {}
    const former = [...entities.values()].filter((entity) => entity.configTopic === topic)
    for (const { description } of former) entities.delete(description.key)
    const removed = former.map(({ description }) => description.key)
    // An empty configuration takes the entity away.
    if (payload === '') return { removed }
    const parsed = parseJson(payload)
    if ('problem' in parsed || !isJsonObject(parsed.json)) return { removed, problems: ['a configuration that is no JSON object'] }
    const ours = entityConfigs(place, parsed.json).filter(({ deviceNames }) => deviceNames.includes(device))
    const problems: string[] = []
    for (const config of ours) {
      const entity = entityOf(topic, config, reportsWithinMs)
      if (typeof entity === 'string') problems.push(`${config.objectId}: ${entity}`)
      else if (entity !== undefined && entities.has(entity.description.key))
        problems.push(`${config.objectId}: a second entity of this name`)
      else if (entity !== undefined) entities.set(entity.description.key, entity)
    }
    const added = [...entities.values()].filter((entity) => entity.configTopic === topic)
    const described = added.map(({ description }) => description)
    return {
      described,
      removed: removed.filter((key) => !entities.has(key)),
      topics: added.flatMap((entity) => [...entity.availability.map((source) => source.topic), entity.config.stateTopic]),
      maker: ours[0]?.maker,
      model: ours[0]?.model,
      problems,
    }
  }

  /** The device is away when all of its entities that say so are. */
  const isOnline = (): boolean | undefined => {
    const states = [...entities.values()].map((entity) => isEntityAvailable(entity, availability)).filter((state) => state !== undefined)
    return states.length === 0 ? undefined : states.some((state) => state)
  }

  return {
    topics: [`${prefix}/+/+/config`, `${prefix}/+/+/+/config`],
    expected: `${prefix}/+/+/config (device "${device}")`,
    hear(topic, payload): Heard {
      if (topic.endsWith('/config') && configTopic(prefix, topic) !== undefined) return configure(topic, payload)
      const heard: Heard = {}
      const watching = [...entities.values()].filter((entity) => entity.availability.some((source) => source.topic === topic))
      if (watching.length > 0) {
        availability.delete(topic)
        availability.set(topic, payload)
        heard.isOnline = isOnline()
      }
      const points = [...entities.values()]
        .filter(({ config }) => config.stateTopic === topic)
        .map((entity) => pointOf(entity, payload, isEntityAvailable(entity, availability) !== false))
      return points.length === 0 ? heard : { ...heard, points }
    },
  }
}

function pointOf({ config, description, quantity, templateValue }: Entity, payload: string, isAvailable: boolean): ReportedPoint {
  const { key } = description
  if (!isAvailable) return { description, reading: { key, value: null, bad: 'sensor-error' } }
  const value = templateValue(payload)
  const isContact = config.component === 'binary_sensor'
  return {
    description,
    reading: isContact ? namedContactReading(key, value, [config.payloadOn], [config.payloadOff]) : numberReading(key, value, quantity),
  }
}

function entityOf(topic: string, config: EntityConfig, reportsWithinMs: number | undefined): Entity | string | undefined {
  const isContact = config.component === 'binary_sensor'
  const kind = isContact ? contactKind(config.deviceClass) : undefined
  const quantity: Quantity | undefined = isContact
    ? kind && { kind, unit: '1' }
    : sensorQuantity(config.deviceClass, config.unit, config.isMeasurement)
  if (quantity === undefined) return undefined
  try {
    return {
      configTopic: topic,
      config,
      quantity,
      templateValue: config.template === undefined ? (payload) => payload : parseValueTemplate(config.template),
      availability: config.availability.map((source) => {
        const stateOf: ValueTemplate = source.template === undefined ? (payload) => payload : parseValueTemplate(source.template)
        return {
          topic: source.topic,
          isAvailable(payload) {
            const state = String(stateOf(payload))
            return state === source.available ? true : state === source.notAvailable ? false : undefined
          },
        }
      }),
      description: {
        key: keyPart(config.objectId),
        kind: quantity.kind,
        unit: quantity.unit,
        ...(config.name && { name: { zh: config.name, en: config.name } }),
        reportsWithinMs: reportsWithinMs ?? config.expireAfterMs ?? (isContact ? CONTACT_REPORT_MS : SENSOR_REPORT_MS),
      },
    }
  } catch (error) {
    return (error as Error).message
  }
}

/** By the entity's mode: all of its sources, any of them, or the one that spoke last. */
function isEntityAvailable({ availability: sources, config }: Entity, heard: ReadonlyMap<string, string>): boolean | undefined {
  const inOrder = [...heard.keys()]
  const states = sources
    .filter(({ topic }) => heard.has(topic))
    .sort((a, b) => inOrder.indexOf(a.topic) - inOrder.indexOf(b.topic))
    .map((source) => source.isAvailable(heard.get(source.topic) as string))
    .filter((state) => state !== undefined)
  if (states.length === 0) return undefined
  if (config.availabilityMode === 'all') return states.every((state) => state)
  return config.availabilityMode === 'any' ? states.some((state) => state) : states.at(-1)
}
