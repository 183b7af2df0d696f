import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { DeviceSettings, ReadingValue } from '@roomkeeper/shared/model'
import type { Logger } from 'pino'
import packageJson from '../package.json' with { type: 'json' }
import type { AgentConfig, DeviceConfig } from './config/index.ts'
import type { DeviceDescription, Driver } from './drivers/driver.ts'
import { type Fault, FaultBook } from './faults/fault-book.ts'
import { LogKeeper } from './log/log-keeper.ts'
import { NeighbourWatch } from './neighbours/neighbours.ts'
import { createPipeline, type Pipeline } from './pipeline/index.ts'
import { watchClock } from './poller/clock-watch.ts'
import { DevicePoller } from './poller/device-poller.ts'
import { DeliveryLine } from './sparkplug/delivery-line.ts'
import { DeviceBook } from './sparkplug/device-book.ts'
import { BDSEQ_FILE, EdgeNode, type EdgeNodeState } from './sparkplug/edge-node.ts'

/** Wall clock for timestamps (UTC, ms) and a clock that never jumps for intervals (ms). */
export interface AgentClock {
  nowMs(): number
  monotonicMs(): number
}

export const systemClock: AgentClock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() }

export interface AgentOptions {
  config: AgentConfig
  log: Logger
  drivers: readonly Driver[]
  clock?: AgentClock
  /** Readings a second during a replay; default 50,000. */
  replayReadingsPerSecond?: number
}

export interface AgentStatus {
  broker: EdgeNodeState
  /** Undefined while the reading log cannot be used. */
  log?: { epoch: string; firstOffset: number; nextOffset: number; committedOffset: number; backlog: number; bytes: number }
  devices: { id: string; isAlive: boolean }[]
  faults: Fault[]
}

export interface Agent {
  /** Ends the scans under way, says NDEATH, and closes the log. */
  stop(): Promise<void>
  status(): AgentStatus
  /**
   * What does not turn any more, so that only a new start helps; undefined when all is well. A device, broker or disk that is away is none of
   * it: these are faults that are tried again, and a new start would only cost readings.
   */
  stuck(): string | undefined
}

/** A scan waits for a hanging disk 5 s at most (log-keeper.ts). */
const LINE_STALLED_MS = 60_000
const CLOCK_FAULT_SHOWN_MS = 10 * 60_000

/**
 * Starts an agent: reading log, Sparkplug edge node, one poller for each device. Whatever fails later (broker, disk, devices) becomes a
 * fault and is tried again. Rejects only when another agent uses the same data folder.
 */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const { config, log, clock = systemClock } = options
  const faults: FaultBook = new FaultBook(() => edge.faultsChanged())
  // A folder that cannot be made is found again, and told, by the reading log.
  await mkdir(config.dataDir, { recursive: true }).catch(() => {})

  const hasRunBefore = existsSync(join(config.dataDir, BDSEQ_FILE))
  const devices = new DeviceBook(config.dataDir, (message, error) => log.warn({ err: error }, message))
  const keeper = new LogKeeper({
    folder: join(config.dataDir, 'log'),
    ...config.log,
    clock,
    log: log.child({ module: 'log' }),
    faults,
    hasRunBefore,
    onAvailable: () => edge.rebirth(),
  })
  const edge = new EdgeNode({
    ...config,
    devices,
    readingLog: () => keeper.current,
    faults: () => faults.list(),
    neighbours: () => neighbours.current,
    onDeviceCommand(device, command) {
      const reader = readers.find(({ id }) => id === device)
      if (command.kind === 'settings') void reader?.take(command.settings)
      else reader?.switchOutput(command.key, command.value)
    },
    agentVersion: packageJson.version,
    clock,
    log: log.child({ module: 'sparkplug' }),
    replayReadingsPerSecond: options.replayReadingsPerSecond,
  })
  const neighbours = new NeighbourWatch({ devices: config.devices, onRead: () => edge.neighboursChanged() })
  for (const { id, message } of config.invalidDevices) {
    log.error({ device: id }, message)
    faults.set({ device: id, kind: 'configuration', message })
  }
  const line = new DeliveryLine(clock.monotonicMs)
  const { profilesDir } = config
  const readers = config.devices.map((device) =>
    createReader({ ...options, clock, device, profilesDir, devices, keeper, edge, faults, line }),
  )
  const stopClockWatch = watchClock(clock, (jumpMs) => {
    log.error({ jumpMs }, 'THE SYSTEM CLOCK JUMPED; readings before and after do not fit together')
    faults.set({ kind: 'clock', message: `系统时钟跳变 · the system clock jumped by ${Math.round(jumpMs / 1000)} s` })
    setTimeout(() => faults.clear({ kind: 'clock' }), CLOCK_FAULT_SHOWN_MS).unref()
  })

  await devices.load()
  await keeper.start()
  await neighbours.start()
  edge.start()
  for (const reader of readers) reader.start()
  log.info({ site: config.site, node: config.node, devices: config.devices.map((device) => device.id) }, 'the agent runs')

  return {
    async stop() {
      await Promise.all(readers.map((reader) => reader.poller.stop()))
      await line.idle()
      stopClockWatch()
      neighbours.stop()
      await edge.stop()
      await keeper.stop()
      log.info('the agent has stopped')
    },
    status: () => ({
      broker: edge.state,
      log: keeper.current && logStatus(keeper.current),
      devices: readers.map((reader) => ({ id: reader.id, isAlive: reader.poller.isAlive })),
      faults: faults.list(),
    }),
    stuck() {
      if (line.stalledMs > LINE_STALLED_MS) return 'the delivery of scans'
      const reader = readers.find(({ poller }) => poller.isStuck)
      return reader && `the poller of ${reader.id}`
    },
  }
}

