import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/**
 * For HEALTHCHECK: 0 when the agent wrote to its reading log within two minutes, 1 otherwise. The agent has no port of its own, and scans
 * are written whether or not broker and server are there; so this says that devices are read, which is the agent's job.
 */
const LONGEST_SILENCE_MS = 120_000

const folder = process.env.ROOMKEEPER_AGENT_DATA_DIR ?? '/var/lib/roomkeeper-agent'
let newestMs = 0
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  if (entry.isFile()) newestMs = Math.max(newestMs, statSync(join(entry.parentPath, entry.name)).mtimeMs)
}
const silenceMs = Date.now() - newestMs
if (silenceMs > LONGEST_SILENCE_MS) {
  console.error(newestMs === 0 ? `nothing in ${folder} yet` : `no reading written for ${Math.round(silenceMs / 1000)} s`)
  process.exitCode = 1
}
