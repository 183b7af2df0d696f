import { SparkplugGenerator } from '../kit/sparkplug-generator.ts'

/** A generator as a process of its own. Started with its options as JSON; commanded and read over IPC. */
export interface GeneratorSettings {
  url: string
  username: string
  password: string
  site: string
  node: string
  devices: number
  pointsPerDevice: number
  maxUncommittedReadings: number
  epoch: string
  kind?: string
}

export type GeneratorCommand = { readingsPerSecond: number } | { stop: true }

export interface GeneratorReport {
  atMs: number
  ready: boolean
  nextOffset: number
  committedOffset: number
  replays: number
  replayed: number
}

/** Waiting bytes beyond which the broker is given time. */
const SOCKET_LIMIT_BYTES = 1_000_000
const REPORT_EVERY_MS = 100

const settings = JSON.parse(process.argv[2] ?? '{}') as GeneratorSettings
const baseMs = Date.now()
// Unique per device, and never ahead of the clock at the rates a bench reaches.
const generator = new SparkplugGenerator(settings, (offset) => baseMs + Math.floor(offset / settings.devices))
let readingsPerSecond = 0
let allowance = 0
let lastMs = performance.now()

process.on('message', (command: GeneratorCommand) => {
  if ('stop' in command) {
    clearInterval(reporting)
    void generator.close().then(() => process.exit(0))
  } else readingsPerSecond = command.readingsPerSecond
})

function work(): void {
  const nowMs = performance.now()
  const recordsPerMs = readingsPerSecond / settings.pointsPerDevice / 1000
  allowance = Math.min(allowance + (nowMs - lastMs) * recordsPerMs, Math.max(1, recordsPerMs * 100))
  lastMs = nowMs
  if (generator.backlogBytes < SOCKET_LIMIT_BYTES) {
    allowance -= generator.produce(Math.min(200, Math.floor(allowance)))
    generator.replay(100)
  }
  setTimeout(work, 1)
}

const reporting = setInterval(() => {
  const { nextOffset, committedOffset, replays, replayed, isReady } = generator
  process.send?.({ atMs: performance.now(), ready: isReady, nextOffset, committedOffset, replays, replayed } satisfies GeneratorReport)
}, REPORT_EVERY_MS)

generator.connect()
work()
