import { POINT_KINDS } from '../model/index.ts'
import { type CellProblem, isId, rangeWords, said } from './check-cells.ts'
import type { ChecklistItem, Move, Words } from './definition.ts'
import { isEmpty } from './field-values.ts'
import { CHECK_RESULTS, type CheckAnswer, FOLLOW_UPS } from './values.ts'

const NOTE_LENGTH = 1000
const ITEM_PHOTOS = 10

/**
 * Answers of a checklist, by item. A draft may be half filled in. At a move each abnormal item says what was seen; at a move that requires the list, each item
 * is answered, measured and photographed as it asks. A value outside of what the item calls normal needs the result abnormal; one that its kind of point can
 * never have is refused.
 */
export function checkChecklist(
  label: Words,
  items: readonly ChecklistItem[],
  value: unknown,
  { move, isRequired }: { move: Move | undefined; isRequired: boolean },
): CellProblem[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [{ message: said(label, '须为检查项的结果', 'must be the answers of a checklist') }]
  const answers = value as Record<string, unknown>
  const problems: CellProblem[] = []
  for (const item of items) {
    const answer = Object.hasOwn(answers, item.key) ? answers[item.key] : undefined
    problems.push(...checkAnswer(item, answer, move !== undefined, isRequired))
  }
  for (const key of Object.keys(answers))
    if (!items.some((item) => item.key === key))
      problems.push({ path: key, message: said(label, `没有“${key}”这个检查项`, `has no item “${key}”`) })
  return problems
}

const KEYS = ['result', 'measured', 'note', 'photos', 'atMs', 'followUp']

function checkAnswer(item: ChecklistItem, value: unknown, isMove: boolean, isRequired: boolean): CellProblem[] {
  const problem = (zh: string, en: string): CellProblem => ({ path: item.key, message: said(item.label, zh, en) })
  if (isEmpty(value)) return isRequired ? [problem('尚未检查', 'is not answered')] : []
  if (typeof value !== 'object' || Array.isArray(value) || Object.keys(value as object).some((key) => !KEYS.includes(key)))
    return [problem('的结果有误', 'is malformed')]
  const answer = value as CheckAnswer
  const { result, note = '', photos = [] } = answer
  const measured = answer.measured ?? null
  const problems: CellProblem[] = []
  if (answer.followUp !== undefined && !FOLLOW_UPS.includes(answer.followUp))
    problems.push(problem('的后续处理须为事件或工单', 'is followed by an incident or a work order'))
  if (answer.atMs !== undefined && !Number.isSafeInteger(answer.atMs)) problems.push(problem('的时间有误', 'has a malformed time'))
  if (result === undefined || result === null) {
    if (isRequired) problems.push(problem('尚未检查', 'is not answered'))
  } else if (!CHECK_RESULTS.includes(result)) {
    problems.push(problem('须为正常、异常或不适用', 'must be normal, abnormal or not applicable'))
  }
  problems.push(...checkMeasured(item, measured, answer, isRequired))
  if (typeof note !== 'string') problems.push(problem('的说明须为文字', 'needs a text as its note'))
  else if ([...note].length > NOTE_LENGTH)
    problems.push(problem(`的说明最多 ${NOTE_LENGTH} 个字符`, `takes a note of ${NOTE_LENGTH} characters at most`))
  else if (isMove && result === 'abnormal' && note.trim() === '')
    problems.push(problem('异常，须说明看到了什么', 'is abnormal: say what was seen'))
  if (!Array.isArray(photos) || !photos.every(isId) || new Set(photos).size !== photos.length || photos.length > ITEM_PHOTOS)
    problems.push(problem(`须为已上传的照片，最多 ${ITEM_PHOTOS} 张`, `takes photos that were sent, ${ITEM_PHOTOS} at most`))
  else if (isRequired && item.photo && result !== 'not-applicable' && photos.length === 0) problems.push(problem('须拍照', 'needs a photo'))
  return problems
}

function checkMeasured(item: ChecklistItem, measured: unknown, { result }: CheckAnswer, isRequired: boolean): CellProblem[] {
  const problem = (zh: string, en: string): CellProblem => ({ path: item.key, message: said(item.label, zh, en) })
  if (measured === null) {
    const isMissing = isRequired && item.measured !== undefined && result !== 'not-applicable'
    return isMissing ? [problem('须填写实测值', 'needs the measured value')] : []
  }
  if (!item.measured) return [problem('没有实测值', 'has no measured value')]
  const { unit, low, high, kind } = item.measured
  const possible = kind === undefined ? undefined : (POINT_KINDS[kind] as { range?: { low: number; high: number } }).range
  if (!isWithin(measured, possible)) {
    const { zh, en } = rangeWords({ ...possible, unit })
    return [problem(`的实测值须为${zh}数字`, `needs as its measured value a number${en}`)]
  }
  if (result === 'abnormal' || isWithin(measured, { low, high })) return []
  const { zh, en } = rangeWords({ low, high, unit })
  return [
    problem(
      `的实测值 ${String(measured)} 不是正常的（正常为${zh}数值），请改选“异常”`,
      `was measured as ${String(measured)}, normal is a value${en}: answer abnormal`,
    ),
  ]
}

function isWithin(value: unknown, range: { low?: number; high?: number } = {}): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= (range.low ?? -Infinity) && value <= (range.high ?? Infinity)
}
