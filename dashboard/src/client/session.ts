import type { Me } from '@roomkeeper/shared/http'
import { isAllowed, type Permission } from '@roomkeeper/shared/model'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { api, errorCode, queries } from './api.ts'
import { createExternalStore } from './external-store.ts'
import { queryClient } from './query-client.ts'

/** Why the last session ended, for the sign-in page. */
export const signedOutReasonStore = createExternalStore<string | null>(null)

const ME_KEY = 'roomkeeper.me'

/** Who is signed in, for a page that is opened without a connection: it shows what this browser keeps, and the server still decides on everything else. */
function rememberMe(me: Me | null): Me | null {
  try {
    if (me) localStorage.setItem(ME_KEY, JSON.stringify(me))
    else localStorage.removeItem(ME_KEY)
  } catch {
    // Without storage nothing is kept for a time without a connection either.
  }
  return me
}

function rememberedMe(): Me | null {
  try {
    return JSON.parse(localStorage.getItem(ME_KEY) ?? 'null') as Me | null
  } catch {
    return null
  }
}

export function meQuery() {
  return queryOptions({
    queryKey: queries.session.me.queryKey() as readonly unknown[],
    queryFn: async ({ signal }): Promise<Me | null> => {
      try {
        return rememberMe(await api.session.me(undefined, { signal }))
      } catch (error) {
        if (errorCode(error) === 'UNAUTHORIZED') return rememberMe(null)
        const remembered = errorCode(error) === 'NETWORK' ? rememberedMe() : null
        if (remembered) return remembered
        throw error
      }
    },
    retry: true,
    retryDelay: 1500,
  })
}

/** What the server has just answered. A question asked before it must not bring back the old state: a duty switch would jump back. */
export function setMe(me: Me | null): void {
  rememberMe(me)
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
