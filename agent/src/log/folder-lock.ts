import { readFileSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { LogError, toLogError } from './log-error.ts'

/** A process that was started at another time than the lock says is not the one that made it: process ids are used again. */
function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // Field 22 of proc(5); the name in field 2 may contain spaces and brackets.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}

function isAlive(pid: number, startTime: string | undefined): boolean {
  if (startTime !== undefined) return startTimeOf(pid) === startTime
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Holders inside this process: the file alone cannot tell two logs of one process apart. */
const held = new Set<string>()

/** The process that holds the lock now, when it is another one than this; a lock left by a killed process has no holder. */
export async function lockHolder(path: string): Promise<number | undefined> {
  const [pidText, startTime] = (await readFile(path, 'utf8').catch(() => '')).split(' ')
  const pid = Number(pidText)
  return Number.isInteger(pid) && pid > 0 && pid !== process.pid && isAlive(pid, startTime || undefined) ? pid : undefined
}

/** Keeps a second agent away from the same log. A lock left by a killed process is taken over. Throws LogError `locked`. */
export async function lockFolder(path: string): Promise<() => Promise<void>> {
  const other = await lockHolder(path)
  const holder = held.has(path) ? process.pid : other
  if (holder !== undefined) throw new LogError('locked', `another agent (process ${holder}) uses this folder: ${path}`)
  held.add(path)
  try {
    await writeFile(path, `${process.pid} ${startTimeOf(process.pid) ?? ''}`)
  } catch (error) {
    if (toLogError(error, '').kind !== 'disk-full') {
      held.delete(path)
      throw error
    }
    // A full disk must not keep the log closed; the next start writes the lock.
  }
  return async () => {
    held.delete(path)
    await rm(path, { force: true })
  }
}
