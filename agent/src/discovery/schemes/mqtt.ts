import { setTimeout as delay } from 'node:timers/promises'
import { type BrokerSubscription, listenAt } from '../../drivers/mqtt-device/broker-session.ts'
import { brokerAddress } from '../../drivers/mqtt-device/connection.ts'
import { DISCOVERY_FILTERS, type HeardMessage, recogniseDevices, snapshotOf, stateTopicsOf } from '../mqtt-devices.ts'
import type { DeviceKeys, DeviceScheme } from '../scheme.ts'
import { decoded, hostOf, pathParts, queryOf } from '../url-parts.ts'
import { refusePassword, secretFrom } from '../url-secret.ts'
import { WrongInput } from '../wrong-input.ts'

/** The password without the shell's history; the printed block names the variable. */
const PASSWORD_VARIABLE = 'ROOMKEEPER_MQTT_PASSWORD'
const PARAMETERS = ['format', 'topic', 'fullTopic', 'device', 'prefix', 'ca']
/** With the usual time-out of 5 s: 10 s. Devices that keep nothing at the broker are heard when they happen to report. */
const LISTEN_TIMEOUTS = 2
const PROGRESS_MS = 2000
/** A broker of a whole house has some thousand topics of these kinds. */
const MOST_TOPICS = 20_000

/** Devices of other makers at a broker. `discover` listens to what they say by themselves; `read` needs the format. */
const scheme = (name: 'mqtt' | 'mqtts'): DeviceScheme => {
  const form = `${name}://[user@]host[:port]${name === 'mqtts' ? '[?ca=/path/ca.pem]' : ''} (read: ?format=tasmota&topic=…, zigbee2mqtt&device=…, shelly|esphome&prefix=…, home-assistant&device=…)`
  return {
    name,
    driver: 'mqtt-device',
    form,
    keysOf(url, { env }) {
      refusePassword(url, PASSWORD_VARIABLE, form)
      pathParts(url, 0, form)
      const query = queryOf(url, PARAMETERS, form)
      hostOf(url, form)
      const username = decoded(url.username, form)
      return {
        url: `${name}://${url.host}`,
        ...(username !== '' && { username }),
        ...(username !== '' && secretFrom(PASSWORD_VARIABLE, env) && { passwordEnv: PASSWORD_VARIABLE }),
        ...Object.fromEntries(query),
      }
    },
    async complete(keys) {
      if (keys.format === undefined)
        throw new WrongInput(
          `缺少 ?format=；discover 会列出设备 · ?format= is missing; discover lists the devices; 格式 · written as: ${form}`,
        )
      return keys
    },
    async explore(keys, { timeoutMs, clock }, progress) {
      const { format, ...broker } = keys as DeviceKeys & { url: string }
      if (format !== undefined) return { facts: [], devices: [{ id: String(keys.topic ?? keys.prefix ?? keys.device), keys }] }
      const messages = await listen(broker, timeoutMs, progress)
      const found = recogniseDevices(messages).map(({ id, keys: own }) => ({ id, keys: { ...broker, ...own } }))
      const devices = found.flatMap((device) => {
        const snapshot = snapshotOf(device.keys, messages, clock.nowMs())
        return snapshot === undefined ? [] : [{ ...device, snapshot }]
      })
      const facts = [
        `MQTT ${broker.url}: ${messages.length} 个主题 · topics heard, ${devices.length} 台设备 · devices; stale: 服务器保留的旧值 · kept by the broker, age unknown`,
      ]
      return { facts, devices, ...(devices.length === 0 && { missing: NOTHING_HEARD }) }
    },
  }
}

const NOTHING_HEARD =
  '未听到已知格式的设备：等设备上报，或用 --timeout-ms 延长 · no device of a known format was heard: wait until it reports, or listen longer by --timeout-ms; 其他主题用 format: json 或 value · other topics: format json or value'

export const mqttScheme = scheme('mqtt')
export const mqttsScheme = scheme('mqtts')

/** Listens for twice the time-out. Rejects with a DriverError when the broker does not let us. */
async function listen(broker: DeviceKeys & { url: string }, timeoutMs: number, progress: (line: string) => void): Promise<HeardMessage[]> {
  const heard = new Map<string, HeardMessage>()
  const subscription: BrokerSubscription = listenAt(await brokerAddress(broker), DISCOVERY_FILTERS, {
    onMessage(topic, payload, isRetained) {
      // A fresh message is better than a kept one, whichever came first.
      if (heard.size >= MOST_TOPICS || (isRetained && heard.has(topic))) return
      heard.set(topic, { topic, payload: payload.toString('utf8'), isRetained })
    },
    onLost() {},
  })
  try {
    await subscription.ready(timeoutMs)
    const endMs = performance.now() + LISTEN_TIMEOUTS * timeoutMs
    progress(`监听 ${(LISTEN_TIMEOUTS * timeoutMs) / 1000} 秒… · listening for ${(LISTEN_TIMEOUTS * timeoutMs) / 1000} s …`)
    for (let leftMs = endMs - performance.now(); leftMs > 0; leftMs = endMs - performance.now()) {
      await delay(Math.min(PROGRESS_MS, leftMs))
      subscription.add(stateTopicsOf([...heard.values()]))
      progress(
        `${heard.size} 个主题，${recogniseDevices([...heard.values()]).length} 台设备 · ${heard.size} topics, ${recogniseDevices([...heard.values()]).length} devices so far`,
      )
    }
    return [...heard.values()]
  } finally {
    subscription.release()
  }
}
