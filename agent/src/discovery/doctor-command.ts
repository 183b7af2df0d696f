import { type AgentConfig, ConfigError, loadAgentConfig } from '../config/index.ts'
import { DRIVERS } from '../drivers/index.ts'
import { checkBroker } from './doctor/broker.ts'
import { checkCertificate } from './doctor/certificate.ts'
import { checkClock } from './doctor/clock.ts'
import { checkDataFolder } from './doctor/data-folder.ts'
import { checkDevice } from './doctor/devices.ts'
import { type Finding, findingText, ok, problem } from './doctor/finding.ts'
import { checkSerialPorts } from './doctor/serial-port.ts'
import { checkServerClock } from './doctor/server-clock.ts'
import { consoleOutput, type Output } from './run-command.ts'

const CONFIGURATION = '配置 · configuration'
const CONFIGURATION_ADVICE = '按提示修改此文件 · change the file as the message says'

interface DoctorOptions {
  /** Path of agent.yaml. */
  config: string
  env?: NodeJS.ProcessEnv
  clock?: { nowMs(): number }
}

/**
 * `doctor`: checks everything the agent needs and prints one line a check. Exit codes: 0 all is well, 1 there are problems,
 * 2 the configuration is wrong (devices that are right are still checked).
 */
export async function doctorCommand(options: DoctorOptions, output: Output = consoleOutput): Promise<number> {
  const { config: path, env = process.env, clock = { nowMs: () => Date.now() } } = options
  const tell = (finding: Finding): boolean => {
    output.result(findingText(finding))
    return finding.isOk
  }
  let config: AgentConfig
  try {
    config = loadAgentConfig({ path, env, drivers: DRIVERS })
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    for (const line of error.message.split('\n')) tell(problem(CONFIGURATION, line, CONFIGURATION_ADVICE))
    return 2
  }
  const { devices, invalidDevices } = config
  for (const { message } of invalidDevices) for (const line of message.split('\n')) tell(problem(CONFIGURATION, line, CONFIGURATION_ADVICE))
  if (invalidDevices.length === 0) tell(ok(CONFIGURATION, `${path}: ${devices.length} 台设备 · devices`))

  // All at once, as the agent itself reads them: a silent device must not hold up the rest. Told in the order of the file.
  const checks = [
    checkDataFolder(config.dataDir, config.log.maxMegabytes),
    [checkClock(clock)],
    ...(config.server === undefined ? [] : [checkServerClock(config.server, clock).then((finding) => [finding])]),
    checkSerialPorts(devices),
    ...devices.map((device) => checkDevice(device, DRIVERS, { clock, profilesDir: config.profilesDir }).then((finding) => [finding])),
    checkBroker(config).then((finding) => [finding]),
    checkCertificate(config.mqtt.url, clock).then((finding) => finding ?? []),
  ]
  const findings = (await Promise.all(checks)).flat()
  const isWell = findings.map(tell).every(Boolean)
  if (invalidDevices.length > 0) return 2
  return isWell ? 0 : 1
}
