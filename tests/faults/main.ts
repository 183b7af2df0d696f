import { Command } from 'commander'
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

await program.parseAsync()
