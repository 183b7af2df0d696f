import { expect, it } from 'vitest'
import { runFaults } from '../faults/run-faults.ts'
import { influxdMissing } from '../kit/services/influxd.ts'
import { MOSQUITTO_PROGRAMS } from '../kit/services/mosquitto.ts'
import { missingProgram } from '../kit/services/require-program.ts'

const missing = missingProgram(MOSQUITTO_PROGRAMS, 'mosquitto') ?? influxdMissing()

// The short form of `npm run faults`, which does five times as much.
it.skipIf(missing)(
  `nothing is lost or told twice when server, broker and agent are killed and InfluxDB is away${missing ? ` (skipped: ${missing})` : ''}`,
  { timeout: 240_000 },
  async () => {
    const progress: string[] = []
    const { details, ...figures } = await runFaults({
      serverKills: 4,
      brokerKills: 1,
      agentKills: 1,
      influxOutageMs: 8000,
      seed: 20_260,
      betweenKillsMs: 3000,
      onProgress: (line) => progress.push(line),
    })
    const said = [...progress, ...details].join('\n')
    expect(figures, said).toMatchObject({
      lost_readings: 0,
      duplicate_readings: 0,
      lost_alarms: 0,
      duplicate_alarms: 0,
      uncleared_alarms: 0,
      false_alarms: 0,
      log_holes: 0,
    })
    expect(figures.expected_alarms, said).toBeGreaterThan(10)
    expect(figures.expected_readings, said).toBeGreaterThan(20_000)
  },
)
