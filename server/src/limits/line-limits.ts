import type { Limit, PointKind } from '@roomkeeper/shared/model'

/** A default limit and where it comes from. */
export interface DefaultLimit {
  limit: Limit
  source: string
}

/** What a device says of the line that a point measures. */
export interface Line {
  key?: string
  nominal?: number | null
}

const GB_12325 = 'GB 12325 (220 V +7/−10 %)'
const GB_12325_THREE_PHASE = 'GB 12325 (380 V ±7 %)'
export const PRODUCT = '产品默认值 / product default'
/** A nominal voltage below this is no mains: a DC system is floated far above it for hours, and has limits of its own only when people set them. */
const LOWEST_MAINS_VOLTS = 90
/** At the socket a line of any other nominal voltage may have this part of it (IEC 60038, note on the utilization voltage range). */
const UTILIZATION = { low: 0.86, high: 1.1 }
/** An outlet that is switched off and a bypass that is not wired are 0 V for good: what they lack, the input or the status tells. */
const MAY_BE_DEAD = /^(?:device\.\d+\.)?(?:outlet\.(?:group\.)?\d+\.|.*\bbypass\b)/

type Draft = Partial<Limit> & Pick<Limit, 'condition' | 'priority'>

/** A limit as the tables of defaults write it: at once, without a deadband, in force. */
export function entry(source: string, draft: Draft): DefaultLimit {
  return { source, limit: { deadband: 0, onDelayMs: 0, offDelayMs: 0, enabled: true, ...draft } }
}

/** The default limits of what a power line has, by what it is built for; undefined for other kinds. Unsaid, it is China's 220/380 V, 50 Hz. */
export function lineLimits(kind: PointKind, { key = '', nominal = null }: Line): readonly DefaultLimit[] | undefined {
  if (kind === 'frequency') return band(PRODUCT, 'medium', (nominal ?? 50) - 0.5, (nominal ?? 50) + 0.5, 0.1)
  if (kind !== 'voltage' && kind !== 'line-to-line-voltage') return undefined
  const limits = kind === 'voltage' ? voltageLimits(nominal) : lineToLineLimits(nominal)
  return MAY_BE_DEAD.test(key) ? limits.filter(({ limit }) => limit.condition !== 'low') : limits
}

function voltageLimits(nominal: number | null): readonly DefaultLimit[] {
  return nominal === null || nominal === 220 ? band(GB_12325, 'high', 198, 235.4, 2) : ofNominal(nominal, 2)
}

function lineToLineLimits(nominal: number | null): readonly DefaultLimit[] {
  const isChinas = nominal === null || Math.abs(nominal - 380) <= 2
  return isChinas ? band(GB_12325_THREE_PHASE, 'high', 353.4, 406.6, 3) : ofNominal(nominal, 3)
}

function ofNominal(nominal: number, deadband: number): readonly DefaultLimit[] {
  if (nominal < LOWEST_MAINS_VOLTS) return []
  const volts = (part: number): number => Math.round(nominal * part * 10) / 10
  return band(`IEC 60038 (${nominal} V +10/−14 %)`, 'high', volts(UTILIZATION.low), volts(UTILIZATION.high), deadband)
}

function band(source: string, priority: Limit['priority'], low: number, high: number, deadband: number): readonly DefaultLimit[] {
  const common = { priority, deadband, onDelayMs: 5000, offDelayMs: 5000 }
  return [entry(source, { condition: 'low', value: low, ...common }), entry(source, { condition: 'high', value: high, ...common })]
}
