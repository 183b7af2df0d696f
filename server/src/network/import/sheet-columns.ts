import { type Address, addressInput, type Port, portInput } from '@roomkeeper/shared/http'
import type { Choice, Words } from '@roomkeeper/shared/registers'
import { type Named, parseChoice, parseNamed } from '../../registers/import/parse-cells.ts'
import { type Cell, cellText, type ParsedCell } from '../../registers/import/read-table.ts'
import type { RegisterColumn } from '../../registers/import/register-columns.ts'
import { ADDRESS_STATE_WORDS, ADDRESS_WORDS, PORT_STATE_WORDS, PORT_WORDS } from '../words.ts'

/** A column of a sheet of addresses or ports; its values are kept as they are parsed. */
export interface SheetColumn extends RegisterColumn {
  /** A kept value as people read it. */
  show(value: string | number | null): string
}

interface Checked {
  safeParse(value: unknown): { success: true; data: unknown } | { success: false }
}

const TEXT = { zh: '文字，最多 100 字', en: 'Text, up to 100 characters' }
const NOTE = { zh: '文字，最多 4000 字', en: 'Text, up to 4000 characters' }
const ASSET = { zh: '资产', en: 'asset' }
const ROOM = { zh: '机房', en: 'room' }

export function addressColumns(assets: readonly Named[]): SheetColumn[] {
  const { shape } = addressInput
  const text = (key: keyof typeof ADDRESS_WORDS, more: readonly string[], example: string) =>
    column({ key, words: ADDRESS_WORDS[key], more, example, allowed: key === 'note' ? NOTE : TEXT, schema: shape[key] })
  return [
    column({
      ...{ key: 'address', words: ADDRESS_WORDS.address, more: ['IP', '地址', 'address'], example: '10.1.20.15', isKey: true },
      ...{ allowed: { zh: 'IPv4 地址，如 10.1.20.15', en: 'An IPv4 address such as 10.1.20.15' }, schema: shape.address },
    }),
    choice('state', ADDRESS_WORDS.state, ADDRESS_STATE_WORDS, '新登记的留空为“已用” / empty: used'),
    text('hostname', ['计算机名', '设备名称', 'hostname'], 'his-db-1'),
    column({
      ...{ key: 'mac', words: ADDRESS_WORDS.mac, more: ['MAC', '物理地址'], example: 'a0:36:9f:00:11:22', schema: shape.mac },
      allowed: { zh: 'MAC 地址，如 a0:36:9f:00:11:22', en: 'A MAC address such as a0:36:9f:00:11:22' },
    }),
    text('department', ['使用科室', '部门'], '信息科'),
    text('custodian', ['使用人', '责任人'], '王明'),
    named('assetId', ADDRESS_WORDS.assetId, assets, ASSET),
    text('note', ['说明', 'remark'], ''),
  ]
}

export function portColumns(assets: readonly Named[], rooms: readonly Named[]): SheetColumn[] {
  const { shape } = portInput
  const text = (key: keyof typeof PORT_WORDS, more: readonly string[], example: string) =>
    column({ key, words: PORT_WORDS[key], more, example, allowed: key === 'note' ? NOTE : TEXT, schema: shape[key] })
  const place = (key: 'port' | 'peerPort', more: readonly string[], example: string, isKey = false) => {
    const allowed = { zh: '端口，如 GE1/0/1', en: 'A port such as GE1/0/1' }
    return noDate(column({ key, words: PORT_WORDS[key], more, example, isKey, allowed, schema: shape[key] }))
  }
  return [
    column({
      ...{ key: 'switchName', words: PORT_WORDS.switchName, more: ['交换机名称', '设备', 'switch'], example: '核心-1', isKey: true },
      ...{ allowed: TEXT, schema: shape.switchName },
    }),
    place('port', ['端口号', '接口', 'port'], 'GE1/0/1', true),
    text('label', ['标签号', '编号'], ''),
    choice(
      'state',
      PORT_WORDS.state,
      PORT_STATE_WORDS,
      '新登记的留空：有对端为“在用”，否则“空闲” / empty: used with another end, else free',
    ),
    text('peer', ['对端设备', '连接设备', 'peer'], 'HIS 数据库 1'),
    place('peerPort', ['对端口'], 'eth0'),
    text('vlan', [], '20'),
    text('cable', ['线缆', '线号', 'cable'], 'C-0012'),
    named('roomId', PORT_WORDS.roomId, rooms, ROOM),
    named('assetId', PORT_WORDS.assetId, assets, ASSET),
    text('note', ['说明', 'remark'], ''),
  ]
}

interface Given {
  key: string
  words: Words
  more: readonly string[]
  example: string
  allowed: Words
  schema: Checked
  isKey?: boolean
}

function column({ key, words, more, example, allowed, schema, isKey = false }: Given): SheetColumn {
  const parse = (cell: NonNullable<Cell>): ParsedCell => {
    const checked = schema.safeParse(cellText(cell))
    return checked.success ? { value: checked.data } : { problem: { zh: `须为${allowed.zh}`, en: `Must be: ${allowed.en}` } }
  }
  const headers = [words.zh, words.en, ...more]
  return { key, headers, required: isKey, label: words, neededForNew: isKey, allowed, example, parse, show: (value) => String(value ?? '') }
}

/** Excel makes a date of 1/24; what was written is lost then. */
function noDate(column: SheetColumn): SheetColumn {
  const problem = {
    zh: 'Excel 把它变成了日期：请把该列的单元格格式设为“文本”后重新填写',
    en: 'Excel made a date of it: format the column as text and write it again',
  }
  return { ...column, parse: (cell) => (cell instanceof Date ? { problem } : column.parse(cell)) }
}

function choice<S extends Address['state'] | Port['state']>(
  key: string,
  words: Words,
  of: Readonly<Record<S, Words>>,
  empty: string,
): SheetColumn {
  const choices: Choice[] = Object.entries<Words>(of).map(([value, label]) => ({ value, label }))
  const [zh = '', en = ''] = empty.split(' / ')
  return {
    ...{ key, headers: [words.zh, words.en, 'state'], required: false, label: words, neededForNew: false },
    allowed: {
      zh: `${choices.map(({ label }) => label.zh).join('、')}；${zh}`,
      en: `${choices.map(({ label }) => label.en).join(', ')}; ${en}`,
    },
    example: choices[0]?.label.zh ?? '',
    parse: (cell) => parseChoice(cell, choices, false),
    show: (value) => choices.find((one) => one.value === value)?.label.zh ?? '',
  }
}

function named(key: string, words: Words, things: readonly Named[], what: Words): SheetColumn {
  return {
    ...{ key, headers: [words.zh, words.en, what.zh, what.en], required: false, label: words, neededForNew: false },
    allowed: { zh: `已登记的${what.zh}`, en: `An existing ${what.en}` },
    example: things[0]?.name ?? '',
    parse: (cell) => {
      const parsed = parseNamed(cell, things, what)
      return 'problem' in parsed ? parsed : { value: (parsed.value as { id: number }).id }
    },
    show: (value) => things.find(({ id }) => id === value)?.name ?? '',
  }
}
