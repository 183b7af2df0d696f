import type { Presence } from '@roomkeeper/shared/push'

interface Viewer {
  incidentId: number
  personId: number
  name: string
}

/** Who has which incident form open. One person with two screens is there once. */
export class IncidentPresence {
  private readonly viewers = new Map<string, Viewer>()

  /** The form now open on this socket (null: none). Returns what changed for the others: the incident left and the one entered. */
  focus(socketId: string, person: { id: number; name: string }, incidentId: number | null): Presence[] {
    const before = this.viewers.get(socketId)?.incidentId
    if (incidentId === null) this.viewers.delete(socketId)
    else this.viewers.set(socketId, { incidentId, personId: person.id, name: person.name })
    const touched = new Set([before, incidentId ?? undefined].filter((id) => id !== undefined))
    return before === incidentId ? [] : [...touched].map((id) => this.of(id))
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
    const people = new Map<number, string>()
    for (const viewer of this.viewers.values()) if (viewer.incidentId === incidentId) people.set(viewer.personId, viewer.name)
    return { incidentId, people: [...people].map(([id, name]) => ({ id, name })) }
  }
}
