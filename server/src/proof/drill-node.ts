import { DataType, DEVICE_INFO, decodePayload, encodePayload, METRIC, type Metric, PROPERTY, topicOf } from '@roomkeeper/shared/sparkplug'
import mqtt, { type MqttClient } from 'mqtt'
import { VERSION } from '../version.ts'
import { DRILL_DEVICE, DRILL_NAMES, DRILL_NODE, DRILL_POINT, DRILL_VALUES } from './drill-device.ts'

const CONNECT_TIMEOUT_MS = 10_000
const KEEPALIVE_SECONDS = 20
/** Nobody reads at an interval: a drill sends when it wants to. */
const INTERVAL_MS = 60_000

export interface DrillNodeOptions {
  /** `mqtt://host:port`, without a credential. */
  url: string
  /** PEM of the authority of the broker's certificate. */
  ca?: string | undefined
  site: string
  username: string
  password: string
  clock: { nowMs(): number }
}

/** The drill's own way to the broker, as an agent goes it: connection, credential, births, readings, death. */
export interface DrillNode {
  readonly isConnected: boolean
  /** Sends a reading. Resolves with its time when the broker has it. */
  publish(value: number): Promise<number>
  /** Says that it goes, and goes. */
  close(): Promise<void>
}

/** Connects and sends the births, with the point's normal value. Rejects when the broker is away or does not let it in. */
export async function connectDrillNode({ url, ca, site, username, password, clock }: DrillNodeOptions): Promise<DrillNode> {
  const bdSeq = Math.floor(clock.nowMs() / 1000) % 256
  const node = { group: site, node: DRILL_NODE }
  const device = { ...node, device: DRILL_DEVICE }
  const command = topicOf({ ...node, type: 'NCMD' })
  const bdSeqMetric: Metric = { name: METRIC.bdSeq, datatype: DataType.Int64, value: bdSeq }
  const death = (): Buffer => Buffer.from(encodePayload({ timestampMs: clock.nowMs(), metrics: [bdSeqMetric] }))
  const client = await connect(url, {
    username,
    password,
    clientId: username,
    will: { topic: topicOf({ ...node, type: 'NDEATH' }), payload: death(), qos: 1, retain: false },
    ...(ca === undefined ? {} : { ca }),
  })
  let seq = 0
  let value: number = DRILL_VALUES.normal

  const send = async (type: 'NBIRTH' | 'DBIRTH' | 'DDATA', metrics: Metric[]): Promise<number> => {
    const timestampMs = clock.nowMs()
    if (type === 'NBIRTH') seq = 0
    const topic = topicOf(type === 'NBIRTH' ? { ...node, type } : { ...device, type })
    const payload = encodePayload({ timestampMs, seq, metrics: metrics.map((metric) => ({ timestampMs, ...metric })) }, type !== 'DDATA')
    seq = (seq + 1) % 256
    await client.publishAsync(topic, Buffer.from(payload), { qos: 0, retain: false })
    return timestampMs
  }
  const sendBirths = async (): Promise<void> => {
    await send('NBIRTH', [
      bdSeqMetric,
      { name: METRIC.rebirth, datatype: DataType.Boolean, value: false },
      { name: METRIC.agentVersion, datatype: DataType.String, value: VERSION },
    ])
    await send('DBIRTH', [
      {
        name: DEVICE_INFO,
        datatype: DataType.String,
        value: DRILL_NAMES.device.zh,
        properties: { [PROPERTY.nameEn]: DRILL_NAMES.device.en },
      },
      {
        name: DRILL_POINT,
        alias: 1,
        datatype: DataType.Double,
        value,
        properties: {
          [PROPERTY.kind]: 'number',
          [PROPERTY.unit]: '1',
          [PROPERTY.intervalMs]: INTERVAL_MS,
          [PROPERTY.nameZh]: DRILL_NAMES.point.zh,
          [PROPERTY.nameEn]: DRILL_NAMES.point.en,
        },
      },
    ])
  }

  // A host that missed the births asks for them; they say the value of now.
  client.on('message', (topic, bytes) => {
    if (topic !== command) return
    const isRebirth = decodePayload(bytes).metrics.some((metric) => metric.name === METRIC.rebirth && metric.value === true)
    if (isRebirth) sendBirths().catch(() => undefined)
  })
  await client.subscribeAsync(command, { qos: 1 })
  await sendBirths()

  return {
    get isConnected() {
      return client.connected
    },
    publish: async (wanted) => {
      value = wanted
      return send('DDATA', [{ alias: 1, datatype: DataType.Double, value }])
    },
    close: async () => {
      if (client.connected)
        await client.publishAsync(topicOf({ ...node, type: 'NDEATH' }), death(), { qos: 1, retain: false }).catch(() => undefined)
      await client.endAsync(!client.connected)
    },
  }
}

/** One attempt: whoever wants another makes it. */
function connect(url: string, options: mqtt.IClientOptions): Promise<MqttClient> {
  return new Promise((resolve, reject) => {
    const client = mqtt.connect(url, {
      ...options,
      protocolVersion: 4,
      clean: true,
      reconnectPeriod: 0,
      resubscribe: false,
      connectTimeout: CONNECT_TIMEOUT_MS,
      keepalive: KEEPALIVE_SECONDS,
    })
    let reason = new Error('MQTT 服务器关闭了连接 / the MQTT broker closed the connection')
    client.once('connect', () => resolve(client))
    client.on('error', (error) => {
      reason = error
    })
    client.once('close', () => {
      client.end(true)
      reject(reason)
    })
  })
}
