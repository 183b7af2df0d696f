import type { Presence } from '@roomkeeper/shared/push'

interface Viewer {
  incidentId: number
  personId: number
  name: string
  /** The field this screen's person is in; null: none. */
  field: string | null
}

/** Who has which incident form open, and is in which field. One person with two screens is there once, in the field entered last. */
export class IncidentPresence {
  /** The screen that moved last is the last one. */
  private readonly viewers = new Map<string, Viewer>()

  /** The form now open on this socket (null: none) and the field. Returns what changed for the others: the incident left and the one entered. */
  focus(socketId: string, person: { id: number; name: string }, incidentId: number | null, field: string | null = null): Presence[] {
    const before = this.viewers.get(socketId)
    if (before?.incidentId === (incidentId ?? undefined) && (before === undefined || before.field === field)) return []
    this.viewers.delete(socketId)
    if (incidentId !== null) this.viewers.set(socketId, { incidentId, personId: person.id, name: person.name, field })
    const touched = new Set([before?.incidentId, incidentId ?? undefined].filter((id) => id !== undefined))
    return [...touched].map((id) => this.of(id))
  }

  /** The socket is gone. */
  leave(socketId: string): Presence[] {
    const before = this.viewers.get(socketId)?.incidentId
    this.viewers.delete(socketId)
    return before === undefined ? [] : [this.of(before)]
  }

  /** Every incident that someone has open, for a socket that has just connected. */
  all(): Presence[] {
    const incidentIds = new Set([...this.viewers.values()].map((viewer) => viewer.incidentId))
    return [...incidentIds].map((id) => this.of(id))
  }

  private of(incidentId: number): Presence {
    const people = new Map<number, Presence['people'][number]>()
    for (const viewer of this.viewers.values()) {
      if (viewer.incidentId !== incidentId) continue
      const { personId: id, name } = viewer
      people.set(id, { id, name, field: viewer.field ?? people.get(id)?.field ?? null })
    }
    return { incidentId, people: [...people.values()] }
  }
}
