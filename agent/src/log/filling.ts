/** How full the log is, and how fast it fills. */
export interface FillFigures {
  bytes: number
  /** The configured limit, or what the disk still has room for when that is less. */
  capacityBytes: number
  bytesPerHour: number
  /** Records the host has not committed. */
  backlog: number
}

/** Above this share of the capacity the oldest records are thinned; the rest is room for scans while that goes on. */
export const THIN_ABOVE_SHARE = 0.8
/** People hear of it at this share, or this long before thinning begins when that is earlier. */
const TELL_ABOVE_SHARE = 0.5
const TELL_BEFORE_HOURS = 24
/** A new log of which nothing is known yet fills no disk. */
const LEAST_SHARE = 0.1
/** Told once, it stays until there is clearly more room. */
const HYSTERESIS_SHARE = 0.1

/** What to say about a log that fills: undefined when there is nothing to say. Figures are rounded, so that it is not told anew every minute. */
export function fillingMessage(figures: FillFigures, isTold: boolean): string | undefined {
  const { bytes, capacityBytes, bytesPerHour, backlog } = figures
  const share = bytes / Math.max(1, capacityBytes)
  const hoursLeft = bytesPerHour > 0 ? Math.max(0, capacityBytes * THIN_ABOVE_SHARE - bytes) / bytesPerHour : Number.POSITIVE_INFINITY
  const slack = isTold ? HYSTERESIS_SHARE : 0
  const isFilling = share >= TELL_ABOVE_SHARE - slack || (share >= LEAST_SHARE && hoursLeft <= TELL_BEFORE_HOURS * (isTold ? 2 : 1))
  if (backlog === 0 || !isFilling) return undefined
  const percent = Math.round(share * 20) * 5
  const capacity = `${capacityBytes < 10e6 ? (capacityBytes / 1e6).toFixed(1) : Math.round(capacityBytes / 1e6)} MB`
  if (share >= THIN_ABOVE_SHARE)
    return `读数日志将满（${capacity} 的 ${percent}%），正在抽稀最旧的正常读数；再满则丢弃最旧的读数 · the reading log is nearly full (${percent}% of ${capacity}): the oldest usual readings are being thinned, and dropped when that is not enough`
  const when = Number.isFinite(hoursLeft)
    ? [`按目前速度约 ${durationOf(hoursLeft, '小时', '天')}后`, `at the present rate in about ${durationOf(hoursLeft, ' h', ' days')}`]
    : ['之后', 'then']
  return `服务器未取走读数，读数日志已用 ${capacity} 的 ${percent}%；${when[0]}开始抽稀最旧的正常读数 · the server does not take the readings: ${percent}% of the reading log's ${capacity} are used; ${when[1]} the oldest usual readings will be thinned`
}

function durationOf(hours: number, hourWord: string, dayWord: string): string {
  return hours < 48 ? `${Math.max(1, Math.round(hours))}${hourWord}` : `${Math.round(hours / 24)}${dayWord}`
}

const RATE_WINDOW_MS = 3_600_000
const LEAST_RATE_WINDOW_MS = 60_000

/** Bytes an hour over the last hour, from a counter and a monotonic clock. */
export class FillRate {
  readonly #marks: { atMs: number; bytes: number }[] = []

  /** 0 until a minute is known. */
  note(appendedBytes: number, monotonicMs: number): number {
    if ((this.#marks.at(-1)?.bytes ?? 0) > appendedBytes) this.#marks.length = 0
    this.#marks.push({ atMs: monotonicMs, bytes: appendedBytes })
    while (this.#marks.length > 2 && monotonicMs - (this.#marks[1] as { atMs: number }).atMs >= RATE_WINDOW_MS) this.#marks.shift()
    const first = this.#marks[0] as { atMs: number; bytes: number }
    const elapsedMs = monotonicMs - first.atMs
    return elapsedMs < LEAST_RATE_WINDOW_MS ? 0 : ((appendedBytes - first.bytes) * 3_600_000) / elapsedMs
  }
}
