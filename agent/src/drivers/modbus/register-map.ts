import { POINT_KIND_NAMES, type PointKind, pointKindInfo } from '@roomkeeper/shared/model'
import { UNITS, type Unit } from '@roomkeeper/shared/units'
import { z } from 'zod'

const UNIT_CODES = Object.keys(UNITS) as [Unit, ...Unit[]]
const TABLES = ['input', 'holding', 'coil', 'discrete'] as const
/** One of Modbus's four address spaces. */
export type Table = (typeof TABLES)[number]
const DATA_TYPES = ['int16', 'uint16', 'int32', 'uint32', 'float32', 'int64', 'uint64', 'float64'] as const
export type DataType = (typeof DATA_TYPES)[number]
const bilingual = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) })
/** Keys of YAML maps are texts, also where a number is meant. */
const numbered = z.record(z.string().regex(/^\d+$/, 'must be a whole number'), z.string().min(1))

/** Where a value stands and how its bits become a number: the part of a point that detection rules have too. */
export const registerKeys = {
  register: z
    .int()
    .min(0)
    .max(65535)
    .describe('协议地址，从 0 起（不是 30001/40001 编号） · Protocol address from 0, not the 30001/40001 numbering'),
  type: z.enum(TABLES).default('holding').describe('input=FC04 holding=FC03 coil=FC01 discrete=FC02'),
  dataType: z.enum(DATA_TYPES).default('uint16').describe('数据类型 · Data type'),
  wordOrder: z
    .enum(['big', 'little'])
    .default('big')
    .describe('32、64 位值的字序，big 为高字在前 · Word order of 32- and 64-bit values; big: high word first'),
  byteOrder: z
    .enum(['big', 'little'])
    .default('big')
    .describe('字内的字节序，几乎总是 big · Byte order within a word, nearly always big (ABCD; little with wordOrder big is BADC)'),
}

const pointKeys = {
  key: z
    .string()
    .regex(/^[^\s/+#]+$/, 'no spaces and none of / + #')
    .describe('测点键 · Key of the point, unique on the device'),
  kind: z.enum(POINT_KIND_NAMES).describe('测点类型 · What it measures'),
  unit: z.enum(UNIT_CODES).optional().describe('单位（UCUM），默认随类型 · UCUM unit; the kind’s own by default'),
  ...registerKeys,
  scale: z.number().default(1).describe('值 = 原始值 × scale + offset · value = raw × scale + offset'),
  offset: z.number().default(0),
  sentinels: z.array(z.number()).default([]).describe('表示“无读数”的原始值 · Raw values that mean "no reading"'),
  range: z
    .strictObject({ low: z.number(), high: z.number() })
    .optional()
    .describe('设备能测的范围，之外为不可信 · What the device can measure; beyond it a value is bad'),
  bit: z
    .int()
    .min(0)
    .max(63)
    .optional()
    .describe('干接点在寄存器中的位，0 为最低 · A contact that is one bit of a register; 0 is the lowest'),
  normally: z
    .enum(['open', 'closed'])
    .optional()
    .describe('干接点的正常状态，必填 · Contacts only: the state when all is well; 1 is read as closed'),
  tokens: numbered.optional().describe('文字类测点：数值 → 文字 · For kinds that are texts: value → text'),
  bitTokens: numbered
    .optional()
    .describe('文字类测点：为 1 的位 → 词，合成一组 · For kinds that are texts: bit that is 1 → token, together a set'),
  optional: z.boolean().default(false).describe('设备没有此寄存器时不算错 · The device may lack this register; the point is then left out'),
  writable: z
    .boolean()
    .default(false)
    .describe(
      '可由服务器控制的输出：coil（FC05）或 holding（FC06） · An output the server may switch: a coil (FC05) or a holding register (FC06)',
    ),
  pulseMs: z
    .int()
    .min(100)
    .max(60_000)
    .optional()
    .describe('写入 true 后经此毫秒数自动断开 · A writable coil goes off again by itself after so many ms'),
}

interface Checked {
  kind: PointKind
  type: Table
  dataType: DataType
  byteOrder: string
  register: number
  bit?: number
  normally?: string
  tokens?: unknown
  bitTokens?: unknown
  writable: boolean
  pulseMs?: number
}

/** What one key says against another. */
function check(point: Checked, wrong: (key: string, message: string) => void): void {
  const { valueType } = pointKindInfo(point.kind)
  const isText = valueType === 'text'
  const isBit = isBitTable(point.type)
  if (isText === (point.tokens === undefined && point.bitTokens === undefined))
    wrong('kind', isText ? `"${point.kind}" is a text: say tokens or bitTokens` : `"${point.kind}" is no text; tokens belong to texts`)
  if (point.tokens !== undefined && point.bitTokens !== undefined) wrong('bitTokens', 'either tokens or bitTokens')
  const isContact = valueType === 'boolean' && point.kind !== 'output'
  if (isContact && point.normally === undefined) wrong('normally', `"${point.kind}" is a contact: say normally: open or normally: closed`)
  if (!isContact && point.normally !== undefined) wrong('normally', `"${point.kind}" is no contact`)
  if (valueType !== 'boolean' && isBit) wrong('type', `"${point.kind}" is no contact; a ${point.type} holds one bit`)
  if (point.bit !== undefined && (valueType !== 'boolean' || isBit || point.bit >= 16 * widthOf(point)))
    wrong('bit', 'only for contacts, and within the register')
  if (valueType === 'boolean' && !isBit && point.bit === undefined) wrong('bit', 'which bit of the register is the contact?')
  if (point.register + widthOf(point) > 65536) wrong('register', 'the value would reach beyond register 65535')
  if (point.writable && (point.type === 'input' || point.type === 'discrete')) wrong('writable', `a ${point.type} cannot be written`)
  if (point.writable && point.kind !== (point.type === 'coil' ? 'output' : 'number'))
    wrong(
      'writable',
      'coils that are written are of the kind output, holding registers of the kind number: what is measured is not written',
    )
  if (point.writable && !isBit && (!point.dataType.endsWith('16') || point.byteOrder !== 'big'))
    wrong('writable', 'only 16 bits in the usual byte order are written to holding registers (FC06)')
  if (point.pulseMs !== undefined && !(point.writable && point.type === 'coil')) wrong('pulseMs', 'only for writable coils')
}

const checked = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z
    .strictObject(shape)
    .superRefine((point, context) =>
      check(point as unknown as Checked, (key, message) => context.addIssue({ code: 'custom', path: [key], message })),
    )

/** One line of the register map in agent.yaml. */
export const registerPoint = checked({ ...pointKeys, name: bilingual.optional() })
/** One line of the register map in a profile. */
export const profilePoint = checked({ ...pointKeys, name: bilingual })
export type RegisterPoint = z.infer<typeof registerPoint>

export function isBitTable(table: Table): boolean {
  return table === 'coil' || table === 'discrete'
}

/** How many addresses a point takes. */
export function widthOf(point: { type: Table; dataType: DataType }): number {
  return isBitTable(point.type) ? 1 : Number(point.dataType.slice(-2)) / 16
}
