import { readFileSync } from 'node:fs'

export interface DrillBrokerConfig {
  mqttUrl?: string | undefined
  mqttCa?: string | undefined
  mqttHost: string
}

/** The broker as an agent beside the server reaches it. `embeddedPort`: where the embedded one listens. */
export function drillBroker(config: DrillBrokerConfig, embeddedPort: number | undefined): { url: string; ca?: string | undefined } {
  if (config.mqttUrl !== undefined) {
    const { protocol, host } = new URL(config.mqttUrl)
    return { url: `${protocol}//${host}`, ca: config.mqttCa === undefined ? undefined : readFileSync(config.mqttCa, 'utf8') }
  }
  return { url: `mqtt://${reachable(config.mqttHost)}:${embeddedPort ?? 1883}` }
}

/** "Every address" is no address to connect to. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}
