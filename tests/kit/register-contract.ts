import type { WholeRecord } from '@roomkeeper/shared/http'
import { ROLE_NAMES, type Role } from '@roomkeeper/shared/model'
import {
  type ChecklistItem,
  type Move,
  moveRefusal,
  type RecordFields,
  type Reference,
  type RegisterDefinition,
  stateOf,
} from '@roomkeeper/shared/registers'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../../server/src/api/base.ts'
import { contentHashOf } from '../../server/src/registers/canonical-json.ts'
import { DRAWING, type RegistersApp, SIGNATURE } from './registers-app.ts'
import { validFields, type World } from './valid-fields.ts'

export interface RegisterContract {
  /** Of the database that all definitions share; made before. */
  app(): RegistersApp
  /** Looks at what comes out of the finished records (PDF, Excel). */
  exports?(app: RegistersApp, definition: RegisterDefinition, records: readonly WholeRecord[]): Promise<void>
}

/** Of checklists whose items the server writes into the sheet. */
export const SHEET_ITEMS: readonly ChecklistItem[] = [
  { key: 'dust', label: { zh: '灰尘', en: 'Dust' }, photo: true },
  { key: 'rodents', label: { zh: '鼠患', en: 'Rodents' } },
  { key: 'temperature', label: { zh: '温度', en: 'Temperature' }, measured: { unit: '℃', low: 18, high: 27 } },
  { key: 'water', label: { zh: '漏水', en: 'Leaks' } },
]

/** One step of a walk. */
interface Walked {
  move: Move
  record: WholeRecord
  by: Actor
}

