import type { Alarm } from '@roomkeeper/shared/http'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api, queries } from '../../client/api.ts'
import { everyRow } from '../../client/pages.ts'
import { useMay } from '../../client/session.ts'
import { byUrgency, isUnacknowledged } from './alarm-order.ts'

export interface OpenAlarms {
  alarms: Alarm[]
  unacknowledged: Alarm[]
  /** false until the list has been read once. */
  isLoaded: boolean
  /** The last reading failed: new alarms neither show nor sound here. */
  isFailing: boolean
  error: Error | null
  retry: () => void
}

/** All open alarms, most urgent first. Read on every page: the title, the badge and the sound follow from it. */
export function useOpenAlarms(): OpenAlarms {
  const mayRead = useMay('alarms.read')
  const { data, error, dataUpdatedAt, errorUpdatedAt, refetch } = useQuery({
    ...queries.alarms.list.queryOptions({ input: { scope: 'open' } }),
    // In a flood the oldest may be the worst: none is left out.
    queryFn: () => everyRow((part) => api.alarms.list({ scope: 'open', ...part })),
    enabled: mayRead,
    refetchInterval: 20_000,
  })
  // Not `error`, which is forgotten for as long as the next try lasts.
  const isFailing = errorUpdatedAt > dataUpdatedAt
  return useMemo(() => {
    const alarms = [...(data ?? [])].sort(byUrgency)
    const unacknowledged = alarms.filter(isUnacknowledged)
    return { alarms, unacknowledged, isLoaded: data !== undefined, isFailing, error, retry: () => void refetch() }
  }, [data, isFailing, error, refetch])
}
