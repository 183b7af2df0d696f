import { randomUUID } from 'node:crypto'
import type { Device, RoomOverview } from '@roomkeeper/shared/http'
import { io } from 'socket.io-client'
import { waitFor } from '../kit/services/child-program.ts'
import { startInfluxd } from '../kit/services/influxd.ts'
import { startMosquitto } from '../kit/services/mosquitto.ts'
import { type ServerProcess, startServerProcess } from '../kit/services/server-process.ts'
import { SparkplugGenerator } from '../kit/sparkplug-generator.ts'
import { startLoadGenerator } from './load-generator.ts'

const RATES = [1000, 20_000] as const
const SITE = 'bench'
const WARM_UP_MS = 3000
const PROBE_TIMEOUT_MS = 5000
/** Probes do not fall into step with the load. */
const PAUSE_MS = 23

interface Percentiles {
  p50_ms: number
  p95_ms: number
  p99_ms: number
  probes: number
}
export type LatencyFigures = Record<string, Percentiles>

/**
 * From the publish of a reading that crosses a high-priority limit to the alarm in a socket of the dashboard's kind: broker, decode,
 * judgement, one durable transaction (alarm, incident, audit), push. A second agent makes the load.
 */
export async function benchLatency(options: { probes: number }): Promise<LatencyFigures> {
  const mosquitto = await startMosquitto()
  const influxd = await startInfluxd()
  const server = await startServerProcess({
    env: {
      ROOMKEEPER_MQTT_URL: mosquitto.adminUrl,
      ROOMKEEPER_INFLUX_URL: influxd.url,
      ROOMKEEPER_INFLUX_VERSION: '1',
      ROOMKEEPER_LOG_LEVEL: 'error',
    },
  })
  const probe = new SparkplugGenerator(
    {
      ...(await credentialFor(server, 'probe')),
      url: mosquitto.url,
      devices: 1,
      pointsPerDevice: 1,
      maxUncommittedReadings: 1e9,
      epoch: randomUUID(),
    },
    () => Date.now(),
  )
  const load = startLoadGenerator({
    ...(await credentialFor(server, 'load')),
    url: mosquitto.url,
    devices: 20,
    pointsPerDevice: 50,
    maxUncommittedReadings: 400_000,
    epoch: randomUUID(),
  })
  const socket = io(server.url, { transports: ['websocket'], extraHeaders: { cookie: await server.signIn() } })
  try {
    probe.connect()
    await waitFor('both agents are ready', 20_000, async () => (probe.isReady && load.last()?.ready ? true : undefined))
    await limitTheProbe(server)
    const figures: LatencyFigures = {}
    for (const rate of RATES) {
      load.rate(rate)
      await sleep(WARM_UP_MS)
      const latencies: number[] = []
      for (let i = 0; i < options.probes; i++) {
        latencies.push(await raiseOnce(socket, probe))
        await sleep(PAUSE_MS)
      }
      figures[`at_${rate}_readings_per_s`] = percentiles(latencies)
    }
    return figures
  } finally {
    socket.close()
    await load.stop()
    await probe.close()
    await server.dispose()
    await influxd.dispose()
    await mosquitto.dispose()
  }
}

async function credentialFor(server: ServerProcess, node: string) {
  const { username, password } = await server.send<{ username: string; password: string }>('POST', '/api/agents', { site: SITE, node })
  return { username, password, site: SITE, node }
}

/** The only point of the probe's device gets one limit: high, 90, at once, priority high. */
async function limitTheProbe(server: ServerProcess): Promise<void> {
  const point = await waitFor('the probe has appeared', 10_000, async () => {
    for (const room of await server.get<RoomOverview[]>('/api/rooms')) {
      const { deviceList } = await server.get<{ deviceList: Device[] }>(`/api/rooms/${room.id}`)
      const device = deviceList.find(({ path }) => path === `${SITE}/probe/d0`)
      if (device?.points[0]) return device.points[0]
    }
    return undefined
  })
  const limits = [{ condition: 'high', value: 90, deadband: 0, onDelayMs: 0, offDelayMs: 0, priority: 'high', enabled: true }]
  await server.send('PUT', `/api/points/${point.id}/limits`, { limits, reason: 'bench' })
}

async function raiseOnce(socket: ReturnType<typeof io>, probe: SparkplugGenerator): Promise<number> {
  const raised = nextAlarm(socket, true)
  const startMs = performance.now()
  probe.sendValues(() => 100)
  const latencyMs = (await raised) - startMs
  const cleared = nextAlarm(socket, false)
  probe.sendValues(() => 20)
  await cleared
  return latencyMs
}

function nextAlarm(socket: ReturnType<typeof io>, wantRaised: boolean): Promise<number> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      socket.off('alarm', hear)
      reject(new Error(`no alarm (raised: ${wantRaised}) within ${PROBE_TIMEOUT_MS} ms`))
    }, PROBE_TIMEOUT_MS)
    const hear = ({ raised }: { raised: boolean }): void => {
      if (raised !== wantRaised) return
      clearTimeout(timer)
      socket.off('alarm', hear)
      resolve(performance.now())
    }
    socket.on('alarm', hear)
  })
}

function percentiles(values: number[]): Percentiles {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number): number => Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 10) / 10
  return { p50_ms: at(0.5), p95_ms: at(0.95), p99_ms: at(0.99), probes: values.length }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
