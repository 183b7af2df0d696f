import { type Limit, limitSchema } from '@roomkeeper/shared/model'

/**
 * The name of the edge node by which drills come in. Reserved: whatever is born by it is a drill, shown nowhere but as a drill, and nobody
 * misses it when it is silent.
 */
export const DRILL_NODE = 'roomkeeper-drill'
export const DRILL_DEVICE = 'drill'
export const DRILL_POINT = 'roomkeeper-drill-reading'
export const DRILL_NAMES = {
  device: { zh: '告警演练', en: 'Alarm drill' },
  point: { zh: '测试读数', en: 'Test reading' },
} as const

/** Readings of the drill's only point. */
export const DRILL_VALUES = { normal: 0, alarming: 1 } as const

/** Critical: every channel and contact takes part, also those kept for the gravest alarms, and nothing is put off into a summary. */
export const DRILL_LIMITS: readonly Limit[] = [limitSchema.parse({ condition: 'high', value: 0.5, priority: 'critical' })]
