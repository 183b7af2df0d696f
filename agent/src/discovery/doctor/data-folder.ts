import { randomUUID } from 'node:crypto'
import { readdir, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Finding, ok, problem } from './finding.ts'

const FOLDER = '数据目录 · data folder'
const SPACE = '磁盘空间 · disk space'
const BYTES_PER_MEGABYTE = 1024 * 1024
const PROBE_BYTES = 4096

/** Can the agent write in its data folder, and may the reading log grow to its full size there? Leaves nothing behind. */
export async function checkDataFolder(folder: string, maxMegabytes: number): Promise<Finding[]> {
  // The folder is not made here: made by root it would be closed to the agent's own user. The nearest one above tells as much.
  const existing = await nearestFolder(folder)
  return [await checkWritable(folder, existing), await checkSpace(folder, existing, maxMegabytes)]
}

async function checkWritable(folder: string, existing: string): Promise<Finding> {
  const probe = join(existing, `.roomkeeper-doctor-${randomUUID()}`)
  try {
    await writeFile(probe, Buffer.alloc(PROBE_BYTES), { flag: 'wx' })
  } catch (error) {
    return problem(
      FOLDER,
      `${folder}: 不可写 · not writable: ${(error as Error).message}`,
      '检查目录的属主、权限和挂载方式，或修改 dataDir · check owner, mode and mount, or change dataDir',
    )
  } finally {
    await rm(probe, { force: true }).catch(() => {})
  }
  return ok(
    FOLDER,
    existing === folder ? `${folder} 可写 · writable` : `${folder} 尚不存在，可在 ${existing} 中创建 · not there yet, can be made`,
  )
}

async function checkSpace(folder: string, existing: string, maxMegabytes: number): Promise<Finding> {
  const { bavail, bsize } = await statfs(existing)
  const free = Math.floor((bavail * bsize) / BYTES_PER_MEGABYTE)
  const used = (await bytesIn(join(folder, 'log'))) / BYTES_PER_MEGABYTE
  const needed = Math.ceil(Math.max(0, maxMegabytes - used))
  const figures = `可用 ${free} MB · free; 读数日志还可增长 ${needed} MB · the reading log may grow by as much`
  if (free >= needed) return ok(SPACE, figures)
  return problem(SPACE, figures, '腾出空间，或减小 log.maxMegabytes · free some space, or lower log.maxMegabytes')
}

async function nearestFolder(folder: string): Promise<string> {
  const found = await stat(folder).catch(() => undefined)
  return found !== undefined || dirname(folder) === folder ? folder : nearestFolder(dirname(folder))
}

async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => [])
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
