import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connectAsync } from 'mqtt'
import { openReadingLog } from '../../agent/src/log/index.ts'
import { AGENT_COMPILE_CACHE, AGENT_NODE_FLAGS } from '../../server/src/agent-program.ts'
import { decodePayload, METRIC, topicOf } from '../../shared/src/sparkplug/index.ts'
import { startChildProgram, waitFor } from '../kit/services/child-program.ts'
import { cpuSeconds, startInfluxd } from '../kit/services/influxd.ts'
import { startModbusPeer } from '../kit/services/modbus-peer.ts'
import { startMosquitto } from '../kit/services/mosquitto.ts'
import { type ServerProcess, startServerProcess } from '../kit/services/server-process.ts'
import { memoryOf } from './agent.ts'

const AGENT_CLI = fileURLToPath(new URL('../../agent/src/cli.ts', import.meta.url))
const NODE = { site: 'bench', node: 'replay' }
const LIVE_DEVICE = 'live'
const LIVE_INTERVAL_MS = 1000
const DEVICES = 10
const POINTS_PER_DEVICE = 20
const BACKLOG_INTERVAL_MS = 10_000
const DAY_MS = 86_400_000
/** Keys as long as those of real devices. */
const keyOf = (point: number): string => `point.voltage${point}`

export interface ReplayFigures {
  backlog_readings: number
  backlog_mb: number
  bytes_per_reading: number
  drain_s: number
  readings_per_s: number
  /** From the scan of a device read each second to its arrival at another client of the broker, while the backlog drained. */
  live_late_p50_ms: number
  live_late_p99_ms: number
  live_late_max_ms: number
  live_scans: number
  /** The same scans at the server, judged: share later than a second, by its own histogram. */
  server_live_late_share: number
  agent_peak_mb: number
  server_peak_mb: number
  cpu_cores: { agent: number; server: number; influxd: number; mosquitto: number }
}

/** Seven days of 200 points at 10-s scans, logged while the server was away, through mosquitto into the server and InfluxDB 1.6. */
export async function benchReplay(options: { days: number; onProgress?(line: string): void }): Promise<ReplayFigures> {
  const progress = options.onProgress ?? (() => undefined)
  const folder = await mkdtemp(join(tmpdir(), 'roomkeeper-bench-'))
  const undo: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })]
  try {
    const backlog = await makeBacklog(join(folder, 'data', 'log'), Math.round((options.days * DAY_MS) / BACKLOG_INTERVAL_MS))
    progress(`the log has ${backlog.readings} readings in ${Math.round(backlog.bytes / 1e6)} MB`)
    const mosquitto = await startMosquitto()
    undo.push(() => mosquitto.dispose())
    const influxd = await startInfluxd()
    undo.push(() => influxd.dispose())
    const server = await startServerProcess({
      env: {
        ROOMKEEPER_MQTT_URL: mosquitto.adminUrl,
        ROOMKEEPER_INFLUX_URL: influxd.url,
        ROOMKEEPER_INFLUX_VERSION: '1',
        ROOMKEEPER_LOG_LEVEL: 'error',
      },
    })
    undo.push(() => server.dispose())
    const { username, password } = await server.send<{ username: string; password: string }>('POST', '/api/agents', NODE)
    const peer = await startModbusPeer((unit, register) => (Math.floor(Date.now() / 1000) + unit * 31 + register * 7) % 500)
    undo.push(() => peer.stop())

    const watch = await watchBroker(mosquitto.adminUrl)
    undo.push(() => watch.close())
    const config = join(folder, 'agent.yaml')
    await writeFile(config, JSON.stringify(configuration(mosquitto.url, { username, password }, peer.port)), { mode: 0o600 })
    const startedMs = performance.now()
    const agent = startChildProgram(process.execPath, [...AGENT_NODE_FLAGS, AGENT_CLI, 'run', '--config', config], {
      NODE_COMPILE_CACHE: AGENT_COMPILE_CACHE,
    })
    undo.push(() => agent.stop())
    const pids = {
      agent: agent.process.pid as number,
      server: server.pid() as number,
      influxd: influxd.pid() as number,
      mosquitto: mosquitto.pid() as number,
    }
    await waitFor(
      () => `the replay begins: ${agent.output()}`,
      30_000,
      async () => (watch.committed() > 0 ? true : undefined),
    )
    const cpuBefore = await cpuOf(pids)
    let told = performance.now()
    await waitFor(
      () => `the backlog is committed (${watch.committed()} of ${backlog.lastOffset})\n${agent.output()}\n${server.output()}`,
      3_600_000,
      async () => {
        if (performance.now() - told > 10_000) {
          told = performance.now()
          progress(`committed ${Math.round((watch.committed() / backlog.lastOffset) * 100)} %`)
        }
        return watch.committed() >= backlog.lastOffset ? true : undefined
      },
    )
    const drainS = (performance.now() - startedMs) / 1000
    const cpuAfter = await cpuOf(pids)
    const worst = watch.lateMs().flatMap((ms, i) => (ms > 250 ? [`scan ${i}: ${ms} ms`] : []))
    if (worst.length > 0) progress(`the latest live scans: ${worst.join(', ')}`)
    const late = watch.lateMs().toSorted((a, b) => a - b)
    const at = (share: number): number => Math.round(late[Math.min(late.length - 1, Math.floor(late.length * share))] ?? -1)
    const cores = (name: keyof typeof pids): number => Math.round(((cpuAfter[name] - cpuBefore[name]) / drainS) * 100) / 100
    return {
      backlog_readings: backlog.readings,
      backlog_mb: Math.round(backlog.bytes / 1e6),
      bytes_per_reading: Math.round((backlog.bytes / backlog.readings) * 100) / 100,
      drain_s: Math.round(drainS * 10) / 10,
      readings_per_s: Math.round(backlog.readings / drainS),
      live_late_p50_ms: at(0.5),
      live_late_p99_ms: at(0.99),
      live_late_max_ms: at(1),
      live_scans: late.length,
      server_live_late_share: await lateShareAtServer(server),
      agent_peak_mb: (await memoryOf(pids.agent)).peak_rss_mb,
      server_peak_mb: (await memoryOf(pids.server)).peak_rss_mb,
      cpu_cores: { agent: cores('agent'), server: cores('server'), influxd: cores('influxd'), mosquitto: cores('mosquitto') },
    }
  } finally {
    for (const step of undo.toReversed()) await step()
  }
}

