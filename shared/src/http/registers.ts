import { z } from 'zod'
import type { FieldProblem, RegisterDefinition } from '../registers/index.ts'
import { done, id, longText, pageQuery, route, timeMs } from './contract-base.ts'

const registerName = z.string().regex(/^[a-z][a-z-]{1,40}$/)
/** Values by field key; what each may be follows from the register's definition (`checkFields`). */
const recordFields = z.record(z.string().max(64), z.unknown())
const wordsSchema = z.object({ zh: z.string(), en: z.string() })

export const FILE_TYPES = ['image/jpeg', 'image/png', 'image/webp'] as const
/** Photos are scaled down by the browser before; a drawn signature is a few kB. */
export const FILE_MAX_BYTES = 6_000_000
export const RECORD_FILES_MAX = 40
/** A drawn signature as a data URL. */
const drawing = z
  .string()
  .max(80_000)
  .regex(/^data:image\/png;base64,[A-Za-z0-9+/=]+$/)

export const recordSignatureSchema = z.object({
  by: z.string(),
  roles: z.array(z.string()),
  atMs: timeMs,
  kind: z.enum(['password', 'drawn']),
  /** Of a drawn one: its picture. */
  fileId: id.nullable(),
  /** SHA-256 of what was signed: number, move, fields. */
  contentHash: z.string(),
})

/** What happened to a record. create, save (of what had left its first state), move, amend, file (added or struck out), note (by the server). */
export const recordStepSchema = z.object({
  id,
  kind: z.enum(['create', 'save', 'move', 'amend', 'file', 'note']),
  move: z.string().nullable(),
  from: z.string(),
  to: z.string(),
  by: z.string(),
  /** When the server took it. */
  atMs: timeMs,
  /** When it was done, by the clock of a browser that had no connection; null: it had one. */
  claimedAtMs: timeMs.nullable(),
  comment: z.string(),
  emergency: z.boolean(),
  /** The room's printed code was shown. */
  atRoom: z.boolean(),
  signatures: z.array(recordSignatureSchema),
  changes: z.array(z.object({ key: z.string(), before: z.unknown(), after: z.unknown() })),
})
export type RecordStep = z.output<typeof recordStepSchema>

export const recordFileSchema = z.object({
  id,
  key: z.string(),
  name: z.string(),
  type: z.string(),
  bytes: z.number(),
  by: z.string(),
  atMs: timeMs,
  /** Struck out; the bytes stay. */
  removed: z.object({ by: z.string(), atMs: timeMs, reason: z.string() }).nullable(),
})
export type RecordFile = z.output<typeof recordFileSchema>

/** Records, incidents and alarms that belong together; shown on both sides. */
export const recordLinkSchema = z.object({
  kind: z.enum(['follow-up', 'cause', 'during', 'concerns']),
  target: z.enum(['record', 'incident', 'alarm']),
  targetId: id,
  register: z.string().nullable(),
  number: z.string(),
  title: z.string(),
  state: z.string(),
})
export type RecordLink = z.output<typeof recordLinkSchema>

/** One record of a register. */
export const recordSchema = z.object({
  id,
  register: registerName,
  /** e.g. `VIS-2026-0042`; given by the server, never used twice. */
  number: z.string(),
  state: z.string(),
  phase: z.enum(['draft', 'open', 'kept', 'done']),
  title: z.string(),
  roomId: id.nullable(),
  roomName: z.string().nullable(),
  fields: recordFields,
  revision: z.number(),
  createdBy: z.string(),
  createdById: id.nullable(),
  createdAtMs: timeMs,
  changedBy: z.string(),
  changedAtMs: timeMs,
  /** The moment that counts (definition.whenField). */
  whenMs: timeMs,
  dueAtMs: timeMs.nullable(),
  overdue: z.boolean(),
  /** Took the emergency path. */
  emergency: z.boolean(),
  /** Moves that the person asking may make now. */
  moves: z.array(z.string()),
  /** The person asking may save fields now. */
  maySave: z.boolean(),
})
export type RegisterRecord = z.output<typeof recordSchema>

/** With everything that belongs to it. `sheet` is written by the server (shared/src/registers/sheets.ts). */
export const wholeRecordSchema = recordSchema.extend({
  sheet: z.record(z.string(), z.unknown()),
  steps: z.array(recordStepSchema),
  files: z.array(recordFileSchema),
  links: z.array(recordLinkSchema),
})
export type WholeRecord = z.output<typeof wholeRecordSchema>

