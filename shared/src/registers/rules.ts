import type { Role } from '../model/index.ts'
import type { Field, Move, RegisterDefinition, State } from './definition.ts'
import type { RecordFields, Reference } from './values.ts'

/** Who asks: account (null: an API token) and roles. */
export interface Asking {
  accountId: number | null
  roles: readonly Role[]
}

/** What the rules need to know of a record. */
export interface RuleRecord {
  state: string
  createdById: number | null
  fields: RecordFields
  /** Who made which move, latest last. */
  movedBy: readonly { move: string; accountId: number | null }[]
}

export function stateOf(definition: RegisterDefinition, name: string): State | undefined {
  return definition.states.find((state) => state.name === name)
}

export function mayRead(definition: RegisterDefinition, roles: readonly Role[]): boolean {
  return roles.some((role) => definition.roles.read.includes(role)) || mayCreate(definition, roles)
}

export function mayCreate(definition: RegisterDefinition, roles: readonly Role[]): boolean {
  return roles.some((role) => definition.roles.create.includes(role))
}

/** Whether the field is asked for, by what the others say. */
export function isShown(field: Field, fields: RecordFields): boolean {
  if (!field.when) return true
  const value = fields[field.when.field]
  const texts = Array.isArray(value) ? value.map(String) : [String(value ?? '')]
  return texts.some((text) => field.when?.is.includes(text))
}

/** The states in which the field may be changed. */
export function editableStates(definition: RegisterDefinition, field: Field): readonly string[] {
  if (field.editableIn) return field.editableIn
  const byPhase = definition.states.filter((state, index) => index === 0 || state.phase === 'kept').map((state) => state.name)
  const atMoves = definition.moves.filter((move) => field.requiredAt?.includes(move.name)).flatMap((move) => move.from)
  return [...byPhase, ...atMoves]
}

export function isRequiredAt(definition: RegisterDefinition, field: Field, move: Move): boolean {
  // What is thrown away need not be complete.
  if (stateOf(definition, move.to)?.void) return false
  const first = definition.states[0]?.name ?? ''
  return (field.required === true && move.from.includes(first)) || field.requiredAt?.includes(move.name) === true
}

/** Why this person may not make the move now; null when they may. */
export function moveRefusal(move: Move, record: RuleRecord, asking: Asking): 'state' | 'role' | 'four-eyes' | null {
  if (!move.from.includes(record.state)) return 'state'
  const { accountId, roles } = asking
  const isAuthor = accountId !== null && accountId === record.createdById
  const person = move.alsoPerson === undefined ? undefined : (record.fields[move.alsoPerson] as Reference | null | undefined)
  const isNamed = accountId !== null && person?.id === accountId
  if (!roles.some((role) => move.roles.includes(role)) && !(move.alsoAuthor && isAuthor) && !isNamed) return 'role'
  for (const other of move.notBy ?? []) {
    if (other === 'author' && isAuthor) return 'four-eyes'
    if (accountId !== null && record.movedBy.findLast((step) => step.move === other)?.accountId === accountId) return 'four-eyes'
  }
  return null
}

/** Moves that this person may make now. */
export function possibleMoves(definition: RegisterDefinition, record: RuleRecord, asking: Asking): Move[] {
  return definition.moves.filter((move) => moveRefusal(move, record, asking) === null)
}

/** Whether the person may save fields in this state: the author of a draft and whoever may make one of the next moves; what is kept, whoever may create. */
export function maySave(definition: RegisterDefinition, record: RuleRecord, asking: Asking): boolean {
  const phase = stateOf(definition, record.state)?.phase
  if (phase === undefined || phase === 'done') return false
  if (asking.accountId !== null && asking.accountId === record.createdById && phase === 'draft') return true
  if (phase === 'kept' || phase === 'draft') return mayCreate(definition, asking.roles)
  return possibleMoves(definition, record, asking).length > 0
}

/** Whether the person may correct a finished record: whoever may begin and read all records of the register. */
export function mayAmend(definition: RegisterDefinition, record: RuleRecord, asking: Asking): boolean {
  if (stateOf(definition, record.state)?.phase !== 'done' || asking.accountId === null) return false
  return mayCreate(definition, asking.roles) && asking.roles.some((role) => definition.roles.read.includes(role))
}

/** Whether the person may read this record: everyone whom the definition lets read; else its author, and whoever is named to move it on. */
export function mayReadRecord(definition: RegisterDefinition, record: Pick<RuleRecord, 'createdById' | 'fields'>, asking: Asking): boolean {
  if (asking.roles.some((role) => definition.roles.read.includes(role))) return true
  if (asking.accountId === null) return false
  if (asking.accountId === record.createdById) return true
  return namingFields(definition).some((key) => (record.fields[key] as Reference | null | undefined)?.id === asking.accountId)
}

/** Fields whose person may move a record on. */
export function namingFields(definition: RegisterDefinition): string[] {
  return [...new Set(definition.moves.flatMap((move) => (move.alsoPerson === undefined ? [] : [move.alsoPerson])))]
}

/** Whether it is this person's turn: the state waits for one of their roles or names them, or the draft is theirs. */
export function waitsForPerson(definition: RegisterDefinition, record: RuleRecord, asking: Asking): boolean {
  const state = stateOf(definition, record.state)
  if (!state || state.phase === 'done' || state.phase === 'kept' || asking.accountId === null) return false
  const moves = possibleMoves(definition, record, asking)
  if (moves.length === 0) return false
  if (state.phase === 'draft') return asking.accountId === record.createdById
  const isNamed = moves.some((move) => {
    const person = move.alsoPerson === undefined ? undefined : (record.fields[move.alsoPerson] as Reference | null | undefined)
    return person?.id === asking.accountId
  })
  return isNamed || asking.roles.some((role) => state.waitsFor?.includes(role))
}
