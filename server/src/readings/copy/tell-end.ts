import { type CopyJob, type CopyOutcome, sourceWasPurged, sumOf } from './copy-readings.ts'
import { number, type ProgressLine } from './progress-line.ts'
import type { KeptSince } from './rollup-copying.ts'

/** Differences named one by one; what is beyond is counted. */
const MAX_NAMED = 20

interface End {
  job: CopyJob
  outcome: CopyOutcome
  keptBefore: KeptSince
  verify: boolean
  line: ProgressLine
  /** Nothing is left to go on with. */
  finish(): Promise<void>
}

/** Says what was copied, compares both stores point by point, and answers the exit code. */
export async function tellEnd({ job, outcome, keptBefore, verify, line, finish }: End): Promise<number> {
  const { state, target } = job
  const sums = Object.values(state.sums)
  const total = sums.reduce((sum, { count }) => sum + count, 0)
  const withReadings = sums.filter(({ count }) => count > 0).length
  if (target === undefined) {
    line.say(
      `共 ${number(total)} 条读数，${number(withReadings)} 个测点有读数；没有复制 / ${number(total)} readings of ${number(withReadings)} points; nothing was copied`,
    )
    return 0
  }
  const until = new Date(Math.min(state.toMs, Date.now())).toLocaleString('sv-SE', { timeZone: job.days.zone }).slice(0, 16)
  line.say(
    `已复制 ${number(total)} 条读数（${number(withReadings)} 个测点，${until} 以前）、${number(outcome.blocks)} 个汇总块 / Copied ${number(total)} readings of ${number(withReadings)} points, those before ${until}, and ${number(outcome.blocks)} blocks of rollups`,
  )
  let isSame = true
  for (const { point, reason, readings } of outcome.refused.slice(0, MAX_NAMED)) {
    isSame = false
    line.say(
      `目标拒绝 / refused by the target: ${point === undefined ? `${readings} readings` : `${point.device.device} ${point.key}`}: ${reason}`,
    )
  }
  if (await sourceWasPurged(job.source, keptBefore)) {
    isSame = false
    line.say('复制期间来源删除了过期读数，请再运行一次 / The source deleted old readings while it was copied: run the command again')
  }
  if (verify) isSame = (await compare(job, target, line)) && isSame
  await finish()
  return isSame ? 0 : 1
}

async function compare(job: CopyJob, target: NonNullable<CopyJob['target']>, line: ProgressLine): Promise<boolean> {
  const points = job.devices.flatMap((one) => one.points)
  const range = { fromMs: job.state.fromMs, toMs: job.state.toMs }
  let [different, more, checked] = [0, 0, 0]
  line.say('核对两库 / comparing both stores')
  for (const [index, point] of points.entries()) {
    const wanted = job.state.sums[point.id] ?? { count: 0, hash: 0 }
    const found = await sumOf(job, target.store, point, range)
    checked += found.count
    line.show({ readings: checked, share: (index + 1) / points.length })
    if (found.count === wanted.count && found.hash === wanted.hash) continue
    const name = `${point.device.site}/${point.device.node}/${point.device.device} ${point.key}`
    if (found.count > wanted.count) {
      more++
      if (more <= MAX_NAMED)
        line.say(
          `${name}：目标多 ${number(found.count - wanted.count)} 条 / the target has ${number(found.count - wanted.count)} more: readings of its own`,
        )
      continue
    }
    different++
    const what =
      found.count === wanted.count
        ? '条数相同，内容不同 / as many, but not the same'
        : `来源 ${number(wanted.count)} 条，目标 ${number(found.count)} 条 / ${number(wanted.count)} in the source, ${number(found.count)} in the target`
    if (different <= MAX_NAMED) line.say(`✗ ${name}：${what}`)
  }
  line.say(
    different === 0
      ? `✓ ${number(points.length)} 个测点逐一核对${more === 0 ? '一致' : `，${number(more)} 个目标另有读数`} / all ${number(points.length)} points compared${more === 0 ? ' and the same' : `; ${number(more)} have further readings in the target`}`
      : `✗ ${number(different)} 个测点不一致 / ${number(different)} points differ`,
  )
  return different === 0
}
