/** What a common expression says; null: too particular for words. */
export type CronMeaning =
  | { kind: 'every-day'; times: string[] }
  | { kind: 'weekdays'; days: number[]; times: string[] }
  | { kind: 'month-days'; days: number[]; months: number[] | null; times: string[] }
  | { kind: 'last-day'; times: string[] }

const NAMES = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']

/** Minute hour day month weekday, of which people use a few forms. The server decides; this only puts into words. */
export function cronMeaning(expression: string): CronMeaning | null {
  const parts = expression.trim().split(/\s+/)
  if (parts.length !== 5) return null
  const [minutes, hours, days, months, weekdays] = [
    numbersOf(parts[0], 0, 59),
    numbersOf(parts[1], 0, 23),
    numbersOf(parts[2], 1, 31),
    numbersOf(parts[3], 1, 12),
    numbersOf(
      parts[4]?.replace(/[A-Z]{3}/gi, (name) => String(NAMES.indexOf(name.toUpperCase()))),
      0,
      7,
    ),
  ]
  if (!minutes?.length || !hours?.length || minutes.length * hours.length > 4) return null
  const times = hours.flatMap((hour) => minutes.map((minute) => `${hour}:${String(minute).padStart(2, '0')}`))
  const isAny = (part: number[] | undefined): boolean => part?.length === 0
  if (parts[2] === 'L' && isAny(months) && isAny(weekdays)) return { kind: 'last-day', times }
  if (!days || !months || !weekdays) return null
  if (isAny(days) && isAny(months))
    return isAny(weekdays) ? { kind: 'every-day', times } : { kind: 'weekdays', days: [...new Set(weekdays.map((day) => day % 7))], times }
  if (isAny(days) || !isAny(weekdays)) return null
  return { kind: 'month-days', days, months: isAny(months) ? null : months, times }
}

/** Numbers of a part; empty: any; undefined: something else. */
function numbersOf(part: string | undefined, low: number, high: number): number[] | undefined {
  if (part === '*') return []
  const found: number[] = []
  for (const piece of part?.split(',') ?? ['']) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(piece)
    const step = /^\*\/(\d+)$/.exec(piece)
    if (step && Number(step[1]) > 0) for (let number = low; number <= high; number += Number(step[1])) found.push(number)
    else if (match) for (let number = Number(match[1]); number <= Number(match[2] ?? match[1]); number += 1) found.push(number)
    else return undefined
  }
  return found.every((number) => number >= low && number <= high) ? found : undefined
}
