import { type ClockFigures, runClockJump } from './clock-jump.ts'
import { type DaylightFigures, runDaylightSaving } from './daylight-saving.ts'
import { type FloodFigures, runFlood } from './flood.ts'
import { runSmtpDead, type SmtpDeadFigures } from './smtp-dead.ts'

export interface AlarmFaultFigures {
  seed: number
  lost: number
  duplicates: number
  kills: number
  unsent_visible: boolean
  runs: {
    flood: FloodFigures
    smtp_dead_24h: SmtpDeadFigures
    clock_forward: ClockFigures
    clock_back: ClockFigures
    dst_spring: DaylightFigures
    dst_autumn: DaylightFigures
  }
}

/** A battery of the clock chip that was empty, or a time server that came late. */
const JUMP_MS = 6 * 3_600_000

/** The faults that an alarm on its way to a person must survive. Only a kill may bring a second copy. */
export async function runAlarmFaults(options: {
  alarms: number
  kills: number
  seed: number
  onProgress(line: string): void
}): Promise<AlarmFaultFigures> {
  const { onProgress, seed } = options
  const smtp = await runSmtpDead(24)
  onProgress('the mail server was dead for a day')
  const [forward, back] = [await runClockJump(JUMP_MS), await runClockJump(-JUMP_MS)]
  onProgress('the clock was set forward and back')
  const [spring, autumn] = [runDaylightSaving('spring'), runDaylightSaving('autumn')]
  onProgress('daylight saving began and ended')
  const flood = await runFlood(options)
  const others = [smtp, forward, back, spring, autumn]
  const sum = (name: 'lost' | 'duplicates'): number => [flood, ...others].reduce((total, run) => total + run[name], 0)
  return {
    seed,
    lost: sum('lost') + flood.falsely_sent + forward.stuck + back.stuck + spring.wrong + autumn.wrong,
    duplicates: sum('duplicates'),
    kills: flood.kills,
    unsent_visible: flood.unsent_visible && smtp.unsent_visible,
    runs: { flood, smtp_dead_24h: smtp, clock_forward: forward, clock_back: back, dst_spring: spring, dst_autumn: autumn },
  }
}

/** Whether the promise was kept. */
export function isKept({ lost, duplicates, kills, unsent_visible, runs }: AlarmFaultFigures): boolean {
  const { flood, smtp_dead_24h } = runs
  const withoutKills = duplicates - flood.duplicates
  return lost === 0 && duplicates <= kills && withoutKills === 0 && unsent_visible && smtp_dead_24h.channel_alarm === 'raised and cleared'
}
