import { connect } from 'node:tls'
import { type Finding, ok, problem } from './finding.ts'

const SUBJECT = 'MQTT 证书 · broker certificate'
const TIMEOUT_MS = 10_000
const DAY_MS = 86_400_000
/** Time to get a new one signed and brought to the broker. */
const WARN_DAYS = 21
const TLS_PORTS: Record<string, number> = { 'mqtts:': 8883, 'ssl:': 8883, 'wss:': 443 }

/** How long the broker's certificate is valid still. undefined without TLS, and when the broker cannot be reached, which another check tells. */
export async function checkCertificate(brokerUrl: string, clock: { nowMs(): number }): Promise<Finding | undefined> {
  if (!URL.canParse(brokerUrl)) return undefined
  const { protocol, hostname, port } = new URL(brokerUrl)
  const defaultPort = TLS_PORTS[protocol]
  if (defaultPort === undefined) return undefined
  const validTo = await validToOf(hostname.replace(/^\[(.*)\]$/, '$1'), Number(port) || defaultPort)
  if (validTo === undefined) return undefined
  const days = Math.floor((Date.parse(validTo) - clock.nowMs()) / DAY_MS)
  const day = new Date(validTo).toISOString().slice(0, 10)
  if (days >= WARN_DAYS) return ok(SUBJECT, `有效期至 · valid until ${day}`)
  const detail = days < 0 ? `${day} 已过期 · has expired` : `${day} 到期，还有 ${days} 天 · expires in ${days} days`
  return problem(
    SUBJECT,
    detail,
    '更换 MQTT 服务器的证书；若已更换，检查本机时钟 · renew the broker’s certificate; if it is new, check this machine’s clock',
  )
}

/** Whether it is trusted is not asked here: an expired one has to be read too. */
function validToOf(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, rejectUnauthorized: false })
    const settle = (validTo: string | undefined): void => {
      socket.destroy()
      resolve(validTo)
    }
    socket.setTimeout(TIMEOUT_MS, () => settle(undefined))
    socket.once('error', () => settle(undefined))
    socket.once('secureConnect', () => settle(socket.getPeerCertificate().valid_to))
  })
}
