import type { RecordFields } from '@roomkeeper/shared/registers'

/** What the server adds (names, readings) is taken over; texts stay as they are typed, so that nothing moves below the fingers. */
export function answeredFields(sent: RecordFields, saved: RecordFields): RecordFields {
  const taken = Object.entries(saved).filter(([, value]) => typeof value === 'object' && value !== null && !Array.isArray(value))
  return { ...saved, ...sent, ...Object.fromEntries(taken) }
}
