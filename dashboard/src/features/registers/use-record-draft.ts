import type { WholeRecord } from '@roomkeeper/shared/http'
import { editableStates, type RecordFields, type RegisterDefinition } from '@roomkeeper/shared/registers'
import { useState } from 'react'
import { api, queries } from '../../client/api.ts'
import { queryClient } from '../../client/query-client.ts'
import { useMe } from '../../client/session.ts'
import type { Draft, DraftState, Snapshot } from '../drafts/draft.ts'
import { useDraft } from '../drafts/use-draft.ts'
import { answeredFields } from './record-answers.ts'

interface Options {
  definition: RegisterDefinition
  /** As the server has it; with id 0 it begins with the first change. */
  record: WholeRecord
  /** What a new record begins with; saved with the first change. */
  prefilled?: RecordFields
  /** What a new record is made with besides its fields. */
  origin?: RecordOrigin
  /** It has begun: the address becomes its own. */
  onBegun?: (record: WholeRecord) => void
}

/** Where a new record comes from. */
export type RecordOrigin = Pick<Parameters<typeof api.registers.create>[0], 'scheduleId' | 'link'>

export interface RecordDraft {
  draft: Draft<RecordFields>
  state: DraftState<RecordFields>
  /** Sets values of fields. */
  change: (patch: RecordFields) => void
  /** Changes a value that may have changed since the screen was drawn: answers, photos that have arrived. */
  update: (key: string, next: (before: unknown) => unknown) => void
  /** The record's number in the database; begins it where it has not. */
  recordId: () => Promise<number>
}

function snapshotOf(record: WholeRecord): Snapshot<RecordFields> {
  return { fields: record.fields, revision: record.revision, by: record.changedBy, atMs: record.changedAtMs }
}

/** Without a secure context browsers have no randomUUID; an intranet address over HTTP is none. */
function newClientKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** What may be changed in the record's state; the rest is not sent. What was emptied is sent as null. */
export function savable(definition: RegisterDefinition, state: string, fields: RecordFields): RecordFields {
  const keys = definition.fields.filter((field) => editableStates(definition, field).includes(state)).map(({ key }) => key)
  return Object.fromEntries(keys.filter((key) => fields[key] !== undefined).map((key) => [key, fields[key]]))
}

export function rememberRecord(record: WholeRecord): void {
  const input = { register: record.register, recordId: record.id }
  queryClient.setQueryData(queries.registers.get.queryKey({ input }), record)
}

/** A record's form that saves itself; two people may write in it at the same time. Mounted once per record and state. */
export function useRecordDraft({ definition, record, prefilled, origin, onBegun }: Options): RecordDraft {
  const me = useMe()
  const [server, setServer] = useState({ record, snapshot: snapshotOf(record) })
  if (server.record !== record) setServer({ record, snapshot: snapshotOf(record) })

  const [begun] = useState(() => {
    const clientKey = newClientKey()
    let id = record.id
    let beginning: Promise<WholeRecord> | undefined
    return {
      id: () => id,
      /** Sent again after a lost answer it gives the same record. */
      begin: (fields: RecordFields): Promise<WholeRecord> => {
        beginning ??= api.registers
          .create({ register: definition.name, fields: savable(definition, record.state, fields), clientKey, ...origin })
          .then((made) => {
            id = made.id
            rememberRecord(made)
            forgetCopy(nameOf(0))
            onBegun?.(made)
            return made
          })
          .catch((error: unknown) => {
            beginning = undefined
            throw error
          })
        return beginning
      },
    }
  })
  const nameOf = (id: number) => `roomkeeper.draft.record.${me.id}.${definition.name}.${id === 0 ? 'new' : id}`

  const { draft, state } = useDraft<RecordFields>({
    storageKey: () => nameOf(begun.id()),
    server: server.snapshot,
    prefilled: { ...prefilled, ...record.fields },
    save: async (revision, fields) => {
      if (begun.id() === 0) return snapshotOf(await begun.begin(fields))
      const saved = await api.registers.save({
        register: definition.name,
        recordId: begun.id(),
        revision,
        fields: savable(definition, record.state, fields),
      })
      rememberRecord(saved)
      return snapshotOf(saved)
    },
    load: async () => snapshotOf(await api.registers.get({ register: definition.name, recordId: begun.id() })),
    answered: answeredFields,
  })
  return {
    draft,
    state,
    change: draft.change,
    update: (key, next) => draft.change({ [key]: next(draft.get().fields[key]) }),
    recordId: async () => {
      if (begun.id() !== 0) return begun.id()
      const made = await begun.begin(draft.get().fields)
      draft.adopt(snapshotOf(made))
      return made.id
    },
  }
}

function forgetCopy(name: string): void {
  try {
    localStorage.removeItem(name)
  } catch {
    // Without storage there is no copy either.
  }
}
