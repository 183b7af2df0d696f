import { execFileSync } from 'node:child_process'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openReadingLog } from '../../../agent/src/log/index.ts'
import { waitFor } from '../../kit/services/child-program.ts'
import { mountSmallDisk } from '../../kit/small-disk.ts'
import { type FaultRun, LogTrial, resultOf, sumOf } from './log-trial.ts'

const SLOW_MS = 200

/** The disk is full to the last block, the agent restarts on it, and then there is room again. */
export async function fullDisk(): Promise<FaultRun> {
  const disk = mountSmallDisk(2)
  const trial = await LogTrial.create(join(disk.folder, 'log'))
  try {
    await trial.start()
    for (let n = 0; n < 300; n++) await trial.append(200)
    await disk.fill()
    for (let n = 0; n < 100 && (await trial.append(500)); n++);
    if (!trial.faultsNow().some(({ kind }) => kind === 'log-unavailable')) trial.notStarted++
    await trial.stop()
    trial.cases++
    await trial.start()
    await disk.free()
    await takesAgain(trial)
    return sumOf([await resultOf(trial)])
  } finally {
    await trial.dispose()
    disk.dispose()
  }
}

/** The file system turns read-only under a running agent, as Linux does after errors, and is repaired. */
export async function readOnlyDisk(): Promise<FaultRun> {
  const disk = mountSmallDisk(4)
  const remount = (mode: 'ro' | 'rw'): void => void execFileSync('mount', ['-o', `remount,${mode}`, disk.folder])
  const trial = await LogTrial.create(join(disk.folder, 'log'))
  try {
    await trial.start()
    for (let n = 0; n < 300; n++) await trial.append(200)
    await trial.stop()
    trial.cases++
    remount('ro')
    await trial.start()
    if (await trial.append()) trial.notStarted++
    if (!trial.faultsNow().some(({ kind }) => kind === 'log-unavailable')) trial.notStarted++
    remount('rw')
    await takesAgain(trial)
    return sumOf([await resultOf(trial)])
  } finally {
    await trial.dispose()
    disk.dispose()
  }
}

async function takesAgain(trial: LogTrial): Promise<void> {
  await waitFor('the log takes scans again', 15_000, async () => ((await trial.append()) ? true : undefined)).catch(() => {
    trial.notStarted++
  })
}

/** Every flush takes 200 ms: scans share it, none is refused and none is lost. */
export async function slowDisk(): Promise<FaultRun> {
  const folder = await mkdtemp(join(tmpdir(), 'roomkeeper-slow-'))
  const said: string[] = []
  const openSlowly = (async (path: string, flags: string, mode?: number) => {
    const file = await open(path, flags, mode)
    const sync = file.datasync.bind(file)
    file.datasync = async () => {
      await new Promise((resolve) => setTimeout(resolve, SLOW_MS))
      return sync()
    }
    return file
  }) as typeof open
  const events = { onLoss: () => said.push('loss'), onDamage: () => said.push('damage'), onWarning: (text: string) => said.push(text) }
  const options = { folder, maxBytes: 1e9, maxAgeMs: 1e12, clock: { nowMs: () => Date.now() }, events }
  try {
    const log = await openReadingLog({ ...options, open: openSlowly })
    const offsets: number[] = []
    await Promise.all(
      Array.from({ length: 40 }, async (_, i) => {
        await new Promise((resolve) => setTimeout(resolve, i * 50))
        const { offset } = await log.append({ device: 'd', timeMs: i, readings: [{ key: 'x', value: i, quality: 'good' }] })
        offsets.push(offset)
      }),
    )
    await log.close()
    const again = await openReadingLog(options)
    const left = new Set<number>()
    for await (const batch of again.readFrom(1)) for (const { offset } of batch) left.add(offset)
    await again.close()
    const lost = offsets.filter((offset) => !left.has(offset)).length
    return { cases: 1, acknowledged: offsets.length, lost_committed: lost, destroyed: 0, not_started: 40 - offsets.length, said }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
