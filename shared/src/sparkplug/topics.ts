/** Topic namespace of Sparkplug B 3.0: `spBv1.0/<group>/<TYPE>/<node>[/<device>]`, `spBv1.0/STATE/<host>`. */
export const NAMESPACE = 'spBv1.0'

export const MESSAGE_TYPES = ['NBIRTH', 'NDEATH', 'NDATA', 'NCMD', 'DBIRTH', 'DDEATH', 'DDATA', 'DCMD'] as const
export type MessageType = (typeof MESSAGE_TYPES)[number]

export interface SparkplugTopic {
  group: string
  type: MessageType
  node: string
  device?: string
}

/** A name that may stand in a topic: 1–64 characters, no `+`, `#`, `/`, no control characters (CVE-2017-7650). */
export const TOPIC_NAME = /^[^+#/\p{Cc}]{1,64}$/u

export function topicOf(topic: SparkplugTopic): string {
  const base = `${NAMESPACE}/${topic.group}/${topic.type}/${topic.node}`
  return topic.device === undefined ? base : `${base}/${topic.device}`
}

export function stateTopicOf(hostId: string): string {
  return `${NAMESPACE}/STATE/${hostId}`
}

const TYPES: ReadonlySet<string> = new Set(MESSAGE_TYPES)

/** Parses a topic; undefined when it is not a Sparkplug node or device topic. */
export function parseTopic(text: string): SparkplugTopic | undefined {
  const parts = text.split('/')
  const [namespace, group, type, node, device] = parts
  if (namespace !== NAMESPACE || !group || !type || !node || parts.length > 5 || !TYPES.has(type)) return undefined
  const isDeviceMessage = type.startsWith('D')
  if (isDeviceMessage !== (parts.length === 5)) return undefined
  const topic: SparkplugTopic = { group, type: type as MessageType, node }
  if (isDeviceMessage) topic.device = device as string
  return topic
}
