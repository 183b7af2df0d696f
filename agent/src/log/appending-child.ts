// A process for the test of the reading log: appends scans without end, and prints offset and time of each once it is acknowledged.
import { writeSync } from 'node:fs'
import { openReadingLog } from './index.ts'

const [folder, round] = process.argv.slice(2) as [string, string]
const log = await openReadingLog({
  folder,
  maxBytes: 1e9,
  maxAgeMs: 1e12,
  segmentBytes: 20_000,
  clock: { nowMs: () => Date.now() },
  events: { onLoss: () => {}, onDamage: () => {}, onWarning: () => {} },
})
for (let n = 0; ; n += 5) {
  await Promise.all(
    Array.from({ length: 5 }, async (_, i) => {
      const timeMs = Number(round) * 1e9 + n + i
      const { offset } = await log.append({
        device: 'd',
        timeMs,
        readings: [{ key: 'x', value: 'y'.repeat((n * 7) % 200), quality: 'good' }],
      })
      writeSync(1, `${offset} ${timeMs}\n`)
    }),
  )
}
