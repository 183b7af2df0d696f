import { journalLine, startWatchdog, writesToJournal } from '@roomkeeper/shared/systemd'
import { Command } from 'commander'
import pino, { type Logger } from 'pino'
import { ConfigError, loadAgentConfig } from './config/index.ts'
import { writeDemoConfig } from './demo-config.ts'
import { DRIVERS } from './drivers/index.ts'
import { type AgentStatus, startAgent } from './main.ts'
import type { PairOptions } from './pairing/pair-command.ts'

const URLS =
  'nut://host[:port]/ups  snmp://[community@]host[:port]  modbus://host[:port][/unitId]  rtu:///dev/ttyUSB0[?baudRate=9600&unitId=1]  rtu+tcp://host:port[/unitId]  sysfs:///sys  mqtt://[user@]host[:port]  ipmi://[user@]host[:port]  redfish://[user@]host[:port][?fingerprint=…]'
const MAP = 'Modbus 寄存器表（YAML） / register map of a Modbus device (YAML)'
const PROFILES = '自己的设备 profile 目录 / folder with your own device profiles'
const TIMEOUT = '单次应答最长等待，毫秒 / longest wait for one answer, ms'
const SECRETS =
  '\n密钥可由环境变量给出 / secrets may come from ROOMKEEPER_SNMP_COMMUNITY, ROOMKEEPER_SNMP_AUTH_PASSWORD, ROOMKEEPER_SNMP_PRIV_PASSWORD, ROOMKEEPER_MQTT_PASSWORD, ROOMKEEPER_IPMI_PASSWORD, ROOMKEEPER_REDFISH_PASSWORD'

const program = new Command('roomkeeper agent').description('采集器：读取设备，通过 MQTT 发布 / reads devices and publishes them over MQTT')

program
  .command('run', { isDefault: true })
  .description('按 agent.yaml 运行 / run by agent.yaml')
  .option('-c, --config <file>', 'agent.yaml', 'agent.yaml')
  .action((options: { config: string }) => run(options.config))

program
  .command('check')
  .description('检查 agent.yaml，不连接任何设备 / check agent.yaml without touching a device')
  .option('-c, --config <file>', 'agent.yaml', 'agent.yaml')
  .action((options: { config: string }) => {
    const config = load(options.config)
    for (const { id, message } of config.invalidDevices) console.error(`${id}: ${message}`)
    console.log(`${config.devices.length} 台设备可用 / devices usable, ${config.invalidDevices.length} 台有误 / wrong`)
    if (config.invalidDevices.length > 0) process.exitCode = 1
  })

program
  .command('demo')
  .description('试用采集器：模拟机房和本机传感器 / trial agent: a simulated room and this machine')
  .requiredOption('--folder <folder>', '配置与读数日志的目录 / folder of its configuration and log')
  .option('--no-room', '不带模拟机房 / without the simulated room')
  .action((options: { folder: string; room: boolean }) => run(writeDemoConfig(options.folder, options.room)))

program
  .command('read')
  .description('读取一台设备一次，列出测点 / read one device once and list its points')
  .argument('<url>', URLS)
  .option('--map <file>', MAP)
  .option('--profiles <folder>', PROFILES)
  .option('--json', 'JSON')
  .option('--timeout-ms <ms>', TIMEOUT, Number, 5000)
  .addHelpText('after', SECRETS)
  .action(async (url: string, options: { map?: string; profiles?: string; json?: boolean; timeoutMs: number }) => {
    const { readCommand } = await import('./discovery/read-command.ts')
    process.exitCode = await readCommand(url, options)
  })

program
  .command('discover')
  .description('列出此地址上的设备，给出可写入 agent.yaml 的配置 / list what answers, with its lines for agent.yaml')
  .argument('<url>', URLS)
  .option('--map <file>', MAP)
  .option('--profiles <folder>', PROFILES)
  .option('--timeout-ms <ms>', TIMEOUT, Number, 5000)
  .addHelpText('after', SECRETS)
  .action(async (url: string, options: { map?: string; profiles?: string; timeoutMs: number }) => {
    const { discoverCommand } = await import('./discovery/discover-command.ts')
    process.exitCode = await discoverCommand(url, options)
  })

program
  .command('doctor')
  .description('体检：配置、数据目录、时钟、设备、MQTT 服务器 / check configuration, data folder, clock, devices and broker')
  .option('-c, --config <file>', 'agent.yaml', 'agent.yaml')
  .action(async (options: { config: string }) => {
    const { doctorCommand } = await import('./discovery/doctor-command.ts')
    process.exitCode = await doctorCommand(options)
  })

program
  .command('pair')
  .description('用配对码领取凭据并写入 agent.yaml / get the credential for a pairing code and write agent.yaml')
  .requiredOption('--server <url>', '服务器网址，如 https://rooms.example:8080 / address of the server’s page')
  .requiredOption('--code <code>', '网页“采集器”上的配对码 / the code shown on the page Agents')
  .option('-c, --config <file>', 'agent.yaml', 'agent.yaml')
  .option('--ca <file>', '签发网页证书的机构证书（PEM） / PEM file of the authority of the server’s certificate')
  .option('--fingerprint <sha256>', '网页证书的 SHA-256 指纹 / SHA-256 fingerprint of the server’s certificate')
  .option('--insecure', '允许不加密的 http:// / allow http:// without encryption')
  .addHelpText('after', '\n退出码 / exit codes: 0 已配对并连上 / paired and connected; 1 未完成 / not done; 2 输入有误 / wrong input')
  .action(async (options: PairOptions) => {
    const { pairCommand } = await import('./pairing/pair-command.ts')
    process.exitCode = await pairCommand(options)
  })

/** Exit codes: 0 stopped as asked, 1 could not run, 2 the configuration is wrong. */
async function run(file: string): Promise<void> {
  const config = load(file)
  const log = createLog()
  const agent = await startAgent({ config, log, drivers: DRIVERS })
  const stopWatchdog = startWatchdog({
    stuck: agent.stuck,
    status: () => statusText(agent.status()),
    onStuck: (what) => log.fatal({ what }, 'part of the agent does not turn any more; systemd will start it anew'),
  })
  const stop = (): void => {
    void stopWatchdog()
    agent.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'the agent did not stop cleanly')
        process.exit(1)
      },
    )
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  // Started by the server's command line, which is gone (also killed): nobody else would end this process.
  process.once('disconnect', stop)
}

/** JSON lines, or lines for people when systemd's journal reads them. */
function createLog(): Logger {
  const options = { name: 'agent', level: process.env.ROOMKEEPER_LOG_LEVEL ?? 'info' }
  if (!writesToJournal()) return pino(options)
  const output = pino.destination({ dest: 1, sync: true })
  return pino(options, { write: (line: string) => void output.write(`${journalLine(line)}\n`) })
}

/** For `systemctl status`. */
function statusText({ broker, devices, faults, log }: AgentStatus): string {
  const alive = devices.filter(({ isAlive }) => isAlive).length
  return `${broker}; ${alive} of ${devices.length} devices answer; ${faults.length} faults; ${log?.backlog ?? '?'} scans wait`
}

function load(file: string) {
  try {
    return loadAgentConfig({ path: file, env: process.env, drivers: DRIVERS })
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    console.error(error.message)
    process.exit(2)
  }
}

await program.parseAsync()
