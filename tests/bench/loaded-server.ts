import { randomUUID } from 'node:crypto'
import type { Device, RoomOverview } from '@roomkeeper/shared/http'
import { waitFor } from '../kit/services/child-program.ts'
import { startInfluxd } from '../kit/services/influxd.ts'
import { startMosquitto } from '../kit/services/mosquitto.ts'
import { type ServerProcess, startServerProcess } from '../kit/services/server-process.ts'
import { SparkplugGenerator } from '../kit/sparkplug-generator.ts'
import { type LoadGenerator, startLoadGenerator } from './load-generator.ts'

const SITE = 'bench'

/** Mosquitto, InfluxDB 1.6 and the server; one agent makes the load, another one the readings that cross a limit. */
export interface LoadedServer {
  server: ServerProcess
  load: LoadGenerator
  /** One device of `probePoints` points, each with one limit: high, 90, at once. */
  probe: SparkplugGenerator
  dispose(): Promise<void>
}

export async function startLoadedServer(options: { probePoints: number; priority: 'high' | 'critical' }): Promise<LoadedServer> {
  const undo: (() => Promise<void>)[] = []
  const dispose = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
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
    const probe = new SparkplugGenerator(
      {
        ...(await credentialFor(server, 'probe')),
        url: mosquitto.url,
        devices: 1,
        pointsPerDevice: options.probePoints,
        maxUncommittedReadings: 1e9,
        epoch: randomUUID(),
      },
      () => Date.now(),
    )
    undo.push(() => probe.close())
    const load = startLoadGenerator({
      ...(await credentialFor(server, 'load')),
      url: mosquitto.url,
      devices: 20,
      pointsPerDevice: 50,
      maxUncommittedReadings: 400_000,
      epoch: randomUUID(),
    })
    undo.push(() => load.stop())
    probe.connect()
    await waitFor('both agents are ready', 20_000, async () => (probe.isReady && load.last()?.ready ? true : undefined))
    await limitTheProbe(server, options)
    return { server, load, probe, dispose }
  } catch (error) {
    await dispose()
    throw error
  }
}

async function credentialFor(server: ServerProcess, node: string) {
  const { username, password } = await server.send<{ username: string; password: string }>('POST', '/api/agents', { site: SITE, node })
  return { username, password, site: SITE, node }
}

async function limitTheProbe(server: ServerProcess, { probePoints, priority }: { probePoints: number; priority: string }): Promise<void> {
  const points = await waitFor('the probe has appeared', 10_000, async () => {
    for (const room of await server.get<RoomOverview[]>('/api/rooms')) {
      const { deviceList } = await server.get<{ deviceList: Device[] }>(`/api/rooms/${room.id}`)
      const device = deviceList.find(({ path }) => path === `${SITE}/probe/d0`)
      if (device?.points.length === probePoints) return device.points
    }
    return undefined
  })
  const limits = [{ condition: 'high', value: 90, deadband: 0, onDelayMs: 0, offDelayMs: 0, priority, enabled: true }]
  for (const { id } of points)
    await server.send('PUT', '/api/limit-sets', { target: { scope: 'point', pointId: id }, limits, reason: 'bench', basedOn: 0 })
}

export interface Percentiles {
  p50_ms: number
  p95_ms: number
  p99_ms: number
  probes: number
}

export function percentiles(values: number[]): Percentiles {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number): number => Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 10) / 10
  return { p50_ms: at(0.5), p95_ms: at(0.95), p99_ms: at(0.99), probes: values.length }
}