/** What every register promises, whatever its definition: run inside of a `describe`. */
export function registerContract(definition: RegisterDefinition, { app, exports }: RegisterContract): void {
  describe(definition.name, () => {
    let world: Omit<World, 'file'>
    let author: Actor
    /** The record at the end of each walk, and what was walked. */
    const walks: { record: WholeRecord; steps: Walked[] }[] = []
    const failures: string[] = []

    beforeAll(async () => {
      world = await worldOf(app(), definition)
      author = await app().person(
        definition.roles.create.find((role) => definition.roles.read.includes(role)) ?? firstOf(definition.roles.create),
      )
    }, 30_000)

    it('is whole after every move that leads anywhere, filled with valid values', async () => {
      const wanted = new Set(reachableMoves(definition).map((move) => move.name))
      for (let turn = 0; wanted.size > 0 && turn < 30; turn += 1) {
        const before = wanted.size
        const walk = await walkOnce(turn, wanted)
        walks.push(walk)
        if (wanted.size === before) break
      }
      expect([...wanted], 'moves that no walk could make').toEqual([])
      expect(failures).toEqual([])
      expect(reachableMoves(definition).length).toBe(definition.moves.length)
    }, 60_000)

    /** From a new record on, each time a move that was not made yet, or the shortest way to one. */
    async function walkOnce(turn: number, wanted: Set<string>): Promise<{ record: WholeRecord; steps: Walked[] }> {
      const client = app().as(author)
      let record = await client.create({ register: definition.name })
      expect(record).toMatchObject({ state: definition.states[0]?.name, phase: definition.states[0]?.phase, fields: {} })
      const steps: Walked[] = []
      for (let made = 0; made < 12; made += 1) {
        const way = wayTo(definition, record.state, wanted)
        const [move] = way
        if (!move) break
        const by = await mover(move, record, steps)
        const sent = await fieldsFor(record, turn, move, by)
        if (record.phase === 'draft') {
          record = await app().as(author).save({ register: definition.name, recordId: record.id, revision: record.revision, fields: sent })
          expect(comparable(record.fields)).toMatchObject(comparable(sent))
          await refusesUnsignedAndStrangers(move, record, by)
          record = await step(move, record, by, {})
        } else {
          await refusesUnsignedAndStrangers(move, record, by)
          record = await step(move, record, by, sent)
        }
        steps.push({ move, record, by })
        wanted.delete(move.name)
        const again = await app().as(by).get({ register: definition.name, recordId: record.id })
        expect(again.fields).toEqual(record.fields)
        expect(again.revision).toBe(record.revision)
      }
      return { record, steps }
    }

    async function step(move: Move, record: WholeRecord, by: Actor, fields: RecordFields): Promise<WholeRecord> {
      app().clock.advance(60_000)
      const moved = await app()
        .as(by)
        .move({ ...(await signedMove(app(), move, record, by)), fields })
      const last = moved.steps.at(-1)
      expect(moved).toMatchObject({ state: move.to, phase: stateOf(definition, move.to)?.phase, revision: record.revision + 1 })
      expect(last).toMatchObject({
        kind: 'move',
        move: move.name,
        from: record.state,
        to: move.to,
        by: by.name,
        emergency: move.emergency ?? false,
      })
      expect(moved.emergency).toBe(record.emergency || move.emergency === true)
      expect(last?.signatures.length).toBe(move.signature === 'two' ? 2 : move.signature === 'one' ? 1 : 0)
      for (const signature of last?.signatures ?? [])
        expect(signature.contentHash).toBe(contentHashOf(record.number, move.name, moved.fields))
      return moved
    }

    async function fieldsFor(record: WholeRecord, turn: number, move: Move, by: Actor): Promise<RecordFields> {
      const file = (key: string): Promise<number> => app().addPhoto(record.phase === 'draft' ? author : by, definition.name, record.id, key)
      return validFields(definition, record, { ...world, nowMs: app().clock.nowMs(), file }, turn, move)
    }

    /** Somebody who may: the first of those whom the definition lets, and no second pair of eyes forbids. */
    async function mover(move: Move, record: WholeRecord, steps: readonly Walked[]): Promise<Actor> {
      const named = move.alsoPerson === undefined ? undefined : (record.fields[move.alsoPerson] as Reference | undefined)?.id
      const people = [author, ...(await Promise.all(move.roles.flatMap((role) => [app().person(role), app().person(role, 2)])))]
      const named1 = named === undefined ? [] : [await actorById(app(), named)]
      const movedBy = steps.map((one) => ({ move: one.move.name, accountId: one.by.accountId }))
      const seen = { state: record.state, createdById: record.createdById, fields: record.fields, movedBy }
      const found = [...named1, ...people].find((actor) => moveRefusal(move, seen, actor) === null)
      if (!found) throw new Error(`nobody may make ${move.name} of ${definition.name}`)
      return found
    }

    const checkedMoves = new Set<string>()
    /** Each role is let as far as the definition says, and a signature is neither left out nor wrong. Once for each move. */
    async function refusesUnsignedAndStrangers(move: Move, record: WholeRecord, by: Actor): Promise<void> {
      if (checkedMoves.has(move.name)) return
      checkedMoves.add(move.name)
      const input = { register: definition.name, recordId: record.id, revision: record.revision, move: move.name, comment: 'x' }
      for (const role of ROLE_NAMES) {
        // Neither the author nor named nor anybody who moved it before.
        const stranger = await app().person(role, 3)
        const answer = await outcome(
          app()
            .as(stranger)
            .move({ ...input, claimedAtMs: app().clock.nowMs() + 86_400_000 }),
        )
        const may = move.roles.includes(role) && definition.roles.read.includes(role)
        const expected = may ? 'INVALID claimedAtMs' : 'FORBIDDEN'
        if (answer !== expected) failures.push(`${move.name} by ${role}: ${answer}, expected ${expected}`)
      }
      if (!move.signature) return
      const unsigned = await outcome(app().as(by).move(input))
      if (unsigned !== 'INVALID signature') failures.push(`${move.name} unsigned: ${unsigned}`)
      if (checkedPasswords) return
      checkedPasswords = true
      const wrong = await outcome(
        app()
          .as(by)
          .move({ ...input, signature: { password: 'not my password' } }),
      )
      if (wrong !== 'INVALID signature.password') failures.push(`${move.name} with a wrong password: ${wrong}`)
      if (move.signature !== 'two') return
      const signature = { password: SIGNATURE }
      const alone = await outcome(
        app()
          .as(by)
          .move({ ...input, signature }),
      )
      if (alone !== 'INVALID second') failures.push(`${move.name} signed by one: ${alone}`)
      const same = await outcome(
        app()
          .as(by)
          .move({ ...input, signature, second: { username: by.username, password: SIGNATURE } }),
      )
      if (same !== 'INVALID second.username') failures.push(`${move.name} signed twice by one person: ${same}`)
    }
    let checkedPasswords = false

    it('is read and begun by those whom the definition names, and by nobody else', async () => {
      const [walk] = walks
      if (!walk) throw new Error('no record was made')
      for (const role of ROLE_NAMES) {
        const stranger = await app().person(role, 3)
        const client = app().as(stranger)
        const mayRead = definition.roles.read.includes(role)
        const mayCreate = definition.roles.create.includes(role)
        expect(await outcome(client.get({ register: definition.name, recordId: walk.record.id })), `get by ${role}`).toBe(
          mayRead ? 'ok' : 'FORBIDDEN',
        )
        const listed = client.list({ register: definition.name, q: walk.record.number })
        if (mayRead) expect((await listed).map(({ id }) => id)).toEqual([walk.record.id])
        else expect(await outcome(listed.then((records) => expect(records).toEqual([])))).toMatch(/ok|FORBIDDEN/)
        const made = client.create({ register: definition.name, clientKey: `contract-${definition.name}-${role}` })
        expect(await outcome(made), `create by ${role}`).toBe(mayCreate ? 'ok' : 'FORBIDDEN')
        // Whoever begins one reads it.
        if (mayCreate) expect(await outcome(client.get({ register: definition.name, recordId: (await made).id }))).toBe('ok')
      }
    }, 30_000)

    it('tells the second of two who save who was first, keeps nothing that it does not know, and asks for what is required', async () => {
      const client = app().as(author)
      const { id, revision } = await client.create({ register: definition.name })
      const input = { register: definition.name, recordId: id }
      const title =
        definition.fields.find((field) => field.type === 'text' && !field.when && !field.editableIn) ?? firstOf(definition.fields)
      const fields = { [title.key]: await sampleOf(title.key) }
      const saved = await client.save({ ...input, revision, fields })
      await expect(client.save({ ...input, revision, fields: { [title.key]: null } })).rejects.toMatchObject({
        code: 'CONFLICT',
        data: { by: author.name, atMs: saved.changedAtMs },
      })
      const unknown = client.save({ ...input, revision: saved.revision, fields: { noSuchField: 1 } })
      await expect(unknown).rejects.toMatchObject({ code: 'INVALID', data: { field: 'fields.noSuchField' } })
      const move = definition.moves.find((one) => one.from.includes(saved.state) && !stateOf(definition, one.to)?.void)
      const required = definition.fields.filter((field) => field.required && !field.when && field.key !== title.key)
      if (!move || required.length === 0) return
      const by = await mover(move, saved, [])
      const moved = app()
        .as(by)
        .move({ ...(await signedMove(app(), move, saved, by)), roomKey: undefined })
      const error = (await moved.catch((reason: unknown) => reason)) as { data?: { issues?: { field: string }[] } }
      const named = (error.data?.issues ?? []).map((issue) => issue.field)
      for (const field of required) expect(named).toContain(`fields.${field.key}`)
    }, 30_000)

    async function sampleOf(key: string): Promise<unknown> {
      const noFile = (): Promise<number> => Promise.resolve(0)
      const all = await validFields(definition, { state: firstOf(definition.states).name, fields: {} }, { ...world, file: noFile }, 0)
      return all[key]
    }

    it('keeps the old text beside a correction, and nothing of it can be changed or deleted', async () => {
      const isFinished = (state: string): boolean => stateOf(definition, state)?.phase === 'done' && !stateOf(definition, state)?.void
      const ending = firstOf(definition.moves.filter((move) => isFinished(move.to)))
      const finished =
        walks.map(({ record }) => record).find(({ state }) => isFinished(state)) ?? (await walkOnce(0, new Set([ending.name]))).record
      expect(isFinished(finished.state)).toBe(true)
      const field = definition.fields.find((one) => one.type === 'text' && !one.pattern && finished.fields[one.key] !== undefined)
      if (field) {
        const input = {
          register: definition.name,
          recordId: finished.id,
          revision: finished.revision,
          key: field.key,
          value: '更正后',
          reason: '写错了',
        }
        const amended = await app()
          .as(author)
          .amend({ ...input, password: SIGNATURE })
        expect(amended.fields[field.key]).toBe('更正后')
        const step = amended.steps.at(-1)
        expect(step).toMatchObject({ kind: 'amend', by: author.name, comment: '写错了' })
        expect(step?.changes).toEqual([{ key: field.key, before: finished.fields[field.key], after: '更正后' }])
        expect(step?.signatures).toHaveLength(1)
        const reader = await app().person('auditor', 3)
        if (!definition.roles.create.includes('auditor'))
          expect(
            await outcome(
              app()
                .as(reader)
                .amend({ ...input, revision: amended.revision, password: SIGNATURE }),
            ),
          ).toBe('FORBIDDEN')
      }
      const { db } = app()
      await expect(db.deleteFrom('registerRecord').where('register', '=', definition.name).execute()).rejects.toThrow()
      await expect(db.deleteFrom('registerStep').execute()).rejects.toThrow()
      await expect(db.updateTable('registerStep').set({ comment: '' }).execute()).rejects.toThrow()
      const audited = await app().auditOf(walks[0]?.record.id ?? 0)
      expect(audited.map(({ action }) => action)).toEqual(expect.arrayContaining(['register.create', 'register.move']))
    }, 30_000)

    if (exports)
      it('comes out on paper and in a table', async () => {
        await exports(
          app(),
          definition,
          await Promise.all(walks.map(({ record }) => app().as(author).get({ register: definition.name, recordId: record.id }))),
        )
      }, 60_000)
  })
}

