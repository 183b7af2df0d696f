import type { DueItem } from '@roomkeeper/shared/http'
import type { RegisterDefinition } from '@roomkeeper/shared/registers'
import type { RegisterEntry } from './use-registers.ts'

/** What anybody may need in a hurry. */
export const QUICK_REGISTERS = ['fault-report', 'visit'] as const

export function isQuick(register: string): boolean {
  return QUICK_REGISTERS.some((name) => name === register)
}

/** Where a new one begins. Inspections begin on their own page, which works in a room without a connection. */
export function newPath(register: string): string {
  return register === 'inspection' ? '/inspections' : `/registers/${register}/new`
}

const GROUPS = ['inspect', 'people', 'work', 'things', 'data'] as const satisfies readonly RegisterDefinition['group'][]

/** Registers under their groups; groups without any are left out. */
export function groupEntries(entries: readonly RegisterEntry[]): { group: RegisterDefinition['group']; entries: RegisterEntry[] }[] {
  return GROUPS.map((group) => ({ group, entries: entries.filter(({ definition }) => definition.group === group) })).filter(
    (each) => each.entries.length > 0,
  )
}

/** What should have been done longest ago is first. */
export function inDueOrder(items: readonly DueItem[]): DueItem[] {
  return [...items].sort((a, b) => a.dueAtMs - b.dueAtMs)
}

/** What is due later than this is not in the way of what is to be done now. */
const SOON_MS = 3 * 86_400_000

/** Shown at once: records that wait, and what a schedule asks for soon. */
export function isSoon(item: Pick<DueItem, 'recordId' | 'dueAtMs'>, nowMs: number): boolean {
  return item.recordId !== null || item.dueAtMs < nowMs + SOON_MS
}

/** Where the work is done: the record, or a new one for the schedule. */
export function duePath(item: Pick<DueItem, 'register' | 'recordId' | 'scheduleId' | 'roomId'>): string {
  if (item.recordId !== null) return `/registers/${item.register}/${item.recordId}`
  if (item.register === 'inspection') return newPath(item.register)
  const query = new URLSearchParams()
  if (item.scheduleId !== null) query.set('schedule', String(item.scheduleId))
  if (item.roomId !== null) query.set('room', String(item.roomId))
  return `${newPath(item.register)}?${query.toString()}`
}

export const PHASES = ['all', 'open', 'mine', 'overdue', 'done'] as const
export type Phase = (typeof PHASES)[number]

/** How a list is filtered; every part of it stands in the address. */
export interface RecordFilter {
  phase: Phase
  state?: string
  roomId?: number
  q?: string
  fromMs?: number
  toMs?: number
}

export function filterOf(search: URLSearchParams): RecordFilter {
  const number = (name: string) => {
    const value = Number(search.get(name))
    return search.has(name) && Number.isInteger(value) && value > 0 ? value : undefined
  }
  const filter: RecordFilter = {
    phase: PHASES.find((each) => each === search.get('phase')) ?? 'all',
    state: search.get('state') ?? undefined,
    roomId: number('roomId'),
    q: search.get('q')?.trim() || undefined,
    fromMs: number('fromMs'),
    toMs: number('toMs'),
  }
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as unknown as RecordFilter
}

/** The address of a list filtered so; what is not filtered is not in it. */
export function searchOf(filter: RecordFilter): Record<string, string> {
  const given = Object.entries(filter).filter(
    ([key, value]) => value !== undefined && value !== '' && !(key === 'phase' && value === 'all'),
  )
  return Object.fromEntries(given.map(([key, value]) => [key, String(value)]))
}
