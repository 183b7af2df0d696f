import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { waitFor } from '../kit/services/child-program.ts'
import { cpuSeconds } from '../kit/services/influxd.ts'
import { startServerProcess } from '../kit/services/server-process.ts'
import { startLoadGenerator } from './load-generator.ts'

const DEVICES = 200
const POINTS_PER_DEVICE = 50
/** Every point each 10 seconds, the agents' default interval. */
const READINGS_PER_S = (DEVICES * POINTS_PER_DEVICE) / 10
const NODE = { site: 'bench', node: 'generator' }

export interface MemoryFigures {
  points: number
  readings_per_s: number
  server_rss_mb: number
  server_peak_mb: number
  server_cpu_share: number
}

/** Resident memory of the server with 10,000 points at their usual rate: embedded broker, embedded store. */
export async function benchMemory(options: { seconds: number }): Promise<MemoryFigures> {
  const server = await startServerProcess({ env: { ROOMKEEPER_LOG_LEVEL: 'error' } })
  try {
    const { username, password } = await server.send<{ username: string; password: string }>('POST', '/api/agents', NODE)
    const generator = startLoadGenerator({
      url: `mqtt://127.0.0.1:${server.mqttPort}`,
      username,
      password,
      ...NODE,
      devices: DEVICES,
      pointsPerDevice: POINTS_PER_DEVICE,
      maxUncommittedReadings: 1_000_000,
      epoch: randomUUID(),
      kind: 'temperature',
    })
    await waitFor('the generator is ready', 30_000, async () => (generator.last()?.ready ? true : undefined))
    generator.rate(READINGS_PER_S)
    await waitFor('readings are committed', 120_000, async () => ((generator.last()?.committedOffset ?? 0) > DEVICES ? true : undefined))
    const pid = server.pid() as number
    const cpuBefore = await cpuSeconds(pid)
    await new Promise((resolve) => setTimeout(resolve, options.seconds * 1000))
    const share = ((await cpuSeconds(pid)) - cpuBefore) / options.seconds
    const status = await readFile(`/proc/${pid}/status`, 'utf8')
    const megabytes = (field: string): number => Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024)
    await generator.stop()
    return {
      points: DEVICES * POINTS_PER_DEVICE,
      readings_per_s: READINGS_PER_S,
      server_rss_mb: megabytes('VmRSS'),
      server_peak_mb: megabytes('VmHWM'),
      server_cpu_share: Math.round(share * 1000) / 1000,
    }
  } finally {
    await server.dispose()
  }
}
