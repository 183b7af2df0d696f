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
  rooms: () => [queries.rooms.key(), queries.devices.key(), queries.limits.key()],
  notices: () => [queries.notices.key(), queries.proof.key()],
  limits: () => [queries.limits.key()],
  proof: () => [queries.proof.key()],
  agents: () => [queries.agents.key(), queries.rooms.key(), queries.devices.key()],
}

/** An alarm flood changes the same resource many times a second; it is refetched at most this often. */
const REFETCH_INTERVAL_MS = 400
const pending = new Set<Change['topic']>()
let isRefetchDue = false

/** Something changed on the server: refetch what is shown of it, soon, and once for many changes. */
export function refetchTopic(topic: Change['topic']): void {
  pending.add(topic)
  if (isRefetchDue) return
  isRefetchDue = true
  setTimeout(() => {
    isRefetchDue = false
    const topics = [...pending]
    pending.clear()
    for (const each of topics) for (const queryKey of KEYS_OF_TOPIC[each]()) void queryClient.invalidateQueries({ queryKey })
  }, REFETCH_INTERVAL_MS)
}

/** After a reconnect anything may have changed. */
export function refetchEverything(): void {
  void queryClient.invalidateQueries()
}
