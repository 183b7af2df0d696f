import type { Alarm } from '@roomkeeper/shared/http'
import { ALARM_PRIORITIES } from '@roomkeeper/shared/model'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { queries } from '../../client/api.ts'
import { useMay } from '../../client/session.ts'

/** Nobody has acknowledged it yet, whether the condition is still there or has gone. */
export function isUnacknowledged(alarm: Pick<Alarm, 'state'>): boolean {
  return alarm.state === 'UNACK' || alarm.state === 'RTNUN'
}

export function priorityRank(priority: string): number {
  return (ALARM_PRIORITIES as readonly string[]).indexOf(priority)
}

/** Unacknowledged on top, then the more severe, then the newer. */
export function byUrgency(a: Alarm, b: Alarm): number {
  return (
    Number(isUnacknowledged(b)) - Number(isUnacknowledged(a)) ||
    priorityRank(b.priority) - priorityRank(a.priority) ||
    b.raisedAtMs - a.raisedAtMs
  )
}

export interface OpenAlarms {
  alarms: Alarm[]
  unacknowledged: Alarm[]
}

/** All open alarms, most urgent first. Read on every page: the title, the badge and the sound follow from it. */
export function useOpenAlarms(): OpenAlarms {
  const mayRead = useMay('alarms.read')
  const { data } = useQuery({ ...queries.alarms.list.queryOptions({ input: { scope: 'open', limit: 500 } }), enabled: mayRead, refetchInterval: 20_000 })
  return useMemo(() => {
    const alarms = [...(data ?? [])].sort(byUrgency)
    return { alarms, unacknowledged: alarms.filter(isUnacknowledged) }
  }, [data])
}
