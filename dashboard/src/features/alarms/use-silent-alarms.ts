import type { Alarm } from '@roomkeeper/shared/http'
import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { api, queries } from '../../client/api.ts'
import { everyRow } from '../../client/pages.ts'

/** All alarms that are silent now, newest first. */
export function useSilentAlarms({ enabled = true }: { enabled?: boolean } = {}): UseQueryResult<Alarm[]> {
  return useQuery({
    ...queries.alarms.list.queryOptions({ input: { scope: 'silent' } }),
    queryFn: () => everyRow((part) => api.alarms.list({ scope: 'silent', ...part })),
    enabled,
  })
}
