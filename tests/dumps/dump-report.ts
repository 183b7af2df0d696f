import type { DeviceSnapshot } from '../../agent/src/discovery/read-device.ts'

/** What the agent read from one file. */
export interface DumpReport {
  file: string
  points: number
  /** Points whose unit is not "1": measurements, not states and texts. */
  with_unit: number
  bad: { key: string; value: unknown; reason: string }[]
  /** An exception that is a defect of the agent, or a device whose profile fits and that still cannot be read. */
  crash?: string
  /** Why there is nothing, when that is no crash: no profile fits, the file is no dump, it cannot be opened. */
  problem?: string
  maker?: string
  model?: string
  dropped_lines?: number
  readings: { key: string; kind: string; value: unknown; unit: string; quality: string }[]
}

export interface DumpFigures {
  files: number
  crashes: number
  points: number
  bad: number
  /** Files from which nothing was read though nothing crashed. */
  problems: number
  per_file: DumpReport[]
}

/** The report of a device that was read. */
export function reportOf(file: string, { maker, model, points }: DeviceSnapshot, droppedLines: number): DumpReport {
  return {
    file,
    points: points.length,
    with_unit: points.filter(({ point }) => point.unit !== '1').length,
    bad: points.flatMap(({ reading: { key, value, quality, reason } }) =>
      quality === 'bad' ? [{ key, value, reason: reason ?? 'no reason' }] : [],
    ),
    // A device that answers and whose profile fits has points, or the profile is wrong.
    ...(points.length === 0 && { crash: 'the device answers and was recognised, but gives no point' }),
    maker,
    model,
    ...(droppedLines > 0 && { dropped_lines: droppedLines }),
    readings: points.map(({ point: { key, kind, unit }, reading: { value, quality } }) => ({ key, kind, value, unit, quality })),
  }
}

/** The report of a file from which nothing was read. */
export function nothingRead(file: string, why: { crash: string } | { problem: string }): DumpReport {
  return { file, points: 0, with_unit: 0, bad: [], ...why, readings: [] }
}

export function figuresOf(perFile: readonly DumpReport[]): DumpFigures {
  const sum = (count: (report: DumpReport) => number): number => perFile.reduce((total, report) => total + count(report), 0)
  return {
    files: perFile.length,
    crashes: sum(({ crash }) => (crash === undefined ? 0 : 1)),
    points: sum(({ points }) => points),
    bad: sum(({ bad }) => bad.length),
    problems: sum(({ problem }) => (problem === undefined ? 0 : 1)),
    per_file: [...perFile],
  }
}

/** One line for people. */
export function lineOf({ file, points, with_unit, bad, crash, problem }: DumpReport): string {
  if (crash !== undefined) return `${file}: CRASH ${crash}`
  if (problem !== undefined) return `${file}: ${problem}`
  return `${file}: ${points} points, ${with_unit} with unit, ${bad.length} bad`
}

/** The whole for people: a line a file, and each bad point below it. */
export function textOf(figures: DumpFigures): string {
  const lines = figures.per_file.flatMap((report) => [
    lineOf(report),
    ...report.bad.map(({ key, value, reason }) => `    ${key} = ${JSON.stringify(value)}: ${reason}`),
  ])
  const { files, points, bad, crashes, problems } = figures
  return [...lines, '', `${files} files, ${points} points, ${bad} bad, ${crashes} crashes, ${problems} files not read`].join('\n')
}
