import { createHash } from 'node:crypto'
import { access, chmod, constants, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ChannelError } from '../channel.ts'
import { parseSmsFile, type SmsFile } from './sms-file.ts'
import type { StuckAt } from './verdict.ts'

/** Where a message of ours is. `gone`: the daemon has it nowhere. */
export type Whereabouts = { at: StuckAt | 'gone' } | { at: 'sent' | 'failed'; file: SmsFile }

const FOLDERS = ['outgoing', 'checked', 'sent', 'failed', 'incoming'] as const
/** The daemon runs as another user of the same group and must be able to rewrite what it is given. */
const FILE_MODE = 0o660
/** Not set-group-id by us, which systemd's RestrictSUIDSGID forbids; it comes from the folder above. */
const FOLDER_MODE = 0o770

/**
 * The daemon's folders. A message wanders outgoing → checked → sent or failed under its own name, always by rename; `<name>.LOCK` beside
 * it in `checked` while the modem has it.
 */
export class Spool {
  readonly path: string
  constructor(path: string) {
    this.path = path
  }

  /** The same for every attempt, one for every notice and number; a name that is safe in any file system and is not said to be hidden. */
  nameOf(noticeId: string, number: string): string {
    const hash = createHash('sha256').update(`${noticeId}\n${number}`).digest('hex').slice(0, 12)
    return `roomkeeper-${noticeId.replace(/[^A-Za-z0-9-]/g, '_').slice(0, 40)}-${hash}`
  }

  /** Throws a ChannelError `configuration` that names the folder. */
  async check(): Promise<void> {
    for (const folder of FOLDERS) {
      const path = join(this.path, folder)
      const isDirectory = await stat(path).then((found) => found.isDirectory(), missing(path))
      if (!isDirectory) throw new ChannelError('configuration', `${path} 不是目录 · is not a folder`)
      if (folder === 'outgoing' || folder === 'incoming') await access(path, constants.W_OK | constants.X_OK).catch(missing(path))
    }
  }

  /** Looks in the order a message wanders, so that it is not missed while it is moved. */
  async find(name: string): Promise<Whereabouts> {
    if (await exists(join(this.path, 'outgoing', name))) return { at: 'outgoing' }
    const checked = join(this.path, 'checked', name)
    if (await exists(checked)) return { at: (await exists(`${checked}.LOCK`)) ? 'sending' : 'checked' }
    for (const at of ['sent', 'failed'] as const) {
      const content = await readFile(join(this.path, at, name)).catch(nothing)
      if (content !== undefined) return { at, file: parseSmsFile(content) }
    }
    return { at: 'gone' }
  }

  /** Only for a name that is nowhere: a second file of one name stops the daemon. */
  async put(name: string, content: Buffer): Promise<void> {
    const draft = join(await this.#ownFolder('drafts'), name)
    const target = join(this.path, 'outgoing', name)
    try {
      await writeFile(draft, content, { flush: true })
      // The process' own umask may be stricter than the daemon can live with.
      await chmod(draft, FILE_MODE)
      // Left behind by a withdrawal that a crash cut in two; the daemon would stop at it.
      await rm(join(this.path, 'checked', `${name}.LOCK`), { force: true })
      await rename(draft, target)
    } catch (error) {
      missing(target)(error)
    }
  }

  /**
   * Takes a message back that the modem has not begun. True when it will certainly not be sent. In `checked` the daemon's own lock is
   * taken first, so that it cannot begin at the same moment.
   */
  async withdraw(name: string): Promise<boolean> {
    const draft = join(await this.#ownFolder('drafts'), name)
    const fromOutgoing = await rename(join(this.path, 'outgoing', name), draft).then(yes, no)
    if (fromOutgoing) {
      await rm(draft, { force: true })
      return true
    }
    const path = join(this.path, 'checked', name)
    const lock = await open(`${path}.LOCK`, 'wx').catch(nothing)
    if (lock === undefined) return false
    await lock.close()
    const isWithdrawn = await rm(path).then(yes, no)
    await rm(`${path}.LOCK`, { force: true })
    return isWithdrawn
  }

  /** Makes room for the next attempt under the same name. */
  async forgetFailure(name: string): Promise<void> {
    await rm(join(this.path, 'failed', name), { force: true }).catch(missing(join(this.path, 'failed')))
  }

  /** Puts an incoming file away; it is not seen again. */
  async putAway(fileName: string): Promise<void> {
    await rename(join(this.path, 'incoming', fileName), join(await this.#ownFolder('received'), fileName))
  }

  async #ownFolder(name: 'drafts' | 'received'): Promise<string> {
    const path = join(this.path, 'roomkeeper', name)
    await mkdir(path, { recursive: true, mode: FOLDER_MODE }).catch(missing(path))
    return path
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(yes, no)
}

const yes = (): boolean => true
const no = (): boolean => false
const nothing = (): undefined => undefined

/** Turns an error of the file system into a sentence with the path. */
function missing(path: string): (error: unknown) => never {
  return (error) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    const why =
      code === 'ENOENT'
        ? '目录不存在：装好 smstools 并核对 spoolPath · no such folder: install smstools and check spoolPath'
        : code === 'ENOSPC'
          ? '磁盘已满 · the disk is full'
          : `无权写入（${code}）：把服务用户加入该目录的组 · no permission: add the service’s user to the folder’s group`
    throw new ChannelError(code === 'ENOSPC' ? 'unreachable' : 'configuration', `${path}：${why}`, { cause: error })
  }
}
