import { readdir, readFile, realpath } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { DriverError } from '../driver.ts'

/**
 * Reads small text files below a root. A sensor's file is read by its kernel driver while we wait, and a dead bus can hold that up for
 * ever, where no time-out of ours can end it. So a file whose last read has not come back in time is not read again until it has:
 * each one costs at most one of the process's few file threads, and one time-out.
 */
export class SysfsTree {
  private readonly root: string
  private readonly timeoutMs: number
  private readonly pending = new Map<string, Promise<string>>()
  private readonly stuck = new Set<string>()

  constructor(root: string, timeoutMs: number) {
    this.root = root
    this.timeoutMs = timeoutMs
  }

  /** Names in a directory, sorted with numbers in their order; empty when it is not there. */
  async list(directory: string): Promise<string[]> {
    const names = await readdir(join(this.root, directory)).catch(() => [])
    return names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  }

  /** The file's text without white space at its ends. Rejects with the file system's error, or a DriverError after the time-out. */
  async text(path: string, signal?: AbortSignal): Promise<string> {
    if (this.stuck.has(path)) throw new DriverError('unreachable', `${path}: an earlier read still hangs`)
    const reading = this.pending.get(path) ?? this.start(path)
    return new Promise<string>((resolve, reject) => {
      const finish = (act: () => void): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
        act()
      }
      const onAbort = (): void =>
        finish(() => reject(new DriverError('unreachable', `${path}: the read was cancelled`, { cause: signal?.reason })))
      const timer = setTimeout(() => {
        this.stuck.add(path)
        finish(() => reject(new DriverError('unreachable', `${path}: not read within ${this.timeoutMs} ms`)))
      }, this.timeoutMs)
      if (signal?.aborted) return onAbort()
      signal?.addEventListener('abort', onAbort, { once: true })
      reading.then(
        (text) => finish(() => resolve(text)),
        (error: unknown) => finish(() => reject(error)),
      )
    })
  }

  /** The file's text, or undefined when it cannot be read. */
  async optionalText(path: string): Promise<string | undefined> {
    return this.text(path).catch(() => undefined)
  }

  /** The last part of what a link leads to: the name of the device behind a class entry. */
  async linkTarget(path: string): Promise<string | undefined> {
    return realpath(join(this.root, path)).then(
      (target) => basename(target),
      () => undefined,
    )
  }

  private start(path: string): Promise<string> {
    const reading = readFile(join(this.root, path), 'utf8').then((text) => text.trim())
    const forget = (): void => {
      this.pending.delete(path)
      this.stuck.delete(path)
    }
    reading.then(forget, forget)
    this.pending.set(path, reading)
    return reading
  }
}
