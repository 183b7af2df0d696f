import { randomBytes } from 'node:crypto'
import mqtt, { type MqttClient } from 'mqtt'
import { z } from 'zod'
import { BrokerAccessError } from './broker.ts'

const COMMAND_TOPIC = '$CONTROL/dynamic-security/v1'
const RESPONSE_TOPIC = '$CONTROL/dynamic-security/v1/response'
const CONNECT_TIMEOUT_MS = 5000
/** Mosquitto answers within a millisecond; a broker without the plugin never does. */
const ANSWER_TIMEOUT_MS = 3000

export interface AccessRule {
  acltype: 'publishClientSend' | 'publishClientReceive' | 'subscribeLiteral' | 'subscribePattern' | 'unsubscribePattern'
  topic: string
  allow: boolean
}

/** One command of Mosquitto's dynamic-security plugin (mosquitto.org/documentation/dynamic-security). */
export type DynamicSecurityCommand =
  | { command: 'listRoles' | 'listClients'; verbose: true; count: -1; offset: 0 }
  | { command: 'getClient' | 'deleteClient'; username: string }
  | { command: 'deleteRole'; rolename: string }
  | { command: 'createRole' | 'modifyRole'; rolename: string; acls: AccessRule[] }
  | { command: 'createClient'; username: string; clientid: string; password: string; roles: { rolename: string }[] }
  | { command: 'addClientRole'; username: string; rolename: string }
  | { command: 'getDefaultACLAccess' }

const answerSchema = z.object({
  command: z.string(),
  error: z.string().optional(),
  correlationData: z.string().optional(),
  data: z.unknown().optional(),
})
export type DynamicSecurityAnswer = z.output<typeof answerSchema>
const answersSchema = z.object({ responses: z.array(answerSchema) })

/**
 * Runs commands in order over a connection of their own and returns one answer for each; an answer may carry the plugin's `error`.
 * Rejects with BrokerAccessError: `unreachable` (no connection), `unmanaged` (no plugin, or the credential is no administrator).
 */
export async function runDynamicSecurity(
  url: string,
  commands: readonly DynamicSecurityCommand[],
  ca?: string,
): Promise<DynamicSecurityAnswer[]> {
  const correlation = randomBytes(9).toString('base64url')
  const client = mqtt.connect(url, {
    manualConnect: true,
    protocolVersion: 4,
    clean: true,
    clientId: `roomkeeper-admin-${correlation}`,
    connectTimeout: CONNECT_TIMEOUT_MS,
    reconnectPeriod: 0,
    ...(ca === undefined ? {} : { ca }),
  })
  try {
    await connected(client)
    const answers = answersOf(client, correlation, commands.length)
    // The subscription below may fail first; its error is the one to tell.
    answers.catch(() => undefined)
    client.once('close', () => {
      // Only `end` calls back what is under way; without it the next line could wait for ever.
      client.end(true)
    })
    const granted = await client.subscribeAsync(RESPONSE_TOPIC, { qos: 1 }).catch(() => answers.then(() => []))
    if (granted.some((grant) => (grant.qos as number) === 128)) throw unmanaged(client)
    // QoS 1 to the same connection: the answers come in the order of the commands.
    const tagged = commands.map((command, index) => ({ ...command, correlationData: `${correlation}.${index}` }))
    client.publish(COMMAND_TOPIC, JSON.stringify({ commands: tagged }), { qos: 1 })
    return await answers
  } finally {
    await client.endAsync(true).catch(() => undefined)
  }
}

function connected(client: MqttClient): Promise<void> {
  return new Promise((resolve, reject) => {
    let reason = 'the broker closed the connection'
    client.on('error', (error) => {
      reason = error.message
    })
    client.once('connect', () => resolve())
    client.once('close', () => reject(new BrokerAccessError('unreachable', `MQTT broker ${addressOf(client)}: ${reason}`)))
    client.connect()
  })
}

function answersOf(client: MqttClient, correlation: string, count: number): Promise<DynamicSecurityAnswer[]> {
  return new Promise((resolve, reject) => {
    const answers = new Map<number, DynamicSecurityAnswer>()
    const timer = setTimeout(() => reject(unmanaged(client)), ANSWER_TIMEOUT_MS)
    client.once('close', () => {
      clearTimeout(timer)
      reject(new BrokerAccessError('unreachable', `MQTT broker ${addressOf(client)} closed the connection before it answered`))
    })
    client.on('message', (topic, payload) => {
      const parsed = topic === RESPONSE_TOPIC ? answersSchema.safeParse(parseJson(payload)) : undefined
      for (const answer of parsed?.data?.responses ?? []) {
        const [owner, index] = (answer.correlationData ?? '').split('.')
        // Every administrator connected sees every answer.
        if (owner === correlation) answers.set(Number(index), answer)
      }
      if (answers.size < count) return
      clearTimeout(timer)
      resolve(Array.from({ length: count }, (_, index) => answers.get(index) as DynamicSecurityAnswer))
    })
  })
}

function unmanaged(client: MqttClient): BrokerAccessError {
  return new BrokerAccessError(
    'unmanaged',
    `MQTT broker ${addressOf(client)} does not answer on ${COMMAND_TOPIC}: it must load mosquitto_dynamic_security.so, and the credential in ROOMKEEPER_MQTT_URL must have the role "admin". Agents' credentials cannot be issued or revoked until then.`,
  )
}

/** Without the credential that is in the URL. */
function addressOf(client: MqttClient): string {
  return `${client.options.host ?? client.options.hostname}:${client.options.port}`
}

function parseJson(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString())
  } catch {
    return undefined
  }
}
