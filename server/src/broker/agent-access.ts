import { NAMESPACE, parseTopic, stateTopicOf, TOPIC_NAME } from '@roomkeeper/shared/sparkplug'

/**
 * Who an agent is to the broker. Its MQTT client id is its username too: so no credential can take over another one's session, and an
 * agent that comes back from a cut cable replaces its own dead session at once.
 */
export interface AgentIdentity {
  username: string
  /** Sparkplug group. */
  site: string
  /** Sparkplug edge node. */
  node: string
}

const NODE_SENDS = ['NBIRTH', 'NDATA', 'NDEATH'] as const
const DEVICE_SENDS = ['DBIRTH', 'DDATA', 'DDEATH'] as const
const AGENT_SENDS: ReadonlySet<string> = new Set([...NODE_SENDS, ...DEVICE_SENDS])

/** The only topics an agent may publish to, as MQTT filters. The same rule as `mayPublish`, for brokers that take lists. */
export function publishFilters({ site, node }: AgentIdentity): string[] {
  return [
    ...NODE_SENDS.map((type) => `${NAMESPACE}/${site}/${type}/${node}`),
    ...DEVICE_SENDS.map((type) => `${NAMESPACE}/${site}/${type}/${node}/+`),
  ]
}

/** The only filters an agent may subscribe to, word for word. */
export function subscribeFilters({ site, node }: AgentIdentity, hostId: string): string[] {
  return [`${NAMESPACE}/${site}/NCMD/${node}`, `${NAMESPACE}/${site}/DCMD/${node}/#`, stateTopicOf(hostId)]
}

export function mayPublish(identity: AgentIdentity, topic: string): boolean {
  const parsed = parseTopic(topic)
  return parsed !== undefined && AGENT_SENDS.has(parsed.type) && parsed.group === identity.site && parsed.node === identity.node
}

export function maySubscribe(identity: AgentIdentity, filter: string, hostId: string): boolean {
  return subscribeFilters(identity, hostId).includes(filter)
}

/**
 * Why a site or node may not be called so, or undefined. Beyond the rule for topics `%` is refused: Mosquitto replaces `%u` and `%c`
 * in access patterns, and `%c` is chosen by whoever connects.
 */
export function nameProblem(name: string): string | undefined {
  return TOPIC_NAME.test(name) && !name.includes('%') ? undefined : '1–64 个字符，不含 + # / % / 1–64 characters without + # / %'
}

/** `site.node`, readable where it can be; anything but letters, digits, `_` and `-` is percent-encoded, so two nodes never share one. */
export function usernameOf(site: string, node: string): string {
  return `${encodeName(site)}.${encodeName(node)}`
}

function encodeName(name: string): string {
  return name.replace(/[^\p{L}\p{N}_-]/gu, (character) =>
    [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  )
}
