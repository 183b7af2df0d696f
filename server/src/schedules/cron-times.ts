import { Cron } from 'croner'

/** More often than this nobody keeps a register; it would only fill the ledger of missed times. */
const SHORTEST_GAP_MS = 3_600_000
const parsed = new Map<string, Cron>()

/** minute hour day month weekday. Croner's rule at a change to or from summer time: a fixed time that is left out runs when the clock has leapt, one that comes twice runs once. */
function cronOf(expression: string, timeZone: string): Cron {
  const key = `${timeZone} ${expression}`
  const known = parsed.get(key)
  if (known) return known
  const made = new Cron(expression, { mode: '5-part', timezone: timeZone, paused: true })
  if (parsed.size > 500) parsed.clear()
  parsed.set(key, made)
  return made
}

/** The first time after `fromMs`; undefined: there is none. */
export function nextCronMs(expression: string, timeZone: string, fromMs: number): number | undefined {
  return cronOf(expression, timeZone).nextRun(new Date(fromMs))?.getTime()
}

/** The last time before `fromMs`; undefined: there is none. */
export function previousCronMs(expression: string, timeZone: string, fromMs: number): number | undefined {
  return cronOf(expression, timeZone).previousRuns(1, new Date(fromMs))[0]?.getTime()
}

/** What is wrong with an expression, for people; undefined: nothing. */
export function cronProblem(expression: string, timeZone: string, nowMs: number): { zh: string; en: string } | undefined {
  let times: Date[]
  try {
    times = cronOf(expression, timeZone).nextRuns(60, new Date(nowMs))
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error)
    return {
      zh: `cron 表达式应为“分 时 日 月 星期”五段，例如 0 9 * * 1（每周一 9:00）：${reason}`,
      en: `five parts: minute hour day month weekday, e.g. 0 9 * * 1 (Mondays at 9:00): ${reason}`,
    }
  }
  if (times.length === 0) return { zh: '这个时间永远不会出现', en: 'this time never comes' }
  const isTooOften = times.some((time, index) => index > 0 && time.getTime() - (times[index - 1]?.getTime() ?? 0) < SHORTEST_GAP_MS)
  return isTooOften ? { zh: '至多每小时一次', en: 'once an hour at most' } : undefined
}
