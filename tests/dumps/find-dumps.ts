import { readdir, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'

/** A dump of a device: `nut` is a `.dev` of variables, `snmp` a `.snmprec` of objects. */
export interface DumpFile {
  /** As reported: relative to the folder that was given. */
  file: string
  path: string
  protocol: 'nut' | 'snmp'
}

/** What the person who started the command has to mend. */
export class UsageError extends Error {}

const PROTOCOL_BY_ENDING = [
  ['.dev', 'nut'],
  ['.snmprec', 'snmp'],
] as const

/** The dumps below a folder, in the order of their names. Throws a UsageError when there is no such folder or nothing in it. */
export async function findDumps(folder: string): Promise<DumpFile[]> {
  const found = await stat(folder).catch((error: NodeJS.ErrnoException) => error)
  if (found instanceof Error) {
    throw new UsageError(
      found.code === 'ENOENT' ? `没有这个目录 · no such folder: ${folder}` : `无法打开 · cannot be opened: ${found.message}`,
    )
  }
  if (!found.isDirectory()) throw new UsageError(`不是目录 · not a folder: ${folder}`)
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: Error) => {
    throw new UsageError(`无法读取目录 · the folder cannot be read: ${error.message}`)
  })
  const dumps = entries.flatMap((entry): DumpFile[] => {
    const protocol = PROTOCOL_BY_ENDING.find(([ending]) => entry.name.endsWith(ending))?.[1]
    if (entry.isDirectory() || protocol === undefined) return []
    const path = join(entry.parentPath, entry.name)
    return [{ file: relative(folder, path), path, protocol }]
  })
  if (dumps.length === 0) throw new UsageError(`目录中没有 .dev 或 .snmprec 文件 · no .dev and no .snmprec file below ${folder}`)
  return dumps.sort((a, b) => (a.file < b.file ? -1 : 1))
}
