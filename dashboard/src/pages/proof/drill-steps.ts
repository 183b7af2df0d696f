import type { Drill } from '@roomkeeper/shared/http'

export type StepName = 'published' | 'detected' | 'sent' | 'acknowledged'

export interface DrillStep {
  name: StepName
  state: 'done' | 'waiting' | 'missed' | 'next'
  /** Since the test reading; null: not yet, or never. */
  afterMs: number | null
}

/** The way of the test reading: what is done, what is waited for, what never came. */
export function drillSteps(drill: Pick<Drill, 'state' | 'detectedMs' | 'firstSentMs' | 'acknowledgedMs'>): DrillStep[] {
  const times: [StepName, number | null][] = [
    ['published', 0],
    ['detected', drill.detectedMs],
    ['sent', drill.firstSentMs],
    ['acknowledged', drill.acknowledgedMs],
  ]
  let isWaiting = drill.state === 'running'
  return times.map(([name, afterMs]): DrillStep => {
    if (afterMs !== null) return { name, state: 'done', afterMs }
    if (drill.state !== 'running') return { name, state: 'missed', afterMs }
    const state = isWaiting ? 'waiting' : 'next'
    isWaiting = false
    return { name, state, afterMs }
  })
}

/** Passed by an acknowledgement alone: nothing was to be sent, so nothing is proved about channels. */
export function wasBrowserOnly({ state, notices }: Pick<Drill, 'state' | 'notices'>): boolean {
  return state === 'passed' && notices.sent === 0
}

export type DurationText =
  | { unit: 'milliseconds'; values: { milliseconds: number } }
  | { unit: 'seconds'; values: { seconds: string } }
  | { unit: 'minutes'; values: { minutes: number; seconds: number } }
  | { unit: 'hours'; values: { hours: number; minutes: number } }

/** A measured duration, as exact as people read it: milliseconds below 1 s, tenths below 10 s, seconds below an hour. */
export function durationText(ms: number): DurationText {
  if (ms < 999.5) return { unit: 'milliseconds', values: { milliseconds: Math.round(ms) } }
  if (ms < 9950) return { unit: 'seconds', values: { seconds: (ms / 1000).toFixed(1) } }
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return { unit: 'seconds', values: { seconds: String(seconds) } }
  if (seconds < 3600) return { unit: 'minutes', values: { minutes: Math.floor(seconds / 60), seconds: seconds % 60 } }
  const minutes = Math.round(seconds / 60)
  return { unit: 'hours', values: { hours: Math.floor(minutes / 60), minutes: minutes % 60 } }
}
