import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import { type ChildProgram, startChildProgram } from '../kit/services/child-program.ts'

const AGENT_CLI = fileURLToPath(new URL('../../agent/src/cli.ts', import.meta.url))

export interface AgentLoad {
  site: string
  node: string
  devices: number
  pointsPerDevice: number
  intervalMs: number
  modbusPort: number
  broker: { url: string; username: string; password: string }
}

/** The real agent as a process of its own, reading many small Modbus devices. */
export class AgentProcess {
  readonly logFolder: string
  private readonly folder: string
  private readonly load: AgentLoad
  private child: ChildProgram | undefined

  constructor(folder: string, load: AgentLoad) {
    this.folder = folder
    this.load = load
    this.logFolder = join(folder, 'data', 'log')
  }

  async start(): Promise<void> {
    await mkdir(this.folder, { recursive: true })
    const config = join(this.folder, 'agent.yaml')
    await writeFile(config, this.configuration())
    const { url, username, password } = this.load.broker
    const env = { ROOMKEEPER_AGENT_MQTT_URL: url, ROOMKEEPER_AGENT_MQTT_USERNAME: username, ROOMKEEPER_AGENT_MQTT_PASSWORD: password }
    this.child = startChildProgram(process.execPath, [AGENT_CLI, 'run', '--config', config], env, join(this.folder, 'agent.log'))
  }

  async stop(signal?: NodeJS.Signals): Promise<void> {
    await this.child?.stop(signal)
  }

  output(): string {
    return this.child?.output() ?? ''
  }

  private configuration(): string {
    const { site, node, devices, pointsPerDevice, intervalMs, modbusPort } = this.load
    return stringify({
      site,
      node,
      mqtt: { url: 'mqtt://replaced-by-environment' },
      dataDir: 'data',
      devices: Array.from({ length: devices }, (_, device) => ({
        id: `d${device}`,
        driver: 'modbus',
        room: 'faults',
        intervalMs,
        timeoutMs: 2000,
        host: '127.0.0.1',
        port: modbusPort,
        unitId: device,
        points: Array.from({ length: pointsPerDevice }, (_, register) => ({ key: `p${register}`, kind: 'number', register })),
      })),
    })
  }
}