/** `ok`, or the code and the field that is wrong. */
async function outcome(answer: Promise<unknown>): Promise<string> {
  try {
    await answer
    return 'ok'
  } catch (error) {
    const { code = String(error), data } = error as { code?: string; data?: { field?: string } }
    return code === 'INVALID' ? `${code} ${data?.field ?? ''}` : code
  }
}

async function signedMove(app: RegistersApp, move: Move, record: WholeRecord, by: Actor) {
  const other = await app.person('room-keeper', by.username === 'room-keeper-2' ? 1 : 2)
  return {
    register: record.register,
    recordId: record.id,
    revision: record.revision,
    move: move.name,
    comment: move.commentRequired ? '理由：见附件' : '',
    roomKey: move.atRoom && record.roomId !== null ? await app.roomKey(record.roomId) : undefined,
    signature: move.signature ? { drawing: DRAWING } : undefined,
    second: move.signature === 'two' ? { username: other.username, password: SIGNATURE } : undefined,
  }
}

/** Moves that can be made at all, from the first state on. */
function reachableMoves(definition: RegisterDefinition): Move[] {
  const states = new Set([firstOf(definition.states).name])
  for (let size = 0; size !== states.size; ) {
    size = states.size
    for (const move of definition.moves) if (move.from.some((from) => states.has(from))) states.add(move.to)
  }
  return definition.moves.filter((move) => move.from.some((from) => states.has(from)))
}

