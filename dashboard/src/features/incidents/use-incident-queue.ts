import type { Incident } from '@roomkeeper/shared/http'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { useLocation } from 'react-router'
import { queries } from '../../client/api.ts'
import { createExternalStore, useExternalStore } from '../../client/external-store.ts'
import { useMay, useMe } from '../../client/session.ts'
import { byIncidentUrgency, nextToShow } from './incident-order.ts'

const STORAGE_KEY = 'roomkeeper.incidents-later'

function readDismissed(): ReadonlySet<number> {
  try {
    const list: unknown = JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? '[]')
    return new Set(Array.isArray(list) ? list.filter((id) => typeof id === 'number') : [])
  } catch {
    return new Set()
  }
}

/** Incidents this person put off in this tab; kept over a reload, forgotten with the tab. */
const dismissedStore = createExternalStore<ReadonlySet<number>>(readDismissed())

function setDismissed(ids: ReadonlySet<number>): void {
  dismissedStore.set(ids)
  try {
    sessionStorage.setItem(STORAGE_KEY, JSON.stringify([...ids]))
  } catch {
    // Without storage a reload shows the form again, which is the safe side.
  }
}

export interface IncidentQueue {
  /** All open incidents, most urgent first. */
  open: Incident[]
  /** The one whose form is on the screen. */
  shown: number | null
  /** Others that wait behind it. */
  waiting: Incident[]
  show: (incidentId: number) => void
  later: (incidentId: number) => void
  /** Done with the shown form (submitted, or closed after another submitted it). */
  done: () => void
}

/**
 * Which incident forms are open, waiting or put off. Follows from the list of open incidents, not from a push message:
 * a reload or a reconnect opens the same form.
 */
export function useIncidentQueue(): IncidentQueue {
  const me = useMe()
  const mayRead = useMay('incidents.read')
  const mayWrite = useMay('incidents.write')
  const { pathname } = useLocation()
  const pageId = Number(/^\/incidents\/(\d+)$/.exec(pathname)?.[1] ?? 0) || null
  const dismissed = useExternalStore(dismissedStore)
  const [shown, setShown] = useState<number | null>(null)
  const { data } = useQuery({
    ...queries.incidents.list.queryOptions({ input: { state: 'open', limit: 200 } }),
    enabled: mayRead,
    refetchInterval: 20_000,
  })
  const open = useMemo(() => [...(data ?? [])].sort(byIncidentUrgency), [data])
  const opensItself = me.onDuty && mayWrite
  const next = shown === null && opensItself ? nextToShow(open, dismissed, pageId) : undefined

  useEffect(() => {
    if (next) setShown(next.id)
  }, [next])

  const isOnItsPage = shown !== null && shown === pageId
  return {
    open,
    shown: isOnItsPage ? null : shown,
    waiting: open.filter(({ id }) => id !== shown && !dismissed.has(id)),
    show: setShown,
    later: (incidentId) => {
      setDismissed(new Set(dismissed).add(incidentId))
      setShown(null)
    },
    done: () => setShown(null),
  }
}
