import { POINT_KIND_NAMES, pointKindInfo } from '@roomkeeper/shared/model'
import { UNITS, type Unit } from '@roomkeeper/shared/units'
import { z } from 'zod'

const UNIT_CODES = Object.keys(UNITS) as [Unit, ...Unit[]]
const name = z
  .union([z.string().min(1), z.strictObject({ zh: z.string().min(1), en: z.string().min(1) })])
  .transform((text) => (typeof text === 'string' ? { zh: text, en: text } : text))
const NUMBER_KINDS = POINT_KIND_NAMES.filter((kind) => pointKindInfo(kind).valueType === 'number') as [
  (typeof POINT_KIND_NAMES)[number],
  ...(typeof POINT_KIND_NAMES)[number][],
]
const CONTACT_KINDS = POINT_KIND_NAMES.filter((kind) => pointKindInfo(kind).valueType === 'boolean') as typeof NUMBER_KINDS

/** The `exec` device's own keys in agent.yaml. */
export const execOptions = z.strictObject({
  command: z
    .string()
    .regex(/^\/[^\0]+$/, '程序的绝对路径 · the program’s absolute path')
    .describe('Nagios 插件的绝对路径；不经 shell · Absolute path of a Nagios plugin; no shell is involved'),
  args: z.array(z.string()).default([]).describe('参数，一项一个 · Its arguments, one item each'),
  env: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string())
    .default({})
    .describe('额外的环境变量；采集器自己的不传给它 · Further environment variables; the agent’s own are not passed on'),
  state: z
    .enum(CONTACT_KINDS)
    .default('contact')
    .describe(
      '退出码作为什么干接点：WARNING、CRITICAL 为报警 · What kind of contact the exit code is: WARNING and CRITICAL are the bad state',
    ),
  stateName: name.optional().describe('该测点的名称 · Its name'),
  points: z
    .record(
      z.string().min(1),
      z.strictObject({
        kind: z.enum(NUMBER_KINDS).optional(),
        unit: z.enum(UNIT_CODES).optional(),
        scale: z.number().default(1).describe('value = raw × scale'),
        sentinels: z.array(z.number()).default([]).describe('Raw values that mean "no reading"'),
        name: name.optional(),
        ignore: z.boolean().default(false),
      }),
    )
    .default({})
    .describe('性能数据各项的含义，按其标签 · What the items of the performance data are, by their labels'),
})
export type ExecOptions = z.infer<typeof execOptions>
