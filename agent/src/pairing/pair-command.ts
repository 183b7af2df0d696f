import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { Paired } from '@roomkeeper/shared/http'
import { pairingCodeOf } from '@roomkeeper/shared/model'
import { ConfigError, ENVIRONMENT, loadAgentConfig } from '../config/index.ts'
import { checkBroker } from '../discovery/doctor/broker.ts'
import { findingText } from '../discovery/doctor/finding.ts'
import { consoleOutput, exitCodeOf, type Output } from '../discovery/run-command.ts'
import { WrongInput } from '../discovery/wrong-input.ts'
import { DRIVERS } from '../drivers/index.ts'
import { type AgentFiles, openAgentFiles } from './agent-files.ts'
import { askServer, PairingError, type ServerAddress } from './ask-server.ts'

export interface PairOptions {
  server: string
  code: string
  /** Path of agent.yaml. */
  config: string
  /** PEM file. */
  ca?: string
  fingerprint?: string
  insecure?: boolean
}

/** A server that is busy, or slows this network down, is asked again for so long. */
const PATIENCE_MS = 60_000

/**
 * `pair`: exchanges the code for a credential, writes agent.yaml and its files, and tries the broker. Exit codes: 0 paired and connected,
 * 1 not done (or the broker does not answer), 2 what was typed is wrong; then the code was not used.
 */
export function pairCommand(options: PairOptions, output: Output = consoleOutput, env = process.env): Promise<number> {
  return exitCodeOf(output, async () => {
    const address = await addressOf(options)
    const code = pairingCodeOf(options.code)
    if (code === undefined)
      throw new WrongInput(
        '--code: 应为 8 位字母和数字，如 ABCD-2345 · must be 8 letters and digits, such as ABCD-2345 (never 0, O, 1, I, L)',
      )
    if (address.url.protocol === 'http:' && !isLoopback(address.url)) output.message(PLAIN_WARNING)
    const files = await openAgentFiles(options.config)
    let paired: Paired
    try {
      paired = await askPatiently(address, code, output)
    } catch (error) {
      if (!(error instanceof PairingError)) throw error
      output.message(`未配对 · not paired: ${error.message}`)
      output.message(`→ ${adviceFor(error)}`)
      return 1
    }
    return await finish(paired, address.url, files, options, output, env)
  })
}

async function finish(
  paired: Paired,
  server: URL,
  files: AgentFiles,
  { config: path }: PairOptions,
  output: Output,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  try {
    await files.write(paired, server)
  } catch (error) {
    output.message(`凭据已领取，但文件无法写入 · The credential was issued, but the files cannot be written: ${(error as Error).message}`)
    output.message('→ 排除原因后，在网页“采集器”生成新的配对码 · mend this, then make a new code on the page Agents')
    return 1
  }
  output.result(`已配对 · paired: ${paired.site} / ${paired.node}`)
  output.result(`  ${files.places.config}`)
  output.result(`  ${files.places.password} (0600)`)
  const overriding = Object.keys(ENVIRONMENT).filter((variable) => env[variable])
  if (overriding.length > 0) output.message(`注意：环境变量优先于文件 · note: the environment wins over the file: ${overriding.join(', ')}`)
  try {
    const config = loadAgentConfig({ path, env, drivers: DRIVERS })
    const finding = await checkBroker(config)
    output.result(findingText(finding))
    if (!finding.isOk) return 1
    for (const line of nextSteps(path, config.devices.length)) output.result(line)
    return 0
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    output.message(error.message)
    return 2
  }
}

async function askPatiently(address: ServerAddress, code: string, output: Output): Promise<Paired> {
  const endMs = performance.now() + PATIENCE_MS
  for (;;) {
    try {
      return await askServer(address, code)
    } catch (error) {
      if (!(error instanceof PairingError) || error.kind !== 'busy' || performance.now() + error.retryAfterMs > endMs) throw error
      output.message(error.message)
      await delay(error.retryAfterMs)
    }
  }
}

async function addressOf({ server, ca, fingerprint, insecure }: PairOptions): Promise<ServerAddress> {
  const url = URL.canParse(server) ? new URL(server) : undefined
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw new WrongInput('--server: 应为网址，如 https://rooms.example:8080 · must be an address such as https://rooms.example:8080')
  if (url.protocol === 'http:' && !isLoopback(url) && insecure !== true)
    throw new WrongInput(
      `--server: ${url.origin} 不加密，配对码和密码会明文传输。请用 https://，或确认网络可信后加 --insecure · is not encrypted: code and password would travel in the clear. Use https://, or add --insecure if you trust the network`,
    )
  if (fingerprint !== undefined && !/^[0-9a-f]{64}$/i.test(fingerprint.replaceAll(':', '')))
    throw new WrongInput('--fingerprint: 应为 64 位十六进制的 SHA-256 指纹 · must be a SHA-256 fingerprint of 64 hexadecimal digits')
  if (ca === undefined) return { url, ...(fingerprint === undefined ? {} : { fingerprint }) }
  try {
    return { url, ca: await readFile(ca, 'utf8'), ...(fingerprint === undefined ? {} : { fingerprint }) }
  } catch (error) {
    throw new WrongInput(`--ca: 无法读取 · cannot be read: ${(error as Error).message}`)
  }
}

function isLoopback({ hostname }: URL): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
}

const PLAIN_WARNING =
  '警告：http:// 不加密，配对码和密码将明文传输 · WARNING: http:// is not encrypted; code and password travel in the clear'

function adviceFor({ kind, fingerprint }: PairingError): string {
  switch (kind) {
    case 'unreachable':
      return '检查网址、网络和防火墙，以及服务器是否在运行；配对码未使用 · check address, network and firewall, and that the server runs; the code was not used'
    case 'untrusted':
      return `证书不受信任，配对码未发送。用 --ca 指定机构证书；或在服务器上核对指纹后用 --fingerprint ${fingerprint} · the certificate is not trusted and the code was not sent. Give its authority by --ca, or compare the fingerprint at the server and repeat with --fingerprint`
    case 'refused':
      return '在网页“采集器”查看，必要时生成新的配对码 · look at the page Agents; make a new code if need be'
    case 'busy':
      return '稍后再试 · try again later'
    case 'not-roomkeeper':
      return '检查 --server 的地址和端口 · check address and port of --server'
  }
}

function nextSteps(path: string, devices: number): string[] {
  return [
    '',
    '接下来 · next:',
    ...(devices > 0
      ? []
      : [
          '  roomkeeper agent discover snmp://192.0.2.10    列出设备并给出配置，粘贴到上面的文件 · lists a device and prints its lines for the file above',
        ]),
    `  roomkeeper agent doctor --config ${path}    体检 · checks everything`,
    `  roomkeeper agent run --config ${path}    运行 · runs it`,
    '  systemctl restart roomkeeper-agent    作为服务运行 · as a service (deploy/systemd/roomkeeper-agent.service)',
  ]
}
