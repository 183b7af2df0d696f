import type { LimitTarget, Rehearsal } from '@roomkeeper/shared/http'
import type { Limit } from '@roomkeeper/shared/model'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { api, queries } from '../../client/api.ts'

const DAYS = 90
const ASK_AGAIN_MS = 700

export interface RehearsalRun {
  /** What was asked for, to tell whether the draft has changed since. */
  limits: readonly Limit[]
  result: Rehearsal
}

/** Rehearses drafts of one target, one at a time. A rehearsal that nobody waits for any more is stopped. */
export function useRehearsal(target: LimitTarget) {
  const [begun, setBegun] = useState<RehearsalRun | null>(null)
  const start = useMutation({
    mutationFn: (limits: Limit[]) => api.limits.rehearse({ target, limits, days: DAYS }),
    onSuccess: (result, limits) => setBegun({ limits, result }),
  })
  const rehearsalId = begun?.result.id ?? ''
  const progress = useQuery({
    ...queries.limits.rehearsal.queryOptions({ input: { rehearsalId } }),
    enabled: begun?.result.state === 'running',
    refetchInterval: ({ state: { data } }) => (data === undefined || data.state === 'running' ? ASK_AGAIN_MS : false),
    refetchOnWindowFocus: false,
  })
  const cancel = useMutation(queries.limits.cancelRehearsal.mutationOptions({ onSuccess: () => setBegun(null) }))
  const result = begun && progress.data?.id === rehearsalId ? progress.data : begun?.result
  const isRunning = result?.state === 'running'

  const running = useRef('')
  running.current = isRunning ? rehearsalId : ''
  useEffect(
    () => () => {
      if (running.current) void api.limits.cancelRehearsal({ rehearsalId: running.current }).catch(() => undefined)
    },
    [],
  )
  const run: RehearsalRun | null = begun && result ? { limits: begun.limits, result } : null
  return {
    run,
    isRunning,
    isStarting: start.isPending,
    error: start.error ?? (isRunning ? progress.error : null) ?? cancel.error,
    start: (limits: Limit[]) => {
      cancel.reset()
      start.mutate(limits)
    },
    cancel: () => cancel.mutate({ rehearsalId }),
  }
}
export type UsedRehearsal = ReturnType<typeof useRehearsal>
