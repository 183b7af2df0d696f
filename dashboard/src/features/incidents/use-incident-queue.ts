import type { Incident } from '@roomkeeper/shared/http'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { useLocation } from 'react-router'
import { queries } from '../../client/api.ts'
import { createExternalStore, useExternalStore } from '../../client/external-store.ts'
import { useMay, useMe } from '../../client/session.ts'
import { byIncidentUrgency, nextToShow, opensFor, putOffKey } from './incident-order.ts'

const STORAGE_KEY = 'roomkeeper.incidents-later'

function readDismissed(): ReadonlySet<string> {
  try {
    const list: unknown = JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? '[]')
    return new Set(Array.isArray(list) ? list.filter((key) => typeof key === 'string') : [])
  } catch {
    return new Set()
  }
}

/** Incidents this person put off in this tab; kept over a reload, forgotten with the tab. */
const dismissedStore = createExternalStore<ReadonlySet<string>>(readDismissed())

function setDismissed(keys: ReadonlySet<string>): void {
  dismissedStore.set(keys)
  try {
    sessionStorage.setItem(STORAGE_KEY, JSON.stringify([...keys]))
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
  /** Submitted forms that wait for this person's review. */
  toReview: number
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
  const mayReview = useMay('incidents.review')
  const submitted = useQuery({
    ...queries.incidents.list.queryOptions({ input: { state: 'submitted', limit: 200 } }),
    enabled: mayReview,
  })
  const open = useMemo(() => [...(data ?? [])].sort(byIncidentUrgency(me.id)), [data, me.id])
  const next = shown === null && mayWrite ? nextToShow(open, me, dismissed, pageId) : undefined

  useEffect(() => {
    if (next) setShown(next.id)
  }, [next])

  const isOnItsPage = shown !== null && shown === pageId
  return {
    open,
    shown: isOnItsPage ? null : shown,
    waiting: open.filter((incident) => incident.id !== shown && opensFor(incident, me) && !dismissed.has(putOffKey(incident, me.id))),
    toReview: submitted.data?.length ?? 0,
    show: setShown,
    later: (incidentId) => {
      const incident = open.find(({ id }) => id === incidentId)
      setDismissed(new Set(dismissed).add(incident ? putOffKey(incident, me.id) : String(incidentId)))
      setShown(null)
    },
    done: () => setShown(null),
  }
}