/** A log as an agent leaves it that read all its devices each 10 s up to now and never saw its server. */
async function makeBacklog(folder: string, scans: number): Promise<{ readings: number; bytes: number; lastOffset: number }> {
  const log = await openReadingLog({
    folder,
    maxBytes: 1e10,
    maxAgeMs: 1e12,
    clock: { nowMs: () => Date.now() },
    events: { onLoss: () => {}, onDamage: () => {}, onWarning: () => {} },
  })
  const firstMs = Date.now() - scans * BACKLOG_INTERVAL_MS
  for (let n = 0; n < scans; n += 50) {
    const appended: Promise<unknown>[] = []
    for (let i = n; i < Math.min(scans, n + 50); i++) {
      for (let device = 0; device < DEVICES; device++) {
        const readings = Array.from({ length: POINTS_PER_DEVICE }, (_, point) => ({
          key: keyOf(point),
          value: 220 + Math.round(Math.sin(i / 300 + device + point) * 40) / 10,
          quality: 'good' as const,
        }))
        appended.push(log.append({ device: `d${device}`, timeMs: firstMs + i * BACKLOG_INTERVAL_MS + device, readings }))
      }
    }
    await Promise.all(appended)
  }
  const made = { readings: scans * DEVICES * POINTS_PER_DEVICE, bytes: log.bytes, lastOffset: log.nextOffset - 1 }
  await log.close()
  return made
}

function configuration(url: string, credential: object, modbusPort: number): object {
  const device = (id: string, unitId: number, intervalMs: number): object => ({
    id,
    driver: 'modbus',
    intervalMs,
    host: '127.0.0.1',
    port: modbusPort,
    unitId,
    points: Array.from({ length: POINTS_PER_DEVICE }, (_, register) => ({ key: keyOf(register), kind: 'number', register })),
  })
  return {
    ...NODE,
    mqtt: { url, ...credential },
    dataDir: 'data',
    devices: [
      device(LIVE_DEVICE, 100, LIVE_INTERVAL_MS),
      ...Array.from({ length: DEVICES }, (_, i) => device(`d${i}`, i, BACKLOG_INTERVAL_MS)),
    ],
  }
}

/** A third client of the broker: hears the live device's scans and the server's commits, and decodes nothing else. */
async function watchBroker(adminUrl: string) {
  const client = await connectAsync(adminUrl, { protocolVersion: 4, clean: true })
  const data = topicOf({ group: NODE.site, type: 'DDATA', node: NODE.node, device: LIVE_DEVICE })
  const commands = topicOf({ group: NODE.site, type: 'NCMD', node: NODE.node })
  const late: number[] = []
  let committed = 0
  client.on('message', (topic, bytes) => {
    const nowMs = Date.now()
    const { metrics } = decodePayload(bytes)
    if (topic === commands) {
      const offset = metrics.find(({ name }) => name === METRIC.committedOffset)?.value
      if (typeof offset === 'number') committed = Math.max(committed, offset)
      return
    }
    // The live device's own records come again at the end of the replay.
    if (metrics[0]?.timestampMs !== undefined && !metrics[0].isHistorical) late.push(nowMs - metrics[0].timestampMs)
  })
  await client.subscribeAsync([data, commands], { qos: 0 })
  return { committed: () => committed, lateMs: () => late, close: () => client.endAsync(true) }
}

async function lateShareAtServer(server: ServerProcess): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`, { headers: { cookie: await server.signIn() } })).text()
  const value = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? Number.NaN)
  const all = value(/^roomkeeper_ingest_lag_seconds_count (\d+)/m)
  const inTime = value(/^roomkeeper_ingest_lag_seconds_bucket\{le="1"\} (\d+)/m)
  return Math.round((1 - inTime / all) * 10_000) / 10_000
}

async function cpuOf<Name extends string>(pids: Record<Name, number>): Promise<Record<Name, number>> {
  const entries = await Promise.all(
    (Object.entries(pids) as [Name, number][]).map(async ([name, pid]) => [name, await cpuSeconds(pid)] as const),
  )
  return Object.fromEntries(entries) as Record<Name, number>
}