function logStatus({
  epoch,
  firstOffset,
  nextOffset,
  committedOffset,
  backlog,
  bytes,
}: NonNullable<LogKeeper['current']>): AgentStatus['log'] {
  return { epoch, firstOffset, nextOffset, committedOffset, backlog, bytes }
}

interface ReaderParts {
  device: DeviceConfig
  profilesDir?: string
  drivers: readonly Driver[]
  clock: AgentClock
  log: Logger
  devices: DeviceBook
  keeper: LogKeeper
  edge: EdgeNode
  faults: FaultBook
  line: DeliveryLine
}

interface DeviceReader {
  id: string
  poller: DevicePoller
  start(): void
  /** Obeys what people set for the device, and says so in its birth. */
  take(settings: DeviceSettings): Promise<void>
  switchOutput(key: string, value: ReadingValue): void
}

/** The way of one device: poller → pipeline → log → broker. */
function createReader(parts: ReaderParts): DeviceReader {
  const { device, devices, keeper, edge, faults, line } = parts
  const { id } = device
  const driver = parts.drivers.find((candidate) => candidate.name === device.driver)
  if (driver === undefined) throw new Error(`device ${id}: no driver "${device.driver}" is registered`)
  const log = parts.log.child({ module: device.driver, device: id })
  let description: DeviceDescription | undefined
  let pipeline: Pipeline | undefined
  const settingsOf = (): DeviceSettings | undefined => devices.get(id)?.settings
  const intervalMs = (): number => settingsOf()?.intervalMs ?? device.intervalMs

  /** A reconnection keeps what the steps remember, unless the device became another one or was calibrated. */
  let madeFrom = ''
  const makePipeline = (from: DeviceDescription): Pipeline => {
    const settings = { overrides: device.overrides, calibrations: settingsOf()?.calibrations }
    const content = JSON.stringify([from.points, settings])
    if (pipeline !== undefined && content === madeFrom) return pipeline
    madeFrom = content
    return createPipeline(from, settings)
  }

  const poller = new DevicePoller({
    ...device,
    profilesDir: parts.profilesDir,
    driver,
    clock: parts.clock,
    log,
    async onDescribed(described) {
      description = described
      pipeline = makePipeline(described)
      const { maker, model } = described
      await devices.describe({
        id,
        name: device.name ?? { zh: id, en: id },
        room: device.room,
        maker,
        model,
        intervalMs: intervalMs(),
        points: pipeline.points,
        settings: settingsOf(),
      })
    },
    onScan(raw, timeMs, monotonicMs) {
      const readings = pipeline?.process(raw, monotonicMs) ?? []
      // A device that reports by itself had nothing new; it is there all the same.
      if (readings.length === 0) {
        line.add(Promise.resolve(), () => {
          if (devices.markAlive(id)) edge.deviceChanged(id)
        })
        return
      }
      const scan = { device: id, timeMs, readings }
      const kept = keeper.append(scan, (place) => edge.publishLate(scan, place))
      line.add(kept, (place) => {
        devices.update(scan)
        edge.publish(scan, place)
      })
    },
    onFault: (kind, message) => faults.set({ device: id, kind, message }),
    onWell: () => faults.clear({ device: id }),
    onDead() {
      line.add(Promise.resolve(), () => {
        devices.markDead(id)
        edge.deviceDied(id)
      })
    },
  })
  return {
    id,
    poller,
    start() {
      poller.setIntervalMs(intervalMs())
      poller.start()
    },
    async take(settings) {
      log.info({ settings }, 'the server set this device')
      await devices.set(id, settings, settings.intervalMs ?? device.intervalMs)
      if (description) pipeline = makePipeline(description)
      poller.setIntervalMs(intervalMs())
      edge.deviceChanged(id)
    },
    switchOutput(key, value) {
      poller.write(key, value).then(
        () => log.info({ key, value }, 'output switched'),
        (error: unknown) =>
          log.error({ key, value, reason: error instanceof Error ? error.message : error }, 'THE OUTPUT WAS NOT SWITCHED'),
      )
    },
  }
}
