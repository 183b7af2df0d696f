import { randomUUID } from 'node:crypto'
import { seededRandom } from '../../kit/random.ts'
import { SparkplugGenerator } from '../../kit/sparkplug-generator.ts'

const POINTS_PER_DEVICE = 100
/** Between two scans of a device. */
const SCAN_EVERY_MS = 5000
/** Charge of a battery, %: below 50 is an alarm "high", below 20 a critical one, both without delay (limits/default-limits.ts). */
const WELL = 100
const HIGH = 40
const CRITICAL = 10
/** Replayed records at a time, each millisecond: a real agent's log is paced as well. */
const REPLAY_BATCH = 5

export interface FloodOptions {
  url: string
  username: string
  password: string
  site: string
  node: string
  alarms: number
  /** All points have crossed by then, ms after the start. */
  durationMs: number
  /** Share of critical alarms. */
  criticalShare: number
  seed: number
}

/**
 * An agent whose points leave their limits one after the other and stay outside, at times that a seed repeats. Its log goes on while
 * the server is away.
 */
export class FloodSource {
  readonly generator: SparkplugGenerator
  /** Of every device of the agent, by the point's number: when it crosses, ms after the start. */
  private readonly crossings: readonly (readonly { atMs: number; value: number }[])[]
  private readonly durationMs: number
  private startMs = 0
  private timer: NodeJS.Timeout | undefined

  constructor({ alarms, durationMs, criticalShare, seed, ...connection }: FloodOptions) {
    const devices = Math.ceil(alarms / POINTS_PER_DEVICE)
    const random = seededRandom(seed)
    this.durationMs = durationMs
    this.crossings = Array.from({ length: devices }, () =>
      Array.from({ length: POINTS_PER_DEVICE }, () => ({
        atMs: random.between(0, durationMs - SCAN_EVERY_MS),
        value: random.next() < criticalShare ? CRITICAL : HIGH,
      })),
    )
    this.generator = new SparkplugGenerator(
      {
        ...connection,
        devices,
        pointsPerDevice: POINTS_PER_DEVICE,
        kind: 'battery-charge',
        maxUncommittedReadings: Number.POSITIVE_INFINITY,
        epoch: randomUUID(),
        pointValue: (offset, index) => {
          const crossing = this.crossings[offset % devices]?.[index]
          return crossing && this.timeOf(offset) - this.startMs >= crossing.atMs ? crossing.value : WELL
        },
      },
      (offset) => this.timeOf(offset),
    )
  }

  /** Number of points that cross. */
  get points(): number {
    return this.crossings.length * POINTS_PER_DEVICE
  }

  get criticalPoints(): number {
    return this.crossings.flat().filter(({ value }) => value === CRITICAL).length
  }

  private timeOf(offset: number): number {
    return this.startMs + Math.floor((offset * SCAN_EVERY_MS) / this.crossings.length)
  }

  /** Scans from now on; the points begin to cross. */
  start(): void {
    this.startMs = Date.now()
    this.timer = setInterval(() => {
      while (this.timeOf(this.generator.nextOffset) <= Date.now()) this.generator.log()
      this.generator.replay(REPLAY_BATCH)
    }, 1)
  }

  /** Everything has crossed, and the server has committed the scans that show it. */
  isDone(): boolean {
    return Date.now() - this.startMs > this.durationMs && this.timeOf(this.generator.committedOffset) - this.startMs > this.durationMs
  }

  async stop(): Promise<void> {
    clearInterval(this.timer)
    await this.generator.close()
  }
}
