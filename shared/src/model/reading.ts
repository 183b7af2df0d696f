/** good: counts; bad: cannot be true, shown and stored but never judged as an excursion or as OK; stale: older than it may be. */
export const QUALITIES = ['good', 'bad', 'stale'] as const
export type Quality = (typeof QUALITIES)[number]

/** Why a reading cannot be true. Named by the agent at the source. */
export const BAD_REASONS = [
  'out-of-range',
  'sentinel',
  'impossible-jump',
  'frozen',
  'neighbour-disagreement',
  'sensor-error',
  'contradiction',
  'not-a-number',
] as const
export type BadReason = (typeof BAD_REASONS)[number]

/** Numbers for measurements, booleans for contacts (true = the bad state), strings for token sets; null = no value could be read. */
export type ReadingValue = number | boolean | string | null
