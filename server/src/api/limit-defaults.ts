import { POINT_KIND_NAMES, ROOM_CLASS_NAMES } from '@roomkeeper/shared/model'
import { defaultLimits } from '../limits/default-limits.ts'
import { api } from './base.ts'

/** The built-in defaults of every room class and kind of point, to be read beside what people set. */
export function createLimitDefaultHandlers() {
  return {
    defaults: api.limits.defaults.handler(() =>
      ROOM_CLASS_NAMES.flatMap((roomClass) =>
        POINT_KIND_NAMES.map((kind) => ({ roomClass, kind, limits: [...defaultLimits(kind, roomClass)] })),
      ),
    ),
  }
}
