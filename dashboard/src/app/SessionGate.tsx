import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useEffect } from 'react'
import { Outlet, useLocation } from 'react-router'
import { startConnection } from '../client/connection.ts'
import { queryClient } from '../client/query-client.ts'
import { meQuery, setMe, signedOutReasonStore } from '../client/session.ts'
import { Failure, Loading } from '../ui/states.tsx'
import { Shell } from './Shell.tsx'

const SignInPage = lazy(async () => ({ default: (await import('../pages/sign-in/SignInPage.tsx')).SignInPage }))
const ChangePasswordPage = lazy(async () => ({ default: (await import('../pages/sign-in/ChangePasswordPage.tsx')).ChangePasswordPage }))

/** Nobody signed in: the sign-in page, at whatever address was asked for, so that one lands there afterwards. */
export function SessionGate() {
  const me = useQuery(meQuery())
  // The wall has the whole screen: no menu, and nothing that waits for a person's hand.
  const isWall = useLocation().pathname === '/wall'
  const userId = me.data && !me.data.mustChangePassword ? me.data.id : undefined

  useEffect(() => {
    if (userId === undefined) return
    return startConnection((reason) => {
      signedOutReasonStore.set(reason)
      setMe(null)
    })
  }, [userId])

  // What one person saw is not kept for the next.
  useEffect(() => {
    if (me.data === null) queryClient.removeQueries({ predicate: ({ queryKey }) => !isMe(queryKey) })
  }, [me.data])

  if (me.data === undefined) return me.error ? <Failure error={me.error} onRetry={() => void me.refetch()} /> : <Loading />
  return (
    <Suspense fallback={<Loading />}>
      {me.data === null ? (
        <SignInPage />
      ) : me.data.mustChangePassword ? (
        <ChangePasswordPage me={me.data} />
      ) : isWall ? (
        <Outlet />
      ) : (
        <Shell />
      )}
    </Suspense>
  )
}

function isMe(queryKey: readonly unknown[]): boolean {
  return JSON.stringify(queryKey) === JSON.stringify(meQuery().queryKey)
}
