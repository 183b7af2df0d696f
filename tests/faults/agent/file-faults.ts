import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, cp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type FaultRun, LogTrial, resultOf, sumOf } from './log-trial.ts'

const APPENDING_CHILD = fileURLToPath(new URL('../../../agent/src/log/appending-child.ts', import.meta.url))
const HEADER_BYTES = 12
/** So many scans fill more than one segment of the trial's log. */
const SCANS = 1500

async function segmentsOf(folder: string): Promise<string[]> {
  return (await readdir(folder))
    .filter((name) => name.endsWith('.rklog'))
    .sort()
    .map((name) => join(folder, name))
}

async function filled(scans = SCANS): Promise<LogTrial> {
  const trial = await LogTrial.create()
  await trial.start()
  for (let n = 0; n < scans; n += 100) await Promise.all(Array.from({ length: 100 }, () => trial.append(100)))
  return trial
}

/** The power goes while a record is written: the file ends anywhere inside it. */
export async function tornTail(): Promise<FaultRun> {
  const runs: FaultRun[] = []
  for (let bytes = 1; bytes < 150; bytes += 16) {
    const trial = await filled(200)
    await trial.append(100)
    await trial.stop()
    const last = (await segmentsOf(trial.folder)).at(-1) as string
    const record = (await readFile(last)).subarray(-155)
    await appendFile(last, record.subarray(0, bytes))
    await trial.startAgainAndCheck()
    runs.push(await resultOf(trial))
    await trial.dispose()
  }
  return sumOf(runs)
}

/** Where a bit flips: parts of a record's frame (offset into it), in the oldest and the newest segment; and the two small files. */
const FLIPS = { magic: 1, length: 5, crc: 9, body_offset: HEADER_BYTES + 3, body_value: HEADER_BYTES + 60 } as const

export async function flippedBit(): Promise<FaultRun> {
  const runs: FaultRun[] = []
  for (const place of Object.values(FLIPS)) {
    for (const which of [0, -1]) {
      const trial = await filled()
      await trial.stop()
      const path = (await segmentsOf(trial.folder)).at(which) as string
      const bytes = await readFile(path)
      // The second record, so that whole ones lie before and behind it.
      const second = bytes.indexOf('RKr1', 4)
      bytes[second + place] = (bytes[second + place] as number) ^ 0x10
      await writeFile(path, bytes)
      trial.destroyed = 1
      await trial.startAgainAndCheck()
      runs.push(await resultOf(trial))
      await trial.dispose()
    }
  }
  for (const name of ['identity.json', 'committed.json']) {
    const trial = await filled(200)
    await trial.stop()
    const path = join(trial.folder, name)
    const bytes = await readFile(path)
    bytes[0] = (bytes[0] as number) ^ 0x10
    await writeFile(path, bytes)
    await trial.startAgainAndCheck()
    runs.push(await resultOf(trial))
    await trial.dispose()
  }
  return sumOf(runs)
}

/** The folder is gone at the next start: a new log under a new epoch, so that the server takes its offsets for new ones. */
export async function lostFolder(): Promise<FaultRun> {
  const trial = await filled(200)
  const epoch = trial.log?.epoch
  await trial.stop()
  await rm(trial.folder, { recursive: true })
  const gone = trial.acknowledged.size
  trial.acknowledged.clear()
  await trial.startAgainAndCheck()
  const isTold = [...trial.said].some((line) => /READING LOG OF EARLIER RUNS IS GONE/.test(line))
  if (trial.log?.epoch === epoch || !isTold) trial.notStarted++
  const result = await resultOf(trial)
  await trial.dispose()
  return { ...sumOf([result]), destroyed: gone }
}

/** An old copy of the folder comes back; the server has committed beyond its end. It must get a new epoch, and keep what it holds. */
export async function oldCopy(): Promise<FaultRun> {
  const trial = await filled(200)
  const copy = `${trial.folder}-copy`
  await cp(trial.folder, copy, { recursive: true })
  const kept = new Map(trial.acknowledged)
  for (let n = 0; n < 1500; n++) await trial.append()
  const committed = trial.log?.nextOffset ?? 0
  const epoch = trial.log?.epoch
  await trial.stop()
  await rm(trial.folder, { recursive: true })
  await cp(copy, trial.folder, { recursive: true })
  await rm(join(trial.folder, 'lock'), { force: true })
  trial.acknowledged.clear()
  for (const [offset, timeMs] of kept) trial.acknowledged.set(offset, timeMs)
  await trial.startAgainAndCheck()
  // What the edge node does when the host says more than the log ever gave.
  if ((await trial.log?.commit(committed - 1)) === 'ahead') await trial.log?.renewEpoch()
  if (trial.log?.epoch === epoch) trial.notStarted++
  const result = await resultOf(trial)
  await trial.dispose()
  return sumOf([result])
}

/** SIGKILL at any moment of a process that does nothing but append. */
export async function killed(kills: number): Promise<FaultRun> {
  const trial = await LogTrial.create()
  for (let round = 0; round < kills; round++) {
    const child = spawn(process.execPath, [APPENDING_CHILD, trial.folder, String(round)], { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    const enough = 200 + ((round * 7919) % 4000)
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString()
        if (text.length > enough) resolve()
      })
      child.once('close', () => resolve())
    })
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'close')
    trial.cases++
    if (text === '') trial.notStarted++
    for (const line of text.slice(0, text.lastIndexOf('\n')).split('\n')) {
      const [offset, timeMs] = line.split(' ').map(Number) as [number, number]
      // An offset given twice is as bad as a lost record.
      if (trial.acknowledged.has(offset)) trial.notStarted++
      trial.acknowledged.set(offset, timeMs)
    }
  }
  await trial.startAgainAndCheck()
  const result = await resultOf(trial)
  await trial.dispose()
  return sumOf([result])
}

/** A record cut in the middle of the newest file, the rest of the file gone with it: what an unclean file system may leave. */
export async function truncatedFile(): Promise<FaultRun> {
  const trial = await filled(200)
  await trial.stop()
  const last = (await segmentsOf(trial.folder)).at(-1) as string
  const { length } = await readFile(last)
  await truncate(last, length - 10)
  trial.destroyed = 1
  await trial.startAgainAndCheck()
  const result = await resultOf(trial)
  await trial.dispose()
  return sumOf([result])
}
