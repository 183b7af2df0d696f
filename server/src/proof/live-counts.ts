import type { Directory } from '../ingest/directory.ts'
import type { Ingest } from '../ingest/ingest.ts'
import type { LiveCounts } from './all-clear-facts.ts'
import { DRILL_NODE } from './drill-device.ts'

export interface LiveCountsDeps {
  directory: Pick<Directory, 'points'>
  ingest: Pick<Ingest, 'sessions'>
}

/** What is watched now. What people took out of use is not missed, and a drill is not counted. */
export function liveCounts({ directory, ingest }: LiveCountsDeps): LiveCounts {
  const points = [...directory.points.values()].filter(({ device }) => !device.retired && !device.isDrill)
  const agents = [...ingest.sessions.values()].filter(({ entry }) => {
    const devices = [...entry.devices.values()]
    return entry.node !== DRILL_NODE && (devices.length === 0 || devices.some(({ retired }) => !retired))
  })
  return {
    points: points.length,
    pointsLive: points.filter(({ device, live }) => device.online && live.quality !== 'stale').length,
    agents: agents.length,
    agentsOnline: agents.filter(({ isOnline }) => isOnline).length,
  }
}
