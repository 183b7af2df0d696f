import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { readDevice } from '../../agent/src/discovery/read-device.ts'
import { driverContext } from '../../agent/src/discovery/run-command.ts'
import { ModbusClient } from '../../agent/src/drivers/modbus/client.ts'
import { fittingProfiles, identify } from '../../agent/src/drivers/modbus/detect.ts'
import { modbusDriver } from '../../agent/src/drivers/modbus/index.ts'
import { loadProfiles } from '../../agent/src/drivers/modbus/profile.ts'
import { type ModbusTable, type Pymodbus, startPymodbus } from '../kit/services/pymodbus.ts'
import { missingPythonModule } from '../kit/services/require-program.ts'

const missing = missingPythonModule('pymodbus', 'python3-pymodbus')
const TABLES = ['holding', 'input', 'coil', 'discrete'] as const satisfies ModbusTable[]

/** What stands at an address: words or bits, a 32-bit float, a text, or the unit's own number. */
const content = z.union([
  z.number(),
  z.array(z.number()),
  z.literal('unit'),
  z.strictObject({ float: z.union([z.number(), z.literal('unit')]) }),
  z.strictObject({ text: z.string(), length: z.number() }),
])
const registers = z.record(z.coerce.number(), content)
const tables = Object.fromEntries(TABLES.map((table) => [table, registers.optional()])) as Record<
  ModbusTable,
  z.ZodOptional<typeof registers>
>
const addresses = Object.fromEntries(TABLES.map((table) => [table, z.array(z.number()).optional()])) as Record<
  ModbusTable,
  z.ZodOptional<z.ZodArray<z.ZodNumber>>
>
const outcomes = z.record(z.string(), z.union([z.number(), z.boolean(), z.string()]))
/** Each profile has `<name>.yaml`: the registers as the data sheet has them, and what must be read from them. */
const testcaseSchema = z.strictObject({
  ...tables,
  expected: outcomes,
  recognised: z.boolean(),
  garbage: z.union([
    z.strictObject({ ...tables, expected: outcomes.describe('A value, or why the reading is bad') }),
    z.strictObject({ impossible: z.string() }),
  ]),
  without: z
    .strictObject({ ...addresses, points: z.array(z.string()) })
    .optional()
    .describe('Registers some of these devices lack'),
})
type Testcase = z.infer<typeof testcaseSchema>

const { profiles } = loadProfiles()
const testcaseOf = (name: string): Testcase =>
  testcaseSchema.parse(parse(readFileSync(new URL(`../../agent/src/drivers/modbus/testcases/${name}.yaml`, import.meta.url), 'utf8')))

function wordsOf(value: z.infer<typeof content>, unitId: number): number[] {
  if (value === 'unit') return [unitId]
  if (typeof value === 'number') return [value]
  if (Array.isArray(value)) return value
  const bytes = 'text' in value ? Buffer.alloc(value.length * 2) : Buffer.alloc(4)
  if ('text' in value) bytes.write(value.text, 'latin1')
  else bytes.writeFloatBE(value.float === 'unit' ? unitId : value.float)
  return Array.from({ length: bytes.length / 2 }, (_, word) => bytes.readUInt16BE(word * 2))
}

describe.skipIf(missing !== undefined)(
  `profiles of the modbus driver against pymodbus${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    let peer: Pymodbus
    beforeAll(async () => {
      peer = await startPymodbus({ unitIds: profiles.flatMap((_, index) => unitsOf(index)) })
    })
    afterAll(() => peer?.stop())

    /** A whole device, one with garbage, one that lacks the optional registers. */
    const unitsOf = (index: number): [number, number, number] => [index * 3 + 1, index * 3 + 2, index * 3 + 3]
    const fill = async (
      unitId: number,
      from: Partial<Record<ModbusTable, z.infer<typeof registers>>>,
      lacks: Testcase['without'],
    ): Promise<void> => {
      for (const table of TABLES) {
        for (const [address, value] of Object.entries(from[table] ?? {})) {
          for (const [offset, word] of wordsOf(value, unitId).entries()) {
            const at = Number(address) + offset
            if (!lacks?.[table]?.includes(at)) await peer.set(table, at, [word], unitId)
          }
        }
      }
    }
    /** Values, or why they are bad. What the pipeline works out from them (dew points) is not the profile's. */
    const read = async (profile: string, unitId: number): Promise<Record<string, unknown>> => {
      const options = modbusDriver.options.parse({ host: '127.0.0.1', port: peer.port, unitId, profile })
      const { points } = await readDevice({ driver: modbusDriver, options, context: driverContext({ timeoutMs: 2000 }) })
      const own = new Set(profiles.find(({ name }) => name === profile)?.points.map(({ key }) => key))
      return Object.fromEntries(
        points.flatMap(({ point: { key }, reading: { value, quality, reason } }) =>
          own.has(key) ? [[key, quality === 'good' ? value : reason]] : [],
        ),
      )
    }

    it.each(profiles.map(({ name }, index) => [name, index] as const))('%s', async (name, index) => {
      const testcase = testcaseOf(name)
      const [whole, broken, lean] = unitsOf(index)
      await fill(whole, testcase, undefined)
      expect(await read(name, whole)).toEqual(testcase.expected)

      if (!('impossible' in testcase.garbage)) {
        await fill(broken, testcase, undefined)
        await fill(broken, testcase.garbage, undefined)
        expect(await read(name, broken)).toMatchObject(testcase.garbage.expected)
      }
      if (testcase.without) {
        await fill(lean, testcase, testcase.without)
        const there = Object.keys(await read(name, lean))
        expect(there.sort()).toEqual(
          expect.arrayContaining(
            Object.keys(testcase.expected)
              .filter((key) => !testcase.without?.points.includes(key))
              .sort(),
          ),
        )
        for (const key of testcase.without.points) expect(there).not.toContain(key)
      }
    })

    it('are recognised by what they say they are recognised by, and by nothing else', async () => {
      for (const [index, { name }] of profiles.entries()) {
        const testcase = testcaseOf(name)
        const [unitId] = unitsOf(index)
        await fill(unitId, testcase, undefined)
        const client = new ModbusClient({ transport: 'tcp', host: '127.0.0.1', port: peer.port }, { unitId, timeoutMs: 2000, pauseMs: 0 })
        const fitting = await fittingProfiles(client, unitId, await identify(client), profiles)
        await client.close()
        expect(fitting[0]?.name, name).toBe(testcase.recognised ? name : undefined)
      }
    })
  },
)