/** The shortest way from the state to one of the moves wanted, the move included; empty when there is none. */
function wayTo(definition: RegisterDefinition, state: string, wanted: ReadonlySet<string>): Move[] {
  const seen = new Set([state])
  let ways: { at: string; way: Move[] }[] = [{ at: state, way: [] }]
  while (ways.length > 0) {
    const next: typeof ways = []
    for (const { at, way } of ways)
      for (const move of definition.moves.filter((one) => one.from.includes(at))) {
        if (wanted.has(move.name)) return [...way, move]
        if (!seen.has(move.to)) next.push({ at: move.to, way: [...way, move] })
        seen.add(move.to)
      }
    ways = next
  }
  return []
}

/** Without what the server wrote beside the ids. */
function comparable(fields: RecordFields): RecordFields {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => {
      const reference = value as { id?: number; pointId?: number } | null
      if (typeof reference?.id === 'number') return [key, { id: reference.id }]
      return [key, typeof reference?.pointId === 'number' ? { pointId: reference.pointId } : value]
    }),
  )
}

async function worldOf(app: RegistersApp, definition: RegisterDefinition): Promise<Omit<World, 'file'>> {
  const room = await app.addRoom(`机房 ${definition.name}`)
  const device = await app.addDevice(room, `设备 ${definition.name}`)
  const points = new Map<string, Promise<number>>()
  const records = new Map<string, Promise<number>>()
  const keep = (kept: Map<string, Promise<number>>, key: string, make: () => Promise<number>): Promise<number> => {
    const known = kept.get(key) ?? make()
    kept.set(key, known)
    return known
  }
  return {
    nowMs: app.clock.nowMs(),
    room,
    device,
    items: SHEET_ITEMS,
    person: async (field) => (await app.person(field.roles?.[0] ?? 'technician', 4)).accountId ?? 0,
    point: (kind) =>
      keep(points, kind ?? '', async () => {
        const point = await app.addPoint(device, kind ?? 'temperature', kind ?? 'temperature', 'Cel')
        app.read(point, room, 21.5)
        return point
      }),
    record: (register) =>
      keep(records, register, async () => {
        const role = firstOf(app.registers.definitionOf(register).roles.create)
        return (await app.as(await app.person(role)).create({ register })).id
      }),
  }
}

async function actorById(app: RegistersApp, accountId: number): Promise<Actor> {
  const account = await app.db.selectFrom('account').selectAll().where('id', '=', accountId).executeTakeFirstOrThrow()
  const { username, name, rolesJson } = account
  return { accountId, username, name, roles: JSON.parse(rolesJson) as Role[], sessionHash: 'test', mustChangePassword: false }
}

function firstOf<T>(list: readonly T[]): T {
  const [first] = list
  if (first === undefined) throw new Error('an empty list')
  return first
}
