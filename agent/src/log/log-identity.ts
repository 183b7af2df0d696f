import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readJson, replaceJson } from './durable-file.ts'

/** What the log must never forget: who it is, and up to where offsets may have been given out. */
export interface LogIdentity {
  epoch: string
  /** No offset above this was ever given out; after a clean stop it is exactly the last one. */
  reservedThrough: number
  /** Offsets up to this were given out for sure, also where their records are damaged or gone. */
  usedThrough: number
  /** The boot of the machine that wrote this. After a power loss even an intact-looking tail may have lost its end. */
  bootId: string
}

const FILE = 'identity.json'
const COMMITTED_FILE = 'committed.json'

export async function currentBootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')).trim()
}

/** Undefined when the log is new, or its identity is damaged: then it becomes a new epoch. */
export async function readIdentity(folder: string, onDamage: (error: unknown) => void): Promise<LogIdentity | undefined> {
  const content = (await readJson(join(folder, FILE), onDamage)) as Partial<LogIdentity> | undefined
  if (content === undefined) return undefined
  if (typeof content?.epoch === 'string' && Number.isSafeInteger(content.reservedThrough)) {
    const reservedThrough = content.reservedThrough as number
    const usedThrough = Number.isSafeInteger(content.usedThrough) ? (content.usedThrough as number) : 0
    return { epoch: content.epoch, reservedThrough, usedThrough, bootId: String(content.bootId ?? '') }
  }
  onDamage(new Error(`${FILE} has no epoch`))
  return undefined
}

export function writeIdentity(folder: string, identity: LogIdentity): Promise<void> {
  return replaceJson(join(folder, FILE), identity, true)
}

export function newEpoch(): string {
  return randomUUID()
}

/** The committed offset of this epoch; 0 when unknown, which only costs a replay the host does not need. */
export async function readCommitted(folder: string, epoch: string): Promise<number> {
  const content = (await readJson(join(folder, COMMITTED_FILE), () => {})) as { epoch?: unknown; offset?: unknown } | undefined
  return content?.epoch === epoch && Number.isSafeInteger(content.offset) ? (content.offset as number) : 0
}

/** Not flushed to the disk: it is written every second, and an older value does no harm. */
export function writeCommitted(folder: string, epoch: string, offset: number): Promise<void> {
  return replaceJson(join(folder, COMMITTED_FILE), { epoch, offset }, false)
}
