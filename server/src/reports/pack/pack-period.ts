import type { Period } from './period.ts'

/** Three years and a day: an inspector asks for one, and a mistaken year must not keep the server busy. */
const LONGEST_MS = (3 * 366 + 1) * 86_400_000

/** What is wrong with the period, in both languages; undefined: nothing. */
export function periodProblem({ fromMs, toMs }: Period): { field: string; allowed: string } | undefined {
  if (!Number.isSafeInteger(fromMs) || fromMs < 0) return { field: 'fromMs', allowed: '毫秒时间戳 / epoch milliseconds' }
  if (!Number.isSafeInteger(toMs) || toMs <= fromMs || toMs > 8.64e15) return { field: 'toMs', allowed: '晚于 fromMs / later than fromMs' }
  if (toMs - fromMs > LONGEST_MS) return { field: 'toMs', allowed: '最长三年 / at most three years' }
  return undefined
}
