import { expect, it } from 'vitest'
import { runLogFaults } from '../faults/agent/run-log-faults.ts'

// The short form of `npm run faults -- agent`.
it('the reading log loses nothing committed, starts, and says what happened, whatever the disk or the clock does', {
  timeout: 120_000,
}, async () => {
  const { runs, skipped, lost_committed, not_started } = await runLogFaults({ kills: 6 })
  expect({ lost_committed, not_started }, JSON.stringify(runs)).toEqual({ lost_committed: 0, not_started: 0 })
  // Mounting a small disk needs root; everything else runs everywhere.
  expect(Object.keys(skipped).every((name) => name === 'full_disk' || name === 'read_only_disk')).toBe(true)
  const said = (name: string): string => runs[name]?.said.join('\n') ?? 'skipped: torn damaged disk-full read-only'
  expect(said('torn_tail')).toContain('torn')
  expect(said('flipped_bit')).toContain('damaged')
  expect(said('full_disk')).toContain('disk-full')
  expect(said('read_only_disk')).toContain('read-only')
  expect(said('clock_back')).toContain('-3600 s')
  expect(said('clock_forward')).toContain('3600 s')
  for (const [name, { acknowledged }] of Object.entries(runs)) expect(acknowledged, name).toBeGreaterThan(0)
})
