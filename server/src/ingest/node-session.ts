import type { Logger } from 'pino'
import { CommitQueue } from './commit-queue.ts'
import type { NodeEntry } from './directory.ts'
import type { DeviceEntry, PointEntry } from './entries.ts'
import type { LogFrontier } from './log-frontier.ts'

/** A fault the agent reports about itself or one of its devices. */
export interface AgentFault {
  device: string | null
  kind: string
  message: string
}

/** What an alias of a birth stands for. */
export type Slot = { kind: 'point'; point: PointEntry } | { kind: 'offset' | 'previous-offset' | 'other' }

/** One edge node as the server sees it now. Changed in place by ingest. */
export class NodeSession {
  /** Replaced once by the first birth of a node that was not known. */
  entry: NodeEntry
  readonly log: Logger
  /** Between an NBIRTH and the NDEATH of the same connection. */
  isOnline = false
  /** Server clock when it went offline; the server's start for a node not seen yet. */
  offlineSinceMs: number
  bdSeq: number | undefined
  nextSeq: number | undefined
  /** By alias. */
  slots: (Slot | undefined)[] = []
  /** Aliases of what a command may name, by `device/metric`: once a birth gave one, commands use nothing else. */
  readonly commandAliases = new Map<string, number>()
  epoch: string | undefined
  frontier: LogFrontier | undefined
  readonly commits = new CommitQueue()
  committedOffset: number | undefined
  /** What was told to the agent last. */
  toldOffset: number | undefined
  version: string | null = null
  lastSeenMs: number | null = null
  clockOffsetMs: number | null = null
  backlog: number | null = null
  faults: readonly AgentFault[] = []
  /** Points whose judges were forked for the replay that is going on. */
  forked: PointEntry[] = []
  lastReplayRequestMs = 0
  lastReplayProgressMs = 0
  lastRebirthRequestMs = 0
  /** Messages waiting for a birth that is being written; undefined while none is. */
  waiting: (() => void)[] | undefined

  constructor(entry: NodeEntry, log: Logger, nowMs: number) {
    this.entry = entry
    this.log = log
    this.offlineSinceMs = nowMs
  }

  get path(): string {
    return `${this.entry.site}/${this.entry.node}`
  }

  device(id: string): DeviceEntry | undefined {
    return this.entry.devices.get(id)
  }
}
