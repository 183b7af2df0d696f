import type { Me } from '@roomkeeper/shared/http'
import { isAllowed, type Permission } from '@roomkeeper/shared/model'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { api, errorCode, queries } from './api.ts'
import { createExternalStore } from './external-store.ts'
import { queryClient } from './query-client.ts'

/** Why the last session ended, for the sign-in page. */
export const signedOutReasonStore = createExternalStore<string | null>(null)

export function meQuery() {
  return queryOptions({
    queryKey: queries.session.me.queryKey() as readonly unknown[],
    queryFn: async ({ signal }): Promise<Me | null> => {
      try {
        return await api.session.me(undefined, { signal })
      } catch (error) {
        if (errorCode(error) === 'UNAUTHORIZED') return null
        throw error
      }
    },
    retry: true,
    retryDelay: 1500,
  })
}

/** What the server has just answered. A question asked before it must not bring back the old state: a duty switch would jump back. */
export function setMe(me: Me | null): void {
  void queryClient.cancelQueries({ queryKey: meQuery().queryKey })
  queryClient.setQueryData(meQuery().queryKey, me)
}

/** The person signed in. Only used below the session gate, where there is one. */
export function useMe(): Me {
  const { data } = useQuery(meQuery())
  if (!data) throw new Error('useMe outside of a session')
  return data
}

/** Whether the person signed in may do this; the server decides again on every request. */
export function useMay(permission: Permission): boolean {
  return isAllowed(useMe().roles, permission)
}
