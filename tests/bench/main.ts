import { Command } from 'commander'
import { benchAgent } from './agent.ts'
import { benchDashboard } from './dashboard.ts'
import { benchHistory } from './history.ts'
import { benchIngest } from './ingest.ts'
import { benchLatency, LATENCY_RATES } from './latency.ts'
import { benchMemory } from './memory.ts'
import { benchNotify } from './notify.ts'
import { benchReplay } from './replay.ts'
import { benchWall } from './wall.ts'

const program = new Command('npm run bench --').description('Measures against real programs on this machine; prints ratios of one run.')

program
  .command('ingest')
  .description('mosquitto → server → InfluxDB 1.6, and the raw ingest of the same InfluxDB')
  .option('--seconds <n>', 'how long to measure', '15')
  .option('--rate <readings>', 'offered readings/s', '1000000')
  .option('--profile <folder>', "write the server's CPU profile there")
  .option('--json', 'print JSON')
  .action(async (options: { seconds: string; rate: string; profile?: string; json?: boolean }) => {
    const figures = await benchIngest({
      seconds: Number(options.seconds),
      readingsPerSecond: Number(options.rate),
      profileDir: options.profile,
    })
    print(figures, options.json)
    if (figures.lost !== 0) process.exitCode = 1
  })

program
  .command('latency')
  .description("publish → alarm in a browser's socket, beside a load of 1,000 and 20,000 readings/s")
  .option('--probes <n>', 'alarms per rate', '200')
  .option('--json', 'print JSON')
  .action(async (options: { probes: string; json?: boolean }) =>
    print(await benchLatency({ probes: Number(options.probes), rates: LATENCY_RATES }), options.json),
  )

program
  .command('notify')
  .description('reading that crosses → mail accepted by an SMTP server, and → browser, beside a load of 20,000 readings/s')
  .option('--alarms <n>', 'alarms for each', '200')
  .option('--json', 'print JSON')
  .action(async (options: { alarms: string; json?: boolean }) => {
    const figures = await benchNotify({ alarms: Number(options.alarms) })
    print(figures, options.json)
    if (!figures.within_budget) process.exitCode = 1
  })

program
  .command('memory')
  .description("the server's memory with 10,000 points at one reading each 10 s")
  .option('--seconds <n>', 'how long to watch', '30')
  .option('--json', 'print JSON')
  .action(async (options: { seconds: string; json?: boolean }) =>
    print(await benchMemory({ seconds: Number(options.seconds) }), options.json),
  )

program
  .command('agent')
  .description("the agent's memory and CPU with 200 points at 10-s scans")
  .option('--seconds <n>', 'how long to watch', '60')
  .option('--json', 'print JSON')
  .action(async (options: { seconds: string; json?: boolean }) =>
    print(await benchAgent({ seconds: Number(options.seconds) }), options.json),
  )

program
  .command('replay')
  .description('a backlog of 200 points at 10-s scans drains through mosquitto, server and InfluxDB 1.6 beside live data')
  .option('--days <n>', 'how long the server was away', '7')
  .option('--json', 'print JSON')
  .action(async (options: { days: string; json?: boolean }) =>
    print(await benchReplay({ days: Number(options.days), onProgress: (line) => console.error(line) }), options.json),
  )

program
  .command('dashboard')
  .description('500 points that change each second, on the overview and the room page in Chromium: the share of a core')
  .option('--seconds <n>', 'how long to watch each page', '30')
  .option('--json', 'print JSON')
  .action(async (options: { seconds: string; json?: boolean }) => {
    const figures = await benchDashboard({ seconds: Number(options.seconds) })
    print(figures, options.json)
    if (!figures.within_budget) process.exitCode = 1
  })

program
  .command('wall')
  .description('the wall display, all screenfuls of 12 hours one after the other in Chromium: what its memory does')
  .option('--hours <n>', 'hours of a screenful each 15 s', '12')
  .option('--json', 'print JSON')
  .action(async (options: { hours: string; json?: boolean }) => {
    const figures = await benchWall({ hours: Number(options.hours), onProgress: (line) => console.error(line) })
    print(figures, options.json)
    if (!figures.is_flat) process.exitCode = 1
  })

program
  .command('history')
  .description(
    'a year of readings at 10 s in the embedded store and InfluxDB 1.6: charts, overview, monthly report, cost of rolling up, disk',
  )
  .option('--points <n>', 'points, a multiple of 50', '200')
  .option('--days <n>', 'days of history', '365')
  .option(
    '--raw-days <n>',
    'the last days, as raw readings written through the store; those before as the blocks that rolling up leaves',
    '3',
  )
  .option('--asks <n>', 'charts asked for per length of time', '200')
  .option('--store <kind>', 'embedded or influx1 alone')
  .option('--keep <folder>', 'make the stores there and keep them; a later run with the same numbers goes on there and only measures')
  .option('--only-make', 'with --keep: do not measure')
  .option('--profile <folder>', 'write the CPU profiles of the server and the reports there')
  .option('--json', 'print JSON')
  .action(
    async (options: {
      points: string
      days: string
      rawDays: string
      asks: string
      store?: 'embedded' | 'influx1'
      keep?: string
      onlyMake?: boolean
      profile?: string
      json?: boolean
    }) => {
      const figures = await benchHistory({
        points: Number(options.points),
        days: Number(options.days),
        rawDays: Number(options.rawDays),
        asks: Number(options.asks),
        stores: options.store === undefined ? ['embedded', 'influx1'] : [options.store],
        keepDir: options.keep,
        isOnlyMade: options.onlyMake,
        profileDir: options.profile,
        onProgress: (line) => console.error(line),
      })
      print(figures, options.json)
      if (!figures.within_budget) process.exitCode = 1
    },
  )

function print(figures: object, json = false): void {
  if (json) console.log(JSON.stringify(figures))
  else
    for (const [name, value] of Object.entries(figures))
      console.log(`${name.padEnd(28)} ${typeof value === 'object' ? JSON.stringify(value) : value}`)
}

await program.parseAsync()
