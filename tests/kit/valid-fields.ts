import {
  type ChecklistItem,
  type ChecklistValue,
  editableStates,
  type Field,
  isEmpty,
  isRequiredAt,
  isShown,
  type Move,
  type RecordFields,
  type RegisterDefinition,
  type TableColumn,
} from '@roomkeeper/shared/registers'

/** Where values come from that are rows of the database. Photos belong to the record that is filled in. */
export interface World {
  nowMs: number
  person(field: Field & { type: 'person' }): Promise<number>
  room: number
  device: number
  point(kind: string | undefined): Promise<number>
  record(register: string): Promise<number>
  /** A file that was sent for this field of the record. */
  file(key: string): Promise<number>
  items: readonly ChecklistItem[]
}

let keys = 0

/**
 * The fields of a record with everything that may be written in its state and that the move asks for. `turn` picks other choices each time.
 */
export async function validFields(
  definition: RegisterDefinition,
  { state, fields }: { state: string; fields: RecordFields },
  world: World,
  turn: number,
  move?: Move,
): Promise<RecordFields> {
  const values: RecordFields = { ...fields }
  const isFirst = state === definition.states[0]?.name
  // Twice: a choice may show a field that stands before it.
  for (const _round of [1, 2])
    for (const [index, field] of definition.fields.entries()) {
      if (!editableStates(definition, field).includes(state) || !isShown(field, values)) continue
      const need = move?.needs?.find((one) => one.field === field.key)?.is[0]
      if (need !== undefined) values[field.key] = field.type === 'yes-no' ? need === 'true' : need
      const isWanted = isFirst || (move !== undefined && isRequiredAt(definition, field, move))
      if (!isWanted || !isEmpty(values[field.key])) continue
      // Each key is used once.
      if (field.key === definition.import?.keyField) {
        keys += 1
        values[field.key] = `KEY-${keys}`
      } else values[field.key] = await validValue(field, world, turn, index)
    }
  return Object.fromEntries(Object.entries(values).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(fields[key])))
}

async function validValue(field: Field, world: World, turn: number, index: number): Promise<unknown> {
  switch (field.type) {
    case 'person':
      return { id: await world.person(field) }
    case 'room':
      return { id: world.room }
    case 'device':
      return { id: world.device }
    case 'record':
      return { id: await world.record(field.register) }
    case 'reading':
      return { pointId: await world.point(field.kind) }
    case 'photo':
      return [await world.file(field.key)]
    case 'signature':
      return await world.file(field.key)
    case 'checklist':
      return await validAnswers(field, world)
    case 'table': {
      const rows = Math.max(field.minRows ?? 1, 1)
      return Array.from({ length: rows }, (_one, row) =>
        Object.fromEntries(field.columns.map((column) => [column.key, validCell(column, world, turn + row, index + row)])),
      )
    }
    default:
      return validCell(field, world, turn, index)
  }
}

function validCell(field: Field | TableColumn, { nowMs }: World, turn: number, index: number): unknown {
  switch (field.type) {
    case 'text': {
      if (field.pattern) return sampleOf(field.pattern.regex)
      const text = `${field.label.zh}“${turn}”：8 U · ℃ ½`
      return [...(field.multiline ? `${text}\n第二行` : text)]
        .slice(0, field.maxLength ?? 200)
        .join('')
        .trim()
    }
    case 'choice': {
      const choice = field.choices[turn % field.choices.length]?.value
      return field.multiple ? [choice] : choice
    }
    case 'number': {
      const middle = field.low !== undefined && field.high !== undefined ? (field.low + field.high) / 2 : (field.low ?? field.high ?? 12.5)
      return field.integer ? Math.ceil(middle) : middle
    }
    case 'date':
      return new Date(nowMs + (index + 1) * 86_400_000).toISOString().slice(0, 10)
    case 'instant':
      // In the order of the fields: what ends ends after what begins.
      return nowMs + (index + 1) * 60_000
    case 'yes-no':
      return turn % 2 === 0
    default:
      throw new Error(`no value for ${field.key}`)
  }
}

const SAMPLES = ['A1', '2026', '10.0.0.1', '00:1a:2b:3c:4d:5e', '13800138000', 'example.org', 'a', '1']

function sampleOf(regex: string): string {
  const sample = SAMPLES.find((one) => new RegExp(`^(?:${regex})$`, 'u').test(one))
  if (sample === undefined) throw new Error(`no sample fits ${regex}: add one to SAMPLES`)
  return sample
}

/** Normal, abnormal and not applicable in turns. */
async function validAnswers(field: Field & { type: 'checklist' }, world: World): Promise<ChecklistValue> {
  const answers: ChecklistValue = {}
  for (const [index, item] of (field.items ?? world.items).entries()) {
    const result = (['normal', 'abnormal', 'not-applicable'] as const)[index % 3] ?? 'normal'
    answers[item.key] = {
      result,
      ...(result === 'abnormal' ? { note: `看到：${item.label.zh}` } : {}),
      ...(item.measured && result !== 'not-applicable' ? { measured: item.measured.low ?? item.measured.high ?? 20 } : {}),
      ...(item.photo && result !== 'not-applicable' ? { photos: [await world.file(field.key)] } : {}),
    }
  }
  return answers
}
