import { link, mkdir, open, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeScan, type LoggedScan } from '../../agent/src/log/scan-record.ts'
import { readSegment } from '../../agent/src/log/segment-reader.ts'

const LOOK_EVERY_MS = 200

/**
 * Keeps every segment of an agent's reading log beyond the moment the agent trims it, by hard links: what was ever durable in the log can
 * be read at the end. A segment lives for seconds before it can be trimmed (it must be closed and committed), so none is missed.
 */
export class LogArchive {
  private readonly logFolder: string
  private readonly archiveFolder: string
  private readonly linked = new Set<string>()
  private timer: NodeJS.Timeout | undefined
  private looking: Promise<void> = Promise.resolve()

  constructor(logFolder: string, archiveFolder: string) {
    this.logFolder = logFolder
    this.archiveFolder = archiveFolder
  }

  async start(): Promise<void> {
    await mkdir(this.archiveFolder, { recursive: true })
    this.timer = setInterval(() => {
      this.looking = this.looking.then(() => this.look())
    }, LOOK_EVERY_MS)
  }

  async stop(): Promise<void> {
    clearInterval(this.timer)
    await this.looking
    await this.look()
  }

  private async look(): Promise<void> {
    const names = await readdir(this.logFolder).catch(() => [])
    for (const name of names) {
      if (!name.endsWith('.rklog') || this.linked.has(name)) continue
      await link(join(this.logFolder, name), join(this.archiveFolder, name))
      this.linked.add(name)
    }
  }

  /** Every record of every segment so far, by offset. */
  async records(): Promise<Map<number, LoggedScan>> {
    await this.look()
    const records = new Map<number, LoggedScan>()
    for (const name of (await readdir(this.archiveFolder)).sort()) {
      const file = await open(join(this.archiveFolder, name), 'r')
      try {
        const { size } = await file.stat()
        for await (const { payload } of readSegment(file, size, () => undefined)) {
          const record = decodeScan(payload)
          records.set(record.offset, record)
        }
      } finally {
        await file.close()
      }
    }
    return records
  }

  /** Up to where the agent knows its records committed. */
  async committedOffset(): Promise<number> {
    const text = await readFile(join(this.logFolder, 'committed.json'), 'utf8').catch(() => '{}')
    const { offset } = JSON.parse(text) as { offset?: number }
    return offset ?? 0
  }
}
