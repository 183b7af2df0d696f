import type { Change } from '@roomkeeper/shared/push'
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { errorCode, queries } from './api.ts'

/** Anything may find out that the session has ended; then nobody is signed in. */
function onError(error: unknown): void {
  if (errorCode(error) === 'UNAUTHORIZED') queryClient.setQueryData<unknown>(queries.session.me.queryKey() as readonly unknown[], null)
}

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({
    onError: (error, _variables, _context, mutation) => mutation.meta?.signsIn !== true && onError(error),
  }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // The socket says what changed; this is only the net below it.
      refetchInterval: 60_000,
      refetchOnWindowFocus: true,
      // `online` events of the browser say nothing about a machine-room network; always try.
      networkMode: 'always',
      retry: (count, error) => count < 2 && ['NETWORK', 'OTHER'].includes(errorCode(error)),
    },
    mutations: { networkMode: 'always', retry: false },
  },
})

const KEYS_OF_TOPIC: Record<Change['topic'], () => readonly (readonly unknown[])[]> = {
  alarms: () => [queries.alarms.key(), queries.life.key(), queries.rooms.key()],
  incidents: () => [queries.incidents.key(), queries.rooms.list.key()],
  registers: () => [queries.registers.key()],
  schedules: () => [queries.schedules.key(), queries.registers.due.key(), queries.rooms.list.key()],
  network: () => [queries.network.key()],
  rooms: () => [queries.rooms.key(), queries.firstRun.key(), queries.floorPlans.key(), queries.devices.key(), queries.limits.key()],
  notices: () => [queries.notices.key(), queries.proof.key(), queries.reports.key(), queries.firstRun.key()],
  limits: () => [queries.limits.key(), queries.floorPlans.levels.key()],
  proof: () => [queries.proof.key(), queries.firstRun.key()],
  thermal: () => [queries.thermal.key()],
  agents: () => [queries.agents.key(), queries.rooms.key(), queries.devices.key(), queries.firstRun.key()],
}

/** An alarm flood changes the same resource many times a second; it is refetched at most this often. */
const REFETCH_INTERVAL_MS = 400
const due = new Set<Change['topic']>()
const changedMeanwhile = new Set<Change['topic']>()

/**
 * Something changed on the server: refetch what is shown of it, soon, and once for many changes. What changes while that is being fetched is
 * fetched afterwards: a long list that is begun anew at every change would never arrive.
 */
export function refetchTopic(topic: Change['topic']): void {
  if (due.has(topic)) {
    changedMeanwhile.add(topic)
    return
  }
  due.add(topic)
  setTimeout(() => {
    changedMeanwhile.delete(topic)
    const refetches = KEYS_OF_TOPIC[topic]().map((queryKey) => queryClient.invalidateQueries({ queryKey }))
    void Promise.allSettled(refetches).then(() => {
      due.delete(topic)
      if (changedMeanwhile.has(topic)) refetchTopic(topic)
    })
  }, REFETCH_INTERVAL_MS)
}

/** After a reconnect anything may have changed. */
export function refetchEverything(): void {
  void queryClient.invalidateQueries()
}
