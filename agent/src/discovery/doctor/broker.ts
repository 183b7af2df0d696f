import { connect as connectTcp } from 'node:net'
import { join } from 'node:path'
import { connect as connectMqtt } from 'mqtt'
import type { AgentConfig } from '../../config/index.ts'
import { lockHolder } from '../../log/folder-lock.ts'
import { clientIdOf } from '../../sparkplug/edge-node.ts'
import { plain } from '../wording.ts'
import { type Finding, ok, problem } from './finding.ts'

const SUBJECT = 'MQTT 服务器 · broker'
const TIMEOUT_MS = 10_000
const DEFAULT_PORTS: Record<string, number> = { 'mqtt:': 1883, 'tcp:': 1883, 'mqtts:': 8883, 'ssl:': 8883, 'ws:': 80, 'wss:': 443 }
/** MQTT 3.1.1 §3.2.2.3: identifier rejected, bad user name or password, not authorized. */
const REFUSALS = [2, 4, 5]

/**
 * Signs in with the agent's credential and leaves at once. While the agent itself runs the credential is not tried: the broker would end
 * the agent's session for a second one of the same name.
 */
export async function checkBroker(config: AgentConfig): Promise<Finding> {
  const where = safeUrl(config.mqtt.url)
  const agentProcess = await lockHolder(join(config.dataDir, 'log', 'lock'))
  try {
    if (agentProcess === undefined) {
      await signIn(config)
      return ok(SUBJECT, `${where} 可达，凭据有效 · reachable, the credential is accepted`)
    }
    await checkPort(config.mqtt.url)
    return ok(
      SUBJECT,
      `${where} 可达；采集器正在运行（进程 ${agentProcess}），为不中断它而未试凭据 · reachable; the credential was not tried since the agent runs and would be cut off`,
    )
  } catch (error) {
    return problem(
      SUBJECT,
      `${where}: ${plain(error instanceof Error ? error.message || String(codeOf(error)) : String(error))}`,
      adviceFor(error),
    )
  }
}

function signIn(config: AgentConfig): Promise<void> {
  const { url, username, password, ca } = config.mqtt
  return new Promise((resolve, reject) => {
    const client = connectMqtt(url, {
      protocolVersion: 4,
      clean: true,
      reconnectPeriod: 0,
      connectTimeout: TIMEOUT_MS,
      clientId: clientIdOf(config),
      username,
      password,
      ...(ca === undefined ? {} : { ca }),
    })
    // The first thing that happens decides; what the client says later is about its end.
    const settle = (act: () => void): void => {
      act()
      client.end(true)
    }
    client.once('connect', () => settle(resolve))
    client.on('error', (error) => settle(() => reject(error)))
    client.once('close', () =>
      settle(() => reject(new Error('连接被关闭，没有 MQTT 应答 · the connection was closed without an MQTT answer'))),
    )
  })
}

function checkPort(url: string): Promise<void> {
  const { hostname, port, protocol } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port) || (DEFAULT_PORTS[protocol] ?? 0) })
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error(`no connection within ${TIMEOUT_MS} ms`)))
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.destroy()
      resolve()
    })
  })
}

function adviceFor(error: unknown): string {
  const code = codeOf(error)
  if (typeof code === 'number' && REFUSALS.includes(code))
    return '凭据被拒绝：在网页“采集器”点“重新配对”，再运行 roomkeeper agent pair · refused: press Pair again on the page Agents, then run roomkeeper agent pair'
  if (/CERT|SIGNATURE|SSL|TLS|ALTNAME/.test(String(code)))
    return '检查 mqtt.ca 是否为签发服务器证书的机构，地址是否与证书一致 · check that mqtt.ca signed the broker’s certificate and that the address is the one in it'
  return '检查 mqtt.url、网络和防火墙，以及 MQTT 服务器是否在运行 · check mqtt.url, network and firewall, and that the broker runs'
}

function codeOf(error: unknown): string | number | undefined {
  return (error as { code?: string | number } | null)?.code
}

/** The address may carry a password. */
function safeUrl(text: string): string {
  return URL.canParse(text) ? `${new URL(text).protocol}//${new URL(text).host}` : 'mqtt.url'
}
