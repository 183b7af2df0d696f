import type { Bucket } from '@roomkeeper/shared/http'
import { useQueries } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api, queries } from '../../client/api.ts'
import { serverClock } from '../../client/clock.ts'

/** The history route takes 100 points at once. */
const POINTS_PER_REQUEST = 100
const HOUR_MS = 3_600_000
const REFETCH_MS = 600_000

/** The last hour of many points in one-minute buckets, for sparklines. Refetched every ten minutes; live readings fill the rest. What is shown anew is asked for when it is older than `freshMs`. */
export function useHourHistory(pointIds: readonly number[], freshMs = REFETCH_MS): ReadonlyMap<number, readonly Bucket[]> {
  const chunks = useMemo(() => {
    const result: string[] = []
    for (let n = 0; n < pointIds.length; n += POINTS_PER_REQUEST) result.push(pointIds.slice(n, n + POINTS_PER_REQUEST).join(','))
    return result
  }, [pointIds])
  const results = useQueries({
    queries: chunks.map((ids) => ({
      queryKey: [...queries.history.buckets.key(), 'last-hour', ids],
      queryFn: () => {
        const toMs = Math.floor(serverClock.nowMs())
        return api.history.buckets({ pointIds: ids, fromMs: toMs - HOUR_MS, toMs, buckets: 60 })
      },
      staleTime: freshMs,
      refetchInterval: REFETCH_MS,
      refetchOnWindowFocus: false,
    })),
  })
  const signature = results.map(({ dataUpdatedAt }) => dataUpdatedAt).join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the results array is new on every render; its data changes with the signature
  return useMemo(() => new Map(results.flatMap(({ data }) => (data ?? []).map((row) => [row.pointId, row.buckets] as const))), [signature])
}
