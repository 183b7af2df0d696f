import { POINT_KIND_NAMES, pointKindInfo } from '@roomkeeper/shared/model'
import { UNITS, type Unit } from '@roomkeeper/shared/units'
import { z } from 'zod'

const UNIT_CODES = Object.keys(UNITS) as [Unit, ...Unit[]]
const TABLES = ['input', 'holding', 'coil', 'discrete'] as const
/** One of Modbus's four address spaces. */
export type Table = (typeof TABLES)[number]
const DATA_TYPES = ['int16', 'uint16', 'int32', 'uint32', 'float32'] as const
type DataType = (typeof DATA_TYPES)[number]

/** One line of the register map in agent.yaml. */
export const registerPoint = z
  .strictObject({
    key: z
      .string()
      .regex(/^[^\s/+#]+$/, 'no spaces and none of / + #')
      .describe('测点键 · Key of the point, unique on the device'),
    kind: z.enum(POINT_KIND_NAMES).describe('测点类型 · What it measures'),
    unit: z.enum(UNIT_CODES).optional().describe('单位（UCUM），默认随类型 · UCUM unit; the kind’s own by default'),
    name: z.strictObject({ zh: z.string().min(1), en: z.string().min(1) }).optional(),
    register: z
      .int()
      .min(0)
      .max(65535)
      .describe('协议地址，从 0 起（不是 30001/40001 编号） · Protocol address from 0, not the 30001/40001 numbering'),
    type: z.enum(TABLES).default('holding').describe('input=FC04 holding=FC03 coil=FC01 discrete=FC02'),
    dataType: z.enum(DATA_TYPES).default('uint16'),
    wordOrder: z
      .enum(['big', 'little'])
      .default('big')
      .describe('32 位值的字序，big 为高字在前 · Word order of 32-bit values; big: high word first'),
    scale: z.number().default(1).describe('值 = 原始值 × scale + offset · value = raw × scale + offset'),
    offset: z.number().default(0),
    sentinels: z.array(z.number()).default([]).describe('表示“无读数”的原始值 · Raw values that mean "no reading"'),
    normally: z
      .enum(['open', 'closed'])
      .optional()
      .describe('干接点的正常状态，必填 · Dry contacts only: the state when all is well; 1 is read as closed'),
  })
  .superRefine((point, context) => {
    const { valueType } = pointKindInfo(point.kind)
    const wrong = (key: keyof typeof point, message: string): void => context.addIssue({ code: 'custom', path: [key], message })
    if (valueType === 'text') wrong('kind', `"${point.kind}" is a text; registers hold numbers and contacts`)
    if (valueType === 'boolean' && point.normally === undefined)
      wrong('normally', `"${point.kind}" is a contact: say normally: open or normally: closed`)
    if (valueType !== 'boolean' && point.normally !== undefined) wrong('normally', `"${point.kind}" is no contact`)
    if (valueType === 'number' && isBitTable(point.type)) wrong('type', `"${point.kind}" is a number; a ${point.type} holds one bit`)
    if (point.register + widthOf(point) > 65536) wrong('register', 'the value would reach beyond register 65535')
  })
export type RegisterPoint = z.infer<typeof registerPoint>

export function isBitTable(table: Table): boolean {
  return table === 'coil' || table === 'discrete'
}

/** How many addresses a point takes. */
export function widthOf(point: { type: Table; dataType: DataType }): number {
  return isBitTable(point.type) || point.dataType.endsWith('16') ? 1 : 2
}
