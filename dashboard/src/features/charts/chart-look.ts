import dayjs from 'dayjs'

/** Distinct in hue and lightness, also with colour-blind eyes (after Okabe–Ito); one set for each ground. */
const COLORS_ON_LIGHT = ['#1d6fa5', '#c4560c', '#2f7d4f', '#8a4fa3', '#a67c00', '#0f8a8a', '#b3446c', '#5b6fb5', '#6b6b6b', '#7a5230']
const COLORS_ON_DARK = ['#6fb2e3', '#f2a05e', '#6ccf96', '#cf96e6', '#e0c050', '#5fd0d0', '#e58bab', '#9fb0f0', '#b8b8b8', '#c99b6b']

export function curveColor(index: number): string {
  const colors = document.documentElement.dataset.theme === 'dark' ? COLORS_ON_DARK : COLORS_ON_LIGHT
  return colors[index % colors.length] as string
}

export function colorOf(variable: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(variable).trim()
}

const DAY_MS = 86_400_000
export function axisTime(ms: number, stepMs: number): string {
  const time = dayjs(ms)
  // A year begins somewhere in these.
  if (stepMs >= 28 * DAY_MS) return time.format('YYYY-MM')
  if (stepMs >= DAY_MS) return time.format('MM-DD')
  const isMidnight = time.hour() === 0 && time.minute() === 0
  if (isMidnight) return time.format('MM-DD')
  return time.format(stepMs < 60_000 ? 'HH:mm:ss' : 'HH:mm')
}
