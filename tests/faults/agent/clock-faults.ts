import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { parseAgentConfig } from '../../../agent/src/config/index.ts'
import { openReadingLog } from '../../../agent/src/log/index.ts'
import { startAgent } from '../../../agent/src/main.ts'
import { countingDriver } from '../../kit/agent/counting-driver.ts'
import { waitFor } from '../../kit/services/child-program.ts'
import type { FaultRun } from './log-trial.ts'

const INTERVAL_MS = 100

/**
 * The system clock is set by `jumpMs` under a running agent without a broker. Scans go on in their rhythm, each with the clock's time as it
 * was then; nothing is dropped for its age; people are told.
 */
export async function clockSet(jumpMs: number): Promise<FaultRun> {
  const folder = await mkdtemp(join(tmpdir(), 'roomkeeper-clock-'))
  let offsetMs = 0
  const clock = { nowMs: () => Date.now() + offsetMs, monotonicMs: () => performance.now() }
  const { driver, control } = countingDriver()
  const devices = [{ id: 'd0', driver: 'counting', intervalMs: INTERVAL_MS }]
  const content = { site: 'test', node: 'agent', mqtt: { url: 'mqtt://127.0.0.1:1' }, dataDir: folder, devices }
  const config = parseAgentConfig(JSON.stringify(content), { path: '/agent.yaml', env: {}, drivers: [driver] })
  const agent = await startAgent({ config, drivers: [driver], log: pino({ level: 'silent' }), clock })
  let notStarted = 0
  try {
    await waitFor('scans', 10_000, async () => (control.reads >= 10 ? true : undefined))
    const before = control.reads
    offsetMs = jumpMs
    const startedMs = performance.now()
    await waitFor('scans after the jump', 10_000, async () => (control.reads >= before + 20 ? true : undefined))
    const tookMs = performance.now() - startedMs
    // Twenty intervals: neither a burst that makes up for an hour nor a rest of one.
    if (tookMs < 15 * INTERVAL_MS || tookMs > 60 * INTERVAL_MS) notStarted++
    const fault = await waitFor('the fault', 5000, async () => agent.status().faults.find(({ kind }) => kind === 'clock'))
    await agent.stop()
    const times: number[] = []
    const log = await openReadingLog({
      folder: join(folder, 'log'),
      maxBytes: 1e9,
      maxAgeMs: 1e12,
      clock,
      events: { onLoss: () => notStarted++, onDamage: () => notStarted++, onWarning: () => undefined },
    })
    for await (const batch of log.readFrom(1)) times.push(...batch.map(({ timeMs }) => timeMs))
    await log.close()
    // In the order of their offsets, the times make exactly one jump.
    const jumps = times.filter((timeMs, i) => i > 0 && Math.abs(timeMs - (times[i - 1] as number)) > Math.abs(jumpMs) / 2).length
    if (jumps !== 1) notStarted++
    // A scan under way when the agent stops is read and not logged.
    const lost = Math.max(0, control.reads - 1 - times.length)
    return { cases: 1, acknowledged: times.length, lost_committed: lost, destroyed: 0, not_started: notStarted, said: [fault.message] }
  } finally {
    await agent.stop().catch(() => undefined)
    await rm(folder, { recursive: true, force: true })
  }
}
