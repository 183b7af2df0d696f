import { missingSmallDisk } from '../../kit/small-disk.ts'
import { clockSet } from './clock-faults.ts'
import { fullDisk, readOnlyDisk, slowDisk } from './disk-faults.ts'
import { flippedBit, killed, lostFolder, oldCopy, tornTail, truncatedFile } from './file-faults.ts'
import type { FaultRun } from './log-trial.ts'

const HOUR_MS = 3_600_000

export interface LogFaultFigures {
  runs: Record<string, FaultRun>
  /** Runs that this machine does not permit (mounting needs root), with the reason. */
  skipped: Record<string, string>
  lost_committed: number
  not_started: number
}

/** Every fault the agent's log must survive, one after the other, on real files. */
export async function runLogFaults(options: { kills: number; onProgress?(line: string): void }): Promise<LogFaultFigures> {
  const noDisk = missingSmallDisk()
  const all: Record<string, () => Promise<FaultRun>> = {
    torn_tail: tornTail,
    flipped_bit: flippedBit,
    truncated_file: truncatedFile,
    full_disk: fullDisk,
    read_only_disk: readOnlyDisk,
    slow_disk: slowDisk,
    clock_back: () => clockSet(-HOUR_MS),
    clock_forward: () => clockSet(HOUR_MS),
    killed: () => killed(options.kills),
    lost_folder: lostFolder,
    old_copy: oldCopy,
  }
  const figures: LogFaultFigures = { runs: {}, skipped: {}, lost_committed: 0, not_started: 0 }
  for (const [name, run] of Object.entries(all)) {
    if (noDisk !== undefined && (name === 'full_disk' || name === 'read_only_disk')) {
      figures.skipped[name] = noDisk
      continue
    }
    options.onProgress?.(name)
    const result = await run()
    figures.runs[name] = result
    figures.lost_committed += result.lost_committed
    figures.not_started += result.not_started
  }
  return figures
}
