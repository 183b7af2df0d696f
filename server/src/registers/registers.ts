import type { DueItem, ImportReport, RecordFile, RegisterRecord, WholeRecord } from '@roomkeeper/shared/http'
import { mayCreate, mayRead, maySave, namingFields, possibleMoves, type RegisterDefinition } from '@roomkeeper/shared/registers'
import type { Actor } from '../api/base.ts'
import { type AmendInput, amendRecord } from './amend-record.ts'
import { type AssetFigures, assetFigures } from './asset-figures.ts'
import { type CreateInput, createIn, createRecord } from './create-record.ts'
import { dueItems, openInRoom } from './due-items.ts'
import { createEngine, type RegistersDeps, type Unit } from './engine.ts'
import { addFile, type NewFile, readFile, type StrikeInput, strikeFile } from './files.ts'
import { type ImportInput, importSheet, keyFieldOf } from './import/import-sheet.ts'
import { importTemplate } from './import/import-template.ts'
import { loadThings, registerColumns } from './import/register-columns.ts'
import { addLink, type NewLink } from './links.ts'
import { countRecords, type ListInput, listRecords, type RegisterCounts } from './list-records.ts'
import { type MoveInput, moveRecord } from './move-record.ts'
import { forbidden } from './refusals.ts'
import { requireRecord, type SaveInput, saveRecord } from './save-record.ts'
import { wholeRecord } from './whole-record.ts'

/** Records of every register, for HTTP and other parts of the server. Whatever may not be is thrown as the contract's answer (ORPCError). */
export interface Registers {
  readonly definitions: readonly RegisterDefinition[]
  /** Throws NOT_FOUND for a name that no register has. */
  definitionOf(register: string): RegisterDefinition
  create(actor: Actor, input: CreateInput): Promise<WholeRecord>
  save(actor: Actor, input: SaveInput): Promise<WholeRecord>
  move(actor: Actor, input: MoveInput): Promise<WholeRecord>
  amend(actor: Actor, input: AmendInput): Promise<WholeRecord>
  get(actor: Actor, register: string, recordId: number): Promise<WholeRecord>
  list(actor: Actor, input: ListInput): Promise<RegisterRecord[]>
  link(actor: Actor, input: NewLink & { register: string; recordId: number }): Promise<WholeRecord>
  addFile(actor: Actor, file: NewFile): Promise<{ file: RecordFile; isNew: boolean }>
  file(actor: Actor, fileId: number): Promise<{ name: string; type: string; data: Uint8Array; sha256: string }>
  strikeFile(actor: Actor, input: StrikeInput): Promise<WholeRecord>
  /** Everything with a due time that the person may read. */
  due(actor: Actor): Promise<DueItem[]>
  /** The registers that the person may read, with how many records are open, overdue, or wait for the person. */
  overview(actor: Actor): Promise<({ definition: RegisterDefinition; mayCreate: boolean } & RegisterCounts)[]>
  /** What is open in a room, of every register. */
  openInRoom(actor: Actor, roomId: number): Promise<RegisterRecord[]>
  /** What an Excel file would change, or changes. */
  importSheet(actor: Actor, input: ImportInput): Promise<ImportReport>
  /** An empty Excel file for the import. */
  importTemplate(actor: Actor, register: string): Promise<{ title: string; bytes: Buffer }>
  /** Increases, decreases and changes of assets in a year. */
  assetFigures(actor: Actor, year: number): Promise<AssetFigures>
  /** Begins a record inside of a transaction of another part, without asking whether the actor may; browsers are told by the caller once it is durable. */
  createIn(unit: Pick<Unit, 'transaction' | 'nowMs'>, actor: Actor, input: CreateInput): Promise<{ id: number; number: string }>
}

export function createRegisters(deps: RegistersDeps): Registers {
  const engine = createEngine(deps)
  const get = (actor: Actor, register: string, recordId: number): Promise<WholeRecord> => wholeRecord(engine, actor, register, recordId)
  return {
    definitions: engine.definitions,
    definitionOf: engine.definitionOf,
    get,
    list: (actor, input) => listRecords(engine, actor, input),
    create: async (actor, input) => get(actor, input.register, await createRecord(engine, actor, input)),
    save: async (actor, input) => {
      await saveRecord(engine, actor, input)
      return get(actor, input.register, input.recordId)
    },
    move: async (actor, input) => {
      await moveRecord(engine, actor, input)
      return get(actor, input.register, input.recordId)
    },
    amend: async (actor, input) => {
      await amendRecord(engine, actor, input)
      return get(actor, input.register, input.recordId)
    },
    link: async (actor, { register, recordId, kind, target, targetId }) => {
      const definition = engine.definitionOf(register)
      await engine.write(async (unit) => {
        const record = await requireRecord(unit.transaction, definition, actor, { recordId })
        const may =
          mayCreate(definition, actor.roles) || maySave(definition, record, actor) || possibleMoves(definition, record, actor).length > 0
        if (!may) throw forbidden('没有权限关联 / You may not link it')
        await addLink(engine, unit, actor, record.row, { kind, target, targetId })
        unit.changed.push({ topic: 'registers', id: recordId })
      })
      return get(actor, register, recordId)
    },
    addFile: (actor, file) => addFile(engine, actor, file),
    file: (actor, fileId) => readFile(engine, actor, fileId),
    strikeFile: async (actor, input) => {
      await strikeFile(engine, actor, input)
      return get(actor, input.register, input.recordId)
    },
    due: (actor) => dueItems(engine, actor),
    overview: async (actor) => {
      const readable = engine.definitions.filter((one) => mayRead(one, actor.roles) || namingFields(one).length > 0)
      const all = await Promise.all(
        readable.map(async (definition) => ({
          definition,
          mayCreate: mayCreate(definition, actor.roles),
          ...(await countRecords(engine, actor, definition)),
        })),
      )
      // Somebody who is only named in a record sees its register while it waits.
      return all.filter(({ definition, open }) => mayRead(definition, actor.roles) || open > 0)
    },
    openInRoom: (actor, roomId) => openInRoom(engine, actor, roomId),
    importSheet: (actor, input) => importSheet(engine, actor, input),
    importTemplate: async (actor, register) => {
      const definition = engine.definitionOf(register)
      keyFieldOf(definition)
      if (!mayCreate(definition, actor.roles)) throw forbidden('没有权限导入 / You may not import')
      const columns = registerColumns(definition, await loadThings(engine.db, definition), engine.timeZone)
      return { title: definition.title.zh, bytes: await importTemplate(definition, columns) }
    },
    assetFigures: async (actor, year) => {
      if (!mayRead(engine.definitionOf('asset'), actor.roles)) throw forbidden('没有权限查看 / You may not read it')
      return await assetFigures(engine.db, year, engine.timeZone)
    },
    createIn: (unit, actor, input) => createIn(engine, { ...unit, changed: [], afterwards: [] }, actor, input),
  }
}
