import type { KeyPath } from './problem.ts'

/** Environment variables that replace keys of agent.yaml: for secrets, and for containers. An empty variable counts as not set. */
export const ENVIRONMENT: Readonly<Record<string, KeyPath>> = {
  ROOMKEEPER_AGENT_SITE: ['site'],
  ROOMKEEPER_AGENT_NODE: ['node'],
  ROOMKEEPER_AGENT_PRIMARY_HOST: ['primaryHost'],
  ROOMKEEPER_AGENT_DATA_DIR: ['dataDir'],
  ROOMKEEPER_AGENT_MQTT_URL: ['mqtt', 'url'],
  ROOMKEEPER_AGENT_MQTT_USERNAME: ['mqtt', 'username'],
  ROOMKEEPER_AGENT_MQTT_PASSWORD: ['mqtt', 'password'],
  ROOMKEEPER_AGENT_MQTT_PASSWORD_FILE: ['mqtt', 'passwordFile'],
  ROOMKEEPER_AGENT_MQTT_CA: ['mqtt', 'ca'],
  ROOMKEEPER_AGENT_MQTT_CLIENT_ID: ['mqtt', 'clientId'],
}

/** Puts the variables into what agent.yaml says, and tells which variable each replaced path came from. */
export function applyEnvironment(content: Record<string, unknown>, env: NodeJS.ProcessEnv): Map<string, string> {
  const origins = new Map<string, string>()
  for (const [variable, path] of Object.entries(ENVIRONMENT)) {
    const value = env[variable]
    if (!value) continue
    const [first, second] = path as [string, string?]
    if (second === undefined) content[first] = value
    else {
      const inner = content[first]
      content[first] = { ...(typeof inner === 'object' && inner !== null ? inner : {}), [second]: value }
    }
    origins.set(path.join('.'), variable)
  }
  // A password from one place replaces the one from the other, in whichever form it was written.
  const mqtt = content.mqtt as Record<string, unknown> | undefined
  if (origins.has('mqtt.password')) delete mqtt?.passwordFile
  else if (origins.has('mqtt.passwordFile')) delete mqtt?.password
  return origins
}
