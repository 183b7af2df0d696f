import { isPointKind, POINT_KIND_NAMES } from '@roomkeeper/shared/model'
import type { Directory } from '../ingest/directory.ts'
import { keyOf, nameTarget } from '../limits/limit-targets.ts'
import { type Rehearsals, RehearsalsFullError } from '../limits/rehearsal/rehearsals.ts'
import { actorOf, api } from './base.ts'
import { problemOf } from './limits.ts'

export interface RehearsalsDeps {
  directory: Pick<Directory, 'rooms' | 'devices' | 'points' | 'limitSets' | 'reloadLimits'>
  rehearsals: Rehearsals
}

/** Drafts of limits, replayed before they are saved. */
export function createRehearsalHandlers({ directory, rehearsals }: RehearsalsDeps) {
  return {
    rehearse: api.limits.rehearse.handler(({ input, context, errors }) => {
      const { target, limits, days } = input
      const key = keyOf(target)
      if (key.scope !== 'point' && !isPointKind(key.kind))
        throw errors.INVALID({
          message: `没有这种测点：${key.kind} / There is no such kind of point: ${key.kind}`,
          data: { field: 'target.kind', allowed: POINT_KIND_NAMES.join(', ') },
        })
      const named = nameTarget(directory, key)
      if (!named) throw errors.NOT_FOUND()
      // The draft must be one that could be saved.
      const problem = problemOf(directory, key, named, limits)
      if (problem) throw errors.INVALID({ message: problem.message, data: { field: problem.field, allowed: problem.allowed } })
      try {
        return rehearsals.start({ target, limits, days, username: actorOf(context).username })
      } catch (error) {
        if (error instanceof RehearsalsFullError) throw errors.UNAVAILABLE({ message: error.message })
        throw error
      }
    }),

    rehearsal: api.limits.rehearsal.handler(({ input, errors }) => {
      const rehearsal = rehearsals.get(input.rehearsalId)
      if (!rehearsal) throw errors.NOT_FOUND()
      return rehearsal
    }),

    cancelRehearsal: api.limits.cancelRehearsal.handler(({ input, errors }) => {
      if (!rehearsals.cancel(input.rehearsalId)) throw errors.NOT_FOUND()
      return { ok: true as const }
    }),
  }
}
