// An agent in a process of its own, to be killed by a test. Arguments: URL of the broker, data folder, interval in ms, number of devices.
import pino from 'pino'
import { parseAgentConfig } from '../../../agent/src/config/index.ts'
import { startAgent } from '../../../agent/src/main.ts'
import { countingDriver } from './counting-driver.ts'

const [url, dataDir, intervalMs, devices, points = '5'] = process.argv.slice(2) as [string, string, string, string, string?]
const drivers = [countingDriver().driver]
const config = parseAgentConfig(
  JSON.stringify({
    site: 'test',
    node: 'agent',
    mqtt: { url },
    dataDir,
    devices: Array.from({ length: Number(devices) }, (_, i) => ({
      id: `d${i}`,
      driver: 'counting',
      intervalMs: Number(intervalMs),
      points: Number(points),
    })),
  }),
  { path: '/agent.yaml', env: {}, drivers },
)
const agent = await startAgent({ config, drivers, log: pino({ level: 'warn' }, pino.destination(2)) })
process.on('SIGTERM', () => {
  void agent.stop().then(() => process.exit(0))
})
process.on('SIGUSR2', () => process.stdout.write(`${JSON.stringify({ rss: process.memoryUsage.rss(), ...agent.status() })}\n`))
process.stdout.write('started\n')