/** How a person signs: by the own password, or drawn on the screen of the own session. */
const signature = z.union([z.object({ password: z.string().min(1).max(200) }), z.object({ drawing })])
/** The second person of a move that two sign, at the same screen. */
const secondSignature = z.object({ username: z.string().min(1).max(64), password: z.string().min(1).max(200), drawing: drawing.optional() })

const recordPath = { register: registerName, recordId: id }
const listQuery = {
  register: registerName,
  state: z.string().max(40).optional(),
  phase: z.enum(['open', 'done', 'overdue', 'mine', 'all']).default('all'),
  roomId: id.optional(),
  /** In number, title and texts. */
  q: z.string().trim().max(100).optional(),
  fromMs: z.coerce.number().int().optional(),
  toMs: z.coerce.number().int().optional(),
}

const dueSchema = z.object({
  register: registerName,
  title: wordsSchema,
  roomId: id.nullable(),
  roomName: z.string().nullable(),
  scheduleId: id.nullable(),
  recordId: id.nullable(),
  /** Number and title of the record; null for a schedule without one. */
  number: z.string().nullable(),
  text: z.string(),
  dueAtMs: timeMs,
  overdue: z.boolean(),
  /** The person asking may do it. */
  mine: z.boolean(),
})
export type DueItem = z.output<typeof dueSchema>

