import type { WholeRecord } from '@roomkeeper/shared/http'
import { type Asking, possibleMoves, type RecordFields, type RegisterDefinition } from '@roomkeeper/shared/registers'

/** A record that does not exist yet: id 0, no number; the form of a new one shows it until the first change is saved. */
export function blankRecord(definition: RegisterDefinition, asking: Asking & { name: string }, nowMs: number): WholeRecord {
  const [first] = definition.states
  const state = first?.name ?? ''
  const fields: RecordFields = {}
  const moves = possibleMoves(definition, { state, createdById: asking.accountId, fields, movedBy: [] }, asking)
  return {
    id: 0,
    register: definition.name,
    number: '',
    state,
    phase: first?.phase ?? 'draft',
    title: '',
    roomId: null,
    roomName: null,
    fields,
    revision: 0,
    createdBy: asking.name,
    createdById: asking.accountId,
    createdAtMs: nowMs,
    changedBy: asking.name,
    changedAtMs: nowMs,
    whenMs: nowMs,
    dueAtMs: null,
    overdue: false,
    emergency: false,
    moves: moves.map(({ name }) => name),
    maySave: true,
    sheet: {},
    steps: [],
    files: [],
    links: [],
  }
}
