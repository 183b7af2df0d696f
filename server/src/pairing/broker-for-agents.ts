import { readFile } from 'node:fs/promises'

/** Where agents find the broker. */
export interface BrokerForAgents {
  protocol: 'mqtt' | 'mqtts'
  /** null: the host by which the agent reaches the server. */
  host: string | null
  port: number
  /** PEM of the authority that signed its certificate. */
  ca: string | null
}

const DEFAULT_PORTS = { mqtt: 1883, mqtts: 8883 } as const

/**
 * The address that is set for agents, else that of the outside broker, else the embedded broker's port on the server's own host. A loopback
 * address is the server's own host too: no agent elsewhere could use it. Rejects when the file of the authority cannot be read.
 */
export async function brokerForAgents(
  config: { mqttAgentUrl?: string | undefined; mqttUrl?: string | undefined; mqttCa?: string | undefined },
  embeddedPort: number | undefined,
): Promise<BrokerForAgents> {
  const address = config.mqttAgentUrl ?? config.mqttUrl
  if (address === undefined) return { protocol: 'mqtt', host: null, port: embeddedPort ?? DEFAULT_PORTS.mqtt, ca: null }
  const url = new URL(address)
  const protocol = url.protocol === 'mqtts:' ? 'mqtts' : 'mqtt'
  const isLoopback = /^(localhost|127\..*|\[::1\])$/.test(url.hostname)
  return {
    protocol,
    host: isLoopback && config.mqttAgentUrl === undefined ? null : url.hostname,
    port: Number(url.port) || DEFAULT_PORTS[protocol],
    ca: protocol === 'mqtts' && config.mqttCa !== undefined ? await readFile(config.mqttCa, 'utf8') : null,
  }
}
