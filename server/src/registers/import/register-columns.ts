import type { Field, RegisterDefinition, Words } from '@roomkeeper/shared/registers'
import type { Db } from '../../database/schema.ts'
import { type Named, parseChoice, parseDate, parseInstant, parseNamed, parseNumber, parseText, parseYesNo } from './parse-cells.ts'
import type { TableColumn } from './read-table.ts'

/** A column of a register's sheet, with what the template says of it. */
export interface RegisterColumn extends TableColumn {
  label: Words
  /** A record cannot be without it; a row that changes a record may leave it out. */
  neededForNew: boolean
  allowed: Words
  example: string
}

/** What fields choose from, by the name that people write. */
export interface Things {
  person: readonly Named[]
  room: readonly Named[]
  device: readonly Named[]
  /** By register. */
  record: ReadonlyMap<string, readonly Named[]>
}

export async function loadThings(db: Db, { fields }: RegisterDefinition): Promise<Things> {
  const registers = [...new Set(fields.flatMap((field) => (field.type === 'record' ? [field.register] : [])))]
  const [people, room, device, records] = await Promise.all([
    db.selectFrom('account').select(['id', 'name', 'username']).where('disabled', '=', 0).orderBy('name').execute(),
    db.selectFrom('room').select(['id', 'name']).orderBy('name').execute(),
    db.selectFrom('device').select(['id', 'name']).where('retiredAtMs', 'is', null).orderBy('name').execute(),
    registers.length === 0
      ? []
      : db.selectFrom('registerRecord').select(['id', 'register', 'number', 'title']).where('register', 'in', registers).execute(),
  ])
  const record = new Map(
    registers.map((name) => [
      name,
      records
        .filter(({ register }) => register === name)
        .map(({ id, number, title }) => ({ id, name: `${number} ${title}`.trim(), also: number })),
    ]),
  )
  return { person: people.map(({ id, name, username }) => ({ id, name, also: username })), room, device, record }
}

/** The columns that a register's sheet may have: every field that fits into a cell and may be filled in at the beginning or while it is kept. */
export function registerColumns(definition: RegisterDefinition, things: Things, timeZone: string): RegisterColumn[] {
  const early = definition.states.filter(({ phase }, index) => index === 0 || phase === 'kept').map(({ name }) => name)
  return definition.fields.flatMap((field) => {
    const cell = cellOf(field, things, timeZone)
    if (!cell || (field.editableIn && !field.editableIn.some((state) => early.includes(state))) || field.requiredAt) return []
    const { label, required = false } = field
    const isKey = field.key === definition.import?.keyField
    return [{ key: field.key, headers: [label.zh, label.en], required: isKey, label, neededForNew: required && !field.when, ...cell }]
  })
}

type CellOf = Pick<RegisterColumn, 'parse' | 'allowed' | 'example'>

function cellOf(field: Field, things: Things, timeZone: string): CellOf | undefined {
  switch (field.type) {
    case 'text': {
      const most = field.maxLength ?? 2000
      const shape = field.pattern?.words ?? { zh: `文字，最多 ${most} 字`, en: `Text, up to ${most} characters` }
      return { parse: parseText, allowed: shape, example: /如\s*(.+)$/.exec(field.pattern?.words.zh ?? '')?.[1] ?? '' }
    }
    case 'choice':
      return {
        parse: (cell) => parseChoice(cell, field.choices, field.multiple === true),
        allowed: { zh: field.choices.map(({ label }) => label.zh).join('、'), en: field.choices.map(({ label }) => label.en).join(', ') },
        example: field.choices[0]?.label.zh ?? '',
      }
    case 'number':
      return {
        parse: parseNumber,
        allowed: { zh: `数字 ${field.unit ?? ''}`.trim(), en: `Number ${field.unit ?? ''}`.trim() },
        example: String(field.low ?? 1),
      }
    case 'date':
      return { parse: parseDate, allowed: { zh: '日期', en: 'Date' }, example: '2026-03-15' }
    case 'instant':
      return {
        parse: (cell) => parseInstant(cell, timeZone),
        allowed: { zh: '日期和时间', en: 'Date and time' },
        example: '2026-03-15 14:30',
      }
    case 'yes-no':
      return { parse: parseYesNo, allowed: { zh: '是、否', en: 'yes, no' }, example: '是' }
    case 'person':
      return named(things.person, { zh: '用户', en: 'account' })
    case 'room':
      return named(things.room, { zh: '机房', en: 'room' })
    case 'device':
      return named(things.device, { zh: '监测设备', en: 'monitored device' })
    case 'record':
      return named(things.record.get(field.register) ?? [], { zh: '记录编号', en: 'record number' })
    default:
      return undefined
  }
}

function named(things: readonly Named[], what: Words): CellOf {
  return {
    parse: (cell) => parseNamed(cell, things, what),
    allowed: { zh: `已登记的${what.zh}`, en: `An existing ${what.en}` },
    example: things[0]?.name ?? '',
  }
}
