import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A file system of its own (tmpfs) that can be filled to the last block. */
export interface SmallDisk {
  readonly folder: string
  /** Takes every free block. */
  fill(): Promise<void>
  /** Gives back what `fill` took. */
  free(): Promise<void>
  /** Unmounts it, also when something still has a file open there. */
  dispose(): void
}

/** Mounts a tmpfs of that size under the temporary folder. Throws where that is not permitted; see `missingSmallDisk`. */
export function mountSmallDisk(megabytes: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'roomkeeper-disk-'))
  const { status, stderr, error } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { encoding: 'utf8' })
  if (status !== 0) {
    rmSync(folder, { recursive: true, force: true })
    throw new Error(`no tmpfs can be mounted here: ${error?.message ?? stderr.trim()}`)
  }
  const filler = join(folder, 'filler')
  return {
    folder,
    fill: async () => {
      for (;;) {
        const { bavail, bsize } = statfsSync(folder)
        if (bavail === 0) return
        await writeFile(filler, Buffer.alloc(bavail * bsize), { flag: 'a' }).catch(() => undefined)
      }
    },
    free: () => rm(filler, { force: true }),
    dispose: () => {
      spawnSync('umount', ['-l', folder])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Why no small disk can be had here, or undefined. Mounting needs root; that is no service that could be installed, so it is skipped everywhere. */
export function missingSmallDisk(): string | undefined {
  try {
    mountSmallDisk(1).dispose()
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}