const tags = ['registers']
export const registers = {
  definitions: route
    .route({
      method: 'GET',
      path: '/registers',
      tags,
      summary: 'The registers one may read: their definitions, and how many records are open, overdue, or wait for oneself',
    })
    .meta({ permission: 'registers.read' })
    .output(
      z.array(
        z.object({
          definition: z.custom<RegisterDefinition>(),
          mayCreate: z.boolean(),
          open: z.number(),
          overdue: z.number(),
          mine: z.number(),
        }),
      ),
    ),
  choices: route
    .route({ method: 'GET', path: '/register-choices', tags, summary: 'Rooms, people and devices that fields choose from' })
    .meta({ permission: 'registers.read' })
    .output(
      z.object({
        rooms: z.array(z.object({ id, name: z.string() })),
        people: z.array(z.object({ id, name: z.string(), roles: z.array(z.string()) })),
        devices: z.array(z.object({ id, name: z.string(), roomId: id })),
      }),
    ),
  list: route
    .route({ method: 'GET', path: '/registers/{register}/records', tags, summary: 'Records, newest first' })
    .meta({ permission: 'registers.read' })
    .input(z.object({ ...listQuery, ...pageQuery }))
    .output(z.array(recordSchema)),
  get: route
    .route({ method: 'GET', path: '/registers/{register}/records/{recordId}', tags, summary: 'One record with its steps, files and links' })
    .meta({ permission: 'registers.read' })
    .input(z.object(recordPath))
    .output(wholeRecordSchema),
  create: route
    .route({ method: 'POST', path: '/registers/{register}/records', tags, summary: 'Begin a record in its first state' })
    .meta({ permission: 'registers.read' })
    .input(
      z.object({
        register: registerName,
        fields: recordFields.default({}),
        /** Made by the browser: the same key sent again answers the record that is there already. */
        clientKey: z.string().min(8).max(64).optional(),
        /** The schedule that it fulfils. */
        scheduleId: id.optional(),
        /** What gave rise to it. */
        link: z.object({ kind: recordLinkSchema.shape.kind, target: recordLinkSchema.shape.target, targetId: id }).optional(),
      }),
    )
    .output(wholeRecordSchema),
  save: route
    .route({
      method: 'PUT',
      path: '/registers/{register}/records/{recordId}',
      tags,
      summary: 'Save what may be changed in this state; absent keys stay, null clears; CONFLICT when somebody saved since',
    })
    .meta({ permission: 'registers.read' })
    .input(z.object({ ...recordPath, revision: z.number().int(), fields: recordFields }))
    .output(wholeRecordSchema),
  move: route
    .route({
      method: 'POST',
      path: '/registers/{register}/records/{recordId}/moves/{move}',
      tags,
      summary: 'Move it on: submit, approve, refuse, close …',
    })
    .meta({ permission: 'registers.read' })
    .input(
      z.object({
        ...recordPath,
        move: z.string().max(40),
        revision: z.number().int(),
        /** Values that change with it; absent keys stay. */
        fields: recordFields.default({}),
        comment: longText.default(''),
        signature: signature.optional(),
        second: secondSignature.optional(),
        /** What the room's printed QR code says. */
        roomKey: z.string().max(64).optional(),
        claimedAtMs: timeMs.optional(),
      }),
    )
    .output(wholeRecordSchema),
  amend: route
    .route({
      method: 'POST',
      path: '/registers/{register}/records/{recordId}/amendments',
      tags,
      summary: 'Correct a finished record; the old text stays beside it',
    })
    .meta({ permission: 'registers.read' })
    .input(
      z.object({
        ...recordPath,
        revision: z.number().int(),
        key: z.string().max(64),
        value: z.unknown(),
        reason: longText.min(1),
        password: z.string().min(1).max(200),
      }),
    )
    .output(wholeRecordSchema),
  strikeFile: route
    .route({
      method: 'POST',
      path: '/registers/{register}/records/{recordId}/files/{fileId}/strike',
      tags,
      summary: 'Strike out a photo; its bytes stay',
    })
    .meta({ permission: 'registers.read' })
    .input(z.object({ ...recordPath, fileId: id, reason: longText.min(1) }))
    .output(wholeRecordSchema),
  link: route
    .route({
      method: 'POST',
      path: '/registers/{register}/records/{recordId}/links',
      tags,
      summary: 'Link it to a record, an incident or an alarm',
    })
    .meta({ permission: 'registers.read' })
    .input(z.object({ ...recordPath, kind: recordLinkSchema.shape.kind, target: recordLinkSchema.shape.target, targetId: id }))
    .output(wholeRecordSchema),
  due: route
    .route({
      method: 'GET',
      path: '/due',
      tags,
      summary: 'What is due and overdue, of every register: schedules and records with a deadline',
    })
    .meta({ permission: 'registers.read' })
    .output(z.array(dueSchema)),
  room: route
    .route({
      method: 'GET',
      path: '/rooms/{roomId}/registers',
      tags,
      summary: 'Of a room: who is inside now, and the records that are open',
    })
    .meta({ permission: 'registers.read' })
    .input(z.object({ roomId: id }))
    .output(
      z.object({
        roomId: id,
        name: z.string(),
        inside: z.array(
          z.object({
            recordId: id,
            register: registerName,
            number: z.string(),
            people: z.string(),
            escort: z.string().nullable(),
            sinceMs: timeMs,
            dueAtMs: timeMs.nullable(),
            overdue: z.boolean(),
          }),
        ),
        open: z.array(recordSchema),
      }),
    ),
  roomCode: route
    .route({ method: 'GET', path: '/rooms/{roomId}/code', tags, summary: 'What the printed QR code of a room says' })
    .meta({ permission: 'rooms.write' })
    .input(z.object({ roomId: id }))
    .output(z.object({ url: z.string(), key: z.string(), svg: z.string() })),
  renewRoomCode: route
    .route({ method: 'POST', path: '/rooms/{roomId}/code', tags, summary: 'Make a new code; the printed one counts no more' })
    .meta({ permission: 'rooms.write' })
    .input(z.object({ roomId: id }))
    .output(z.object({ url: z.string(), key: z.string(), svg: z.string() })),
  checkRoomCode: route
    // Not GET: a code in an address stands in the log of every proxy on the way.
    .route({ method: 'POST', path: '/room-codes/{roomId}', tags, summary: 'Whether a scanned code is the room’s' })
    .meta({ permission: 'registers.read' })
    .input(z.object({ roomId: id, key: z.string().max(64) }))
    .output(z.object({ valid: z.boolean(), name: z.string() })),
  assetFigures: route
    .route({
      method: 'GET',
      path: '/registers/asset/figures',
      tags,
      summary: 'Increases, decreases and changes of assets in each month of a year',
    })
    .meta({ permission: 'registers.read' })
    .input(z.object({ year: z.coerce.number().int().min(2000).max(2100) }))
    .output(
      z.object({
        year: z.number(),
        months: z.array(z.object({ month: z.number(), added: z.number(), removed: z.number(), changed: z.number(), total: z.number() })),
        byCategory: z.array(
          z.object({
            category: z.string(),
            label: wordsSchema,
            added: z.number(),
            removed: z.number(),
            changed: z.number(),
            total: z.number(),
          }),
        ),
      }),
    ),
}

/** What was wrong with the fields, in the answer INVALID: `issues[].field` is `fields.<key>[.<path>]`. */
export type { FieldProblem }
export const doneSchema = done
