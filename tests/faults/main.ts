import { Command } from 'commander'
import { runLogFaults } from './agent/run-log-faults.ts'
import { isKept, runAlarmFaults } from './alarms/run-alarm-faults.ts'
import { type FaultFigures, runFaults } from './run-faults.ts'

const program = new Command('npm run faults --')
  .description(
    'Kills server, broker and agent at random and stops InfluxDB while 2,000 readings/s go through; then counts what is missing or there twice.',
  )
  .option('--kills <n>', 'kills of the server; broker and agent get a quarter of that each', '20')
  .option('--influx-outage-seconds <s>', 'how long InfluxDB is stopped', '60')
  .option('--seed <n>', 'repeats the times of kills and excursions', String(Math.floor(Math.random() * 1e6)))
  .option('--folder <folder>', 'keep logs and databases of the run there')
  .option('--json', 'print JSON')

/** What must be zero. */
const MUST_BE_ZERO = [
  'lost_readings',
  'duplicate_readings',
  'lost_alarms',
  'duplicate_alarms',
  'uncleared_alarms',
  'false_alarms',
  'log_holes',
] as const satisfies readonly (keyof FaultFigures)[]

program.action(async (options: { kills: string; influxOutageSeconds: string; seed: string; folder?: string; json?: boolean }) => {
  const serverKills = Number(options.kills)
  const { details, ...figures } = await runFaults({
    serverKills,
    brokerKills: Math.ceil(serverKills / 4),
    agentKills: Math.ceil(serverKills / 4),
    influxOutageMs: Number(options.influxOutageSeconds) * 1000,
    seed: Number(options.seed),
    ...(options.folder === undefined ? {} : { folder: options.folder }),
    onProgress: (line) => console.error(line),
  })
  for (const line of details) console.error(line)
  if (options.json) console.log(JSON.stringify(figures))
  else for (const [name, value] of Object.entries(figures)) console.log(`${name.padEnd(20)} ${JSON.stringify(value)}`)
  if (MUST_BE_ZERO.some((name) => figures[name] !== 0)) process.exitCode = 1
})

program
  .command('agent')
  .description("the faults the agent's reading log must survive: torn, flipped, full, read-only, slow, killed, clock, lost, restored")
  .option('--log-kills <n>', 'SIGKILLs of a process that appends', '30')
  .action(async (options: { logKills: string }) => {
    const figures = await runLogFaults({ kills: Number(options.logKills), onProgress: (line) => console.error(line) })
    if (program.opts<{ json?: boolean }>().json) console.log(JSON.stringify(figures))
    else {
      for (const [name, run] of Object.entries(figures.runs)) console.log(`${name.padEnd(16)} ${JSON.stringify(run)}`)
      for (const [name, why] of Object.entries(figures.skipped)) console.log(`${name.padEnd(16)} skipped: ${why}`)
      console.log(`lost_committed ${figures.lost_committed}, not_started ${figures.not_started}`)
    }
    if (figures.lost_committed !== 0 || figures.not_started !== 0) process.exitCode = 1
  })

program
  .command('alarms')
  .description(
    'from the reading to the mail: a flood with kills, a mail server dead for a day, clocks set forward and back, daylight saving. Options of the flood: --kills, --seed',
  )
  .option('--alarms <n>', 'alarms in one minute', '10000')
  .action(async (options: { alarms: string }) => {
    const { kills, seed, json } = program.opts<{ kills: string; seed: string; json?: boolean }>()
    const figures = await runAlarmFaults({
      alarms: Number(options.alarms),
      kills: Number(kills),
      seed: Number(seed),
      onProgress: (line) => console.error(line),
    })
    if (json) console.log(JSON.stringify(figures))
    else {
      for (const [name, run] of Object.entries(figures.runs)) console.log(`${name.padEnd(16)} ${JSON.stringify(run)}`)
      const { lost, duplicates, unsent_visible } = figures
      console.log(`lost ${lost}, duplicates ${duplicates} of ${figures.kills} kills, unsent visible: ${unsent_visible}`)
    }
    if (!isKept(figures)) process.exitCode = 1
  })

await program.parseAsync()
