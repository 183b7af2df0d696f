import { Agent, request } from 'node:http'

/** Points per write and writes in flight: where this InfluxDB's gain levels off. */
const BATCH_POINTS = 5000
const CONNECTIONS = 2

/**
 * What this InfluxDB takes from a client that does nothing but send ready-made line protocol: one line per reading (the usual
 * measure), and one line per scan of 50 readings (the shape the server writes). Bodies are made before the clock starts.
 */
export async function rawIngest(
  url: string,
  options: { series: number; points: number },
): Promise<{ pointsPerS: number; scanReadingsPerS: number }> {
  await post(`${url}/query?q=${encodeURIComponent('CREATE DATABASE raw')}`, '')
  const pointsPerS = await measure(url, options.points, (batch) => lineBodies(batch, options.series))
  const scanReadingsPerS = await measure(url, options.points, (batch) => scanBodies(batch, options.series))
  return { pointsPerS, scanReadingsPerS }
}

async function measure(url: string, points: number, body: (batch: number) => string): Promise<number> {
  const bodies = Array.from({ length: Math.ceil(points / BATCH_POINTS) }, (_, batch) => Buffer.from(body(batch)))
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  let next = 0
  const startMs = performance.now()
  const worker = async (): Promise<void> => {
    for (let body = bodies[next++]; body; body = bodies[next++]) await post(`${url}/write?db=raw&precision=ms`, body, agent)
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, worker))
  const seconds = (performance.now() - startMs) / 1000
  agent.destroy()
  return (bodies.length * BATCH_POINTS) / seconds
}

const BASE_MS = 1_795_000_000_000

function lineBodies(batch: number, series: number): string {
  const lines: string[] = []
  for (let i = 0; i < BATCH_POINTS; i++) {
    const n = batch * BATCH_POINTS + i
    const point = n % series
    lines.push(
      `raw,site=bench,node=generator,device=d${point % 20},point=p${point} value=${20 + (n % 500) / 100} ${BASE_MS + Math.floor(n / series)}`,
    )
  }
  return lines.join('\n')
}

function scanBodies(batch: number, series: number): string {
  const lines: string[] = []
  const devices = series / 50
  for (let i = 0; i < BATCH_POINTS / 50; i++) {
    const n = batch * (BATCH_POINTS / 50) + i
    const fields = Array.from({ length: 50 }, (_, point) => `p${point}=${20 + ((n + point) % 500) / 100}`).join(',')
    lines.push(`rawscan,site=bench,node=generator,device=d${n % devices} ${fields} ${BASE_MS + Math.floor(n / devices)}`)
  }
  return lines.join('\n')
}

function post(url: string, body: string | Buffer, agent?: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', agent, headers: { 'content-length': Buffer.byteLength(body) } }, (answer) => {
      answer.resume()
      answer.once('end', () =>
        answer.statusCode && answer.statusCode < 300 ? resolve() : reject(new Error(`InfluxDB answered ${answer.statusCode}`)),
      )
    })
    outgoing.once('error', reject)
    outgoing.end(body)
  })
}
