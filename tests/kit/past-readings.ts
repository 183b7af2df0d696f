import { join } from 'node:path'
import type { Device, RoomOverview } from '@roomkeeper/shared/http'
import { createReadingStore } from '../../server/src/readings/create-reading-store.ts'
import type { DeviceScan } from '../../server/src/readings/scan.ts'
import type { ServerProcess } from './services/server-process.ts'

interface Past {
  fromMs: number
  toMs: number
  stepMs: number
  /** undefined: no reading then. */
  readingAt(pointKey: string, timeMs: number): number | undefined
}

const READINGS_PER_WRITE = 20_000

/** Stops the server, writes readings of the past for the numeric points of its devices into its embedded store, and starts it again. */
export async function writePast(server: ServerProcess, { fromMs, toMs, stepMs, readingAt }: Past): Promise<void> {
  const devices: Device[] = []
  for (const room of await server.get<RoomOverview[]>('/api/rooms'))
    devices.push(...(await server.get<{ deviceList: Device[] }>(`/api/rooms/${room.id}`)).deviceList)
  await server.stop()
  const store = createReadingStore(
    { kind: 'embedded', path: join(server.dataDir, 'readings.db') },
    {
      nowMs: () => Date.now(),
      onMaintenanceFailure: () => undefined,
      isUpkeepOff: true,
      history: {
        holdMs: () => stepMs,
        bandsOf: async () => [],
        zone: () => 'Asia/Shanghai',
        pointById: () => undefined,
        pointsOfDevice: () => [],
      },
    },
  )
  try {
    const started = await store.start()
    if (started.kind !== 'ready') throw new Error(started.reason)
    let batch: DeviceScan[] = []
    let offset = 0
    const write = async (): Promise<void> => {
      const answer = await store.write(batch)
      if (answer.kind !== 'stored') throw new Error(JSON.stringify(answer))
      batch = []
    }
    for (const { id, path, points } of devices) {
      const [site = '', node = '', device = ''] = path.split('/')
      const handle = { id, site, node, device, nodeId: 0 }
      const known = points.map((point) => ({ id: point.id, key: point.key, deviceId: id, device: handle }))
      for (let timeMs = fromMs; timeMs < toMs; timeMs += stepMs) {
        const values = known.flatMap((point) => {
          const value = readingAt(point.key, timeMs)
          return value === undefined ? [] : [{ point, value }]
        })
        if (values.length === 0) continue
        batch.push({
          ...{ device: handle, epoch: 'past', offset: ++offset, reasons: undefined, isHistorical: true },
          points: values.map(({ point }) => point),
          timesMs: values.map(() => timeMs),
          values: values.map(({ value }) => value),
        })
        if (batch.length * points.length >= READINGS_PER_WRITE) await write()
      }
    }
    if (batch.length > 0) await write()
  } finally {
    await store.stop()
  }
  await server.start()
}
