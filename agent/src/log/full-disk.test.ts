import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openReadingLog } from './index.ts'
import type { LoggedScan } from './scan-record.ts'

const folder = await mkdtemp(join(tmpdir(), 'roomkeeper-full-'))
const canMount = (() => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder], { stdio: 'ignore' })
    execFileSync('umount', [folder], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

it.skipIf(!canMount)(
  'a full disk: refuses, can still be opened, read and trimmed, and recovers (skipped where no tmpfs may be mounted)',
  async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder])
    const options = {
      folder: join(folder, 'log'),
      maxBytes: 1e9,
      maxAgeMs: 1e12,
      segmentBytes: 40_000,
      clock: { nowMs: () => Date.now() },
      events: { onLoss: () => expect.fail('nothing may be dropped'), onDamage: () => {}, onWarning: () => {} },
    }
    const record = { device: 'd', timeMs: 1, readings: [{ key: 'text', value: 'x'.repeat(1000), quality: 'good' as const }] }
    try {
      let log = await openReadingLog(options)
      const kept: number[] = []
      let refused: unknown
      for (let i = 0; i < 1000 && refused === undefined; i++) {
        await log.append(record).then(
          ({ offset }) => kept.push(offset),
          (error: unknown) => {
            refused = error
          },
        )
      }
      expect(refused).toMatchObject({ name: 'LogError', kind: 'disk-full' })
      expect(kept.length).toBeGreaterThan(100)
      // Fill what the failed write left, so that not even a small file can be written.
      await writeFile(join(folder, 'filler'), Buffer.alloc(256 * 1024)).catch(() => {})
      await log.close()

      log = await openReadingLog(options)
      await expect(log.append(record)).rejects.toMatchObject({ kind: 'disk-full' })
      const read: LoggedScan[] = []
      for await (const batch of log.readFrom(1)) read.push(...batch)
      expect(read.map((entry) => entry.offset)).toEqual(kept)

      expect(await log.commit(kept[80] as number)).toBe('committed')
      const { offset } = await log.append(record)
      expect(offset).toBeGreaterThan(kept.at(-1) as number)
      await log.close()
    } finally {
      execFileSync('umount', ['-l', folder])
      await rm(folder, { recursive: true, force: true })
    }
  },
)
