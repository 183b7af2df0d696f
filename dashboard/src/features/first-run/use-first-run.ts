import type { FirstRun } from '@roomkeeper/shared/http'
import { useQuery } from '@tanstack/react-query'
import { queries } from '../../client/api.ts'
import { useMay, useMe } from '../../client/session.ts'
import { nextStep, type Step, stepsOf } from './steps.ts'

interface FirstRunState {
  state: FirstRun | undefined
  error: unknown
  refetch(): void
  steps: Step[]
  next: Step | undefined
}

/** How far this server is. The socket tells of what changes; asking every few seconds is the net below it. */
export function useFirstRun(refetchIntervalMs: number): FirstRunState {
  const me = useMe()
  const enabled = useMay('rooms.write')
  const { data, error, refetch } = useQuery({ ...queries.firstRun.state.queryOptions(), enabled, refetchInterval: refetchIntervalMs })
  const steps = data ? stepsOf(data, me.mustChangePassword) : []
  return { state: data, error, refetch: () => void refetch(), steps, next: nextStep(steps) }
}
