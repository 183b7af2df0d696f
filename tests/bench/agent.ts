import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AGENT_COMPILE_CACHE, AGENT_NODE_FLAGS } from '../../server/src/agent-program.ts'
import { FakeHost } from '../kit/agent/fake-host.ts'
import { type ChildProgram, startChildProgram, waitFor } from '../kit/services/child-program.ts'
import { cpuSeconds } from '../kit/services/influxd.ts'
import { startModbusPeer } from '../kit/services/modbus-peer.ts'
import { startMosquitto } from '../kit/services/mosquitto.ts'

const AGENT_CLI = fileURLToPath(new URL('../../agent/src/cli.ts', import.meta.url))
const NODE = { site: 'bench', node: 'agent' }
const DEVICES = 10
const POINTS_PER_DEVICE = 20
const INTERVAL_MS = 10_000
const COMMIT_INTERVAL_MS = 1000

export interface AgentFigures {
  points: number
  interval_s: number
  /** Resident memory as `ps` shows it, at the end; pages of the Node program that all its processes share are in it. */
  rss_mb: number
  /** The same with shared pages divided among the processes that share them (smaps_rollup). */
  pss_mb: number
  /** Pages nobody else has, written or not. */
  private_mb: number
  /** Only what was allocated: heap, stacks, buffers; without the pages of program files. */
  anonymous_mb: number
  peak_rss_mb: number
  /** Of one core, in percent, over `seconds`. */
  cpu_percent: number
  seconds: number
  scans: number
}

export interface AgentBenchOptions {
  seconds: number
  /** Node's options instead of those the agent is delivered with. */
  nodeFlags?: readonly string[]
  cli?: string
}

/** Memory and CPU of the agent's own program with 200 Modbus points at its usual rate, connected to mosquitto and a host that commits. */
export async function benchAgent({ seconds, nodeFlags = AGENT_NODE_FLAGS, cli = AGENT_CLI }: AgentBenchOptions): Promise<AgentFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'roomkeeper-bench-'))
  const broker = await startMosquitto({ dynamicSecurity: false })
  const peer = await startModbusPeer((unit, register) => (Math.floor(Date.now() / 1000) + unit * 31 + register * 7) % 500)
  const host = new FakeHost({ url: broker.url, ...NODE, hostId: 'roomkeeper' })
  let agent: ChildProgram | undefined
  let committing: NodeJS.Timeout | undefined
  try {
    await host.start()
    const config = join(folder, 'agent.yaml')
    await writeFile(config, JSON.stringify(configuration(broker.url, peer.port)))
    const start = (): ChildProgram =>
      startChildProgram(process.execPath, [...nodeFlags, cli, 'run', '--config', config], {
        NODE_COMPILE_CACHE: AGENT_COMPILE_CACHE,
      })
    const runs = (program: ChildProgram): Promise<unknown> =>
      waitFor(
        () => `every device is read: ${program.output()}`,
        30_000,
        async () => (new Set(host.scans.map(({ device }) => device)).size === DEVICES ? true : undefined),
      )
    // The first start fills the compile cache, which an installed agent has.
    agent = start()
    await runs(agent)
    await agent.stop()
    host.scans.length = 0
    agent = start()
    await runs(agent)
    committing = setInterval(() => {
      const newest = host.scans.at(-1)?.offset
      if (newest !== undefined) void host.commit(newest)
    }, COMMIT_INTERVAL_MS)
    await sleep(5000)
    const pid = agent.process.pid as number
    const scansBefore = host.scans.length
    const cpuBefore = await cpuSeconds(pid)
    await sleep(seconds * 1000)
    const cpuPercent = (((await cpuSeconds(pid)) - cpuBefore) / seconds) * 100
    return {
      points: DEVICES * POINTS_PER_DEVICE,
      interval_s: INTERVAL_MS / 1000,
      ...(await memoryOf(pid)),
      cpu_percent: Math.round(cpuPercent * 100) / 100,
      seconds,
      scans: host.scans.length - scansBefore,
    }
  } finally {
    clearInterval(committing)
    await agent?.stop()
    await host.stop()
    await peer.stop()
    await broker.dispose()
    await rm(folder, { recursive: true, force: true })
  }
}

function configuration(url: string, modbusPort: number): object {
  return {
    ...NODE,
    mqtt: { url },
    dataDir: 'data',
    devices: Array.from({ length: DEVICES }, (_, device) => ({
      id: `d${device}`,
      driver: 'modbus',
      intervalMs: INTERVAL_MS,
      host: '127.0.0.1',
      port: modbusPort,
      unitId: device,
      points: Array.from({ length: POINTS_PER_DEVICE }, (_, register) => ({ key: `p${register}`, kind: 'number', register })),
    })),
  }
}

/** Of a running process, from /proc. */
export async function memoryOf(
  pid: number,
): Promise<Pick<AgentFigures, 'rss_mb' | 'pss_mb' | 'private_mb' | 'anonymous_mb' | 'peak_rss_mb'>> {
  const text = (await readFile(`/proc/${pid}/smaps_rollup`, 'utf8')) + (await readFile(`/proc/${pid}/status`, 'utf8'))
  const megabytes = (...fields: string[]): number =>
    Math.round(fields.reduce((sum, field) => sum + Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0), 0) / 102.4) / 10
  return {
    rss_mb: megabytes('Rss'),
    pss_mb: megabytes('Pss'),
    private_mb: megabytes('Private_Clean', 'Private_Dirty'),
    anonymous_mb: megabytes('RssAnon'),
    peak_rss_mb: megabytes('VmHWM'),
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
