import type { AlarmSignal } from './alarm-types.ts'

type About = 'source' | 'sourceId' | 'condition' | 'priority' | 'atMs'

/** A signal of the server's own, about something that no reading crossed: without value, limit and place but for what is named. */
export function ownSignal(about: Pick<AlarmSignal, About> & Partial<AlarmSignal>): AlarmSignal {
  return { value: null, limit: null, late: false, roomId: null, deviceId: null, pointId: null, ...about }
}
