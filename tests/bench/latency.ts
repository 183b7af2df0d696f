import { setTimeout as sleep } from 'node:timers/promises'
import { io } from 'socket.io-client'
import type { SparkplugGenerator } from '../kit/sparkplug-generator.ts'
import { type Percentiles, percentiles, startLoadedServer } from './loaded-server.ts'

export const LATENCY_RATES = [1000, 20_000] as const
const WARM_UP_MS = 3000
const PROBE_TIMEOUT_MS = 5000
/** Probes do not fall into step with the load. */
const PAUSE_MS = 23

export type LatencyFigures = Record<string, Percentiles>

/**
 * From the publish of a reading that crosses a high-priority limit to the alarm in a socket of the dashboard's kind: broker, decode,
 * judgement, one durable transaction (alarm, incident, audit), push. A second agent makes the load, `rates` readings/s.
 */
export async function benchLatency(options: { probes: number; rates: readonly number[] }): Promise<LatencyFigures> {
  const { server, load, probe, dispose } = await startLoadedServer({ probePoints: 1, priority: 'high' })
  const socket = io(server.url, { transports: ['websocket'], extraHeaders: { cookie: await server.signIn() } })
  try {
    const figures: LatencyFigures = {}
    for (const rate of options.rates) {
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
    await dispose()
  }
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
