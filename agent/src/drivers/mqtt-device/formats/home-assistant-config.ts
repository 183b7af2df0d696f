import { isJsonObject } from '../../json-path.ts'

/** The abbreviations that matter here (Home Assistant's documentation of MQTT discovery). */
const ABBREVIATIONS: Record<string, string> = {
  avty: 'availability',
  avty_mode: 'availability_mode',
  avty_t: 'availability_topic',
  avty_tpl: 'availability_template',
  cmps: 'components',
  dev: 'device',
  dev_cla: 'device_class',
  exp_aft: 'expire_after',
  p: 'platform',
  pl_avail: 'payload_available',
  pl_not_avail: 'payload_not_available',
  pl_off: 'payload_off',
  pl_on: 'payload_on',
  stat_cla: 'state_class',
  stat_t: 'state_topic',
  t: 'topic',
  unit_of_meas: 'unit_of_measurement',
  val_tpl: 'value_template',
}
const DEVICE_ABBREVIATIONS: Record<string, string> = { ids: 'identifiers', mf: 'manufacturer', mdl: 'model' }

export interface AvailabilitySource {
  topic: string
  template?: string
  available: string
  notAvailable: string
}

/** A sensor or binary sensor as its configuration message says. */
export interface EntityConfig {
  component: 'sensor' | 'binary_sensor'
  objectId: string
  name?: string
  stateTopic: string
  deviceClass?: string
  unit?: string
  isMeasurement: boolean
  template?: string
  payloadOn: string
  payloadOff: string
  expireAfterMs?: number
  availability: AvailabilitySource[]
  availabilityMode: string
  /** By what `device` in agent.yaml may name its device; the first one is the best. */
  deviceNames: string[]
  maker?: string
  model?: string
}

/** Takes `<prefix>/<component>/[<node>/]<object_id>/config` apart. */
export function configTopic(prefix: string, topic: string): { component: string; node?: string; objectId: string } | undefined {
  if (!topic.startsWith(`${prefix}/`) || !topic.endsWith('/config')) return undefined
  const levels = topic.slice(prefix.length + 1, -'/config'.length).split('/')
  const [component, second, third] = levels
  if (component === undefined || second === undefined || levels.length > 3) return undefined
  return third === undefined ? { component, objectId: second } : { component, node: second, objectId: third }
}

/** The entities of a configuration message: one, or all components of a device (`homeassistant/device/…`). Others than sensors are left out. */
export function entityConfigs(
  place: { component: string; node?: string; objectId: string },
  json: Readonly<Record<string, unknown>>,
): EntityConfig[] {
  const config = expanded(json)
  if (place.component !== 'device') return entityConfig(place.component, place, config, [])
  const { components, ...shared } = config
  if (!isJsonObject(components)) return []
  return Object.entries(components).flatMap(([id, own]) => {
    if (!isJsonObject(own)) return []
    const merged = { ...shared, ...expanded({ '~': json['~'], ...own }) }
    return entityConfig(String(merged.platform), { node: place.node, objectId: id }, merged, [place.objectId])
  })
}

function entityConfig(
  component: string,
  { node, objectId }: { node?: string; objectId: string },
  config: Readonly<Record<string, unknown>>,
  furtherNames: readonly string[],
): EntityConfig[] {
  const stateTopic = text(config.state_topic)
  if ((component !== 'sensor' && component !== 'binary_sensor') || stateTopic === undefined) return []
  const device = isJsonObject(config.device) ? renamed(config.device, DEVICE_ABBREVIATIONS) : {}
  const identifiers = (Array.isArray(device.identifiers) ? device.identifiers : [device.identifiers]).map(text)
  const names = [...identifiers, text(device.name), ...furtherNames, node].filter((name) => name !== undefined)
  const seconds = Number(config.expire_after)
  return [
    {
      component,
      objectId,
      name: text(config.name),
      stateTopic,
      deviceClass: text(config.device_class),
      unit: text(config.unit_of_measurement),
      isMeasurement: text(config.state_class) !== undefined,
      template: text(config.value_template),
      payloadOn: text(config.payload_on) ?? 'ON',
      payloadOff: text(config.payload_off) ?? 'OFF',
      ...(Number.isFinite(seconds) && seconds > 0 && { expireAfterMs: seconds * 1000 }),
      availability: availabilityOf(config),
      availabilityMode: text(config.availability_mode) ?? 'latest',
      // An entity without a device stands for itself.
      deviceNames: names.length > 0 ? names : [stateTopic, objectId],
      maker: text(device.manufacturer),
      model: text(device.model),
    },
  ]
}

function availabilityOf(config: Readonly<Record<string, unknown>>): AvailabilitySource[] {
  const available = text(config.payload_available) ?? 'online'
  const notAvailable = text(config.payload_not_available) ?? 'offline'
  const single: Record<string, unknown> = { topic: config.availability_topic, value_template: config.availability_template }
  const list = Array.isArray(config.availability) ? config.availability.filter(isJsonObject) : [single]
  return list.flatMap((source) => {
    const topic = text(source.topic)
    if (topic === undefined) return []
    return [
      {
        topic,
        template: text(source.value_template),
        available: text(source.payload_available) ?? available,
        notAvailable: text(source.payload_not_available) ?? notAvailable,
      },
    ]
  })
}

/** Long names in place of short ones, and the base topic in place of `~`. */
function expanded(json: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const base = text(json['~'])
  const withBase = (key: string, value: unknown): unknown =>
    base !== undefined && typeof value === 'string' && /(^|_)topic$/.test(key) ? value.replace(/^~/, base).replace(/~$/, base) : value
  const result: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(renamed(json, ABBREVIATIONS))) {
    result[key] =
      key === 'availability' && Array.isArray(value)
        ? value.map((source) => (isJsonObject(source) ? expanded({ '~': base, ...source }) : source))
        : withBase(key, value)
  }
  return result
}

function renamed(json: Readonly<Record<string, unknown>>, names: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [Object.hasOwn(names, key) ? names[key] : key, value]))
}

function text(value: unknown): string | undefined {
  if (typeof value === 'boolean' || typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}
