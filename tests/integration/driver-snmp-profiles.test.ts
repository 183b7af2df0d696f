import { readFileSync } from 'node:fs'
import { type PointKindInfo, pointKindInfo } from '@roomkeeper/shared/model'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { snmpDriver } from '../../agent/src/drivers/snmp/index.ts'
import { loadProfiles } from '../../agent/src/drivers/snmp/profile.ts'
import { missingProgram } from '../kit/services/require-program.ts'
import { SNMPSIM_PATH, type Snmpsim, startSnmpsim } from '../kit/services/snmpsim.ts'

const missing = missingProgram([SNMPSIM_PATH], 'snmpsim')
/** Each profile has `<name>.snmprec`, a device written from its MIB, and `<name>.expected.yaml`, what the driver must read from it. */
const testcase = (name: string): string => readFileSync(new URL(`../../agent/src/drivers/snmp/testcases/${name}`, import.meta.url), 'utf8')
const names = loadProfiles().profiles.map(({ name }) => name)
const expectedSchema = z.strictObject({
  maker: z.string().nullable(),
  model: z.string(),
  points: z.record(
    z.string(),
    z.strictObject({
      kind: z.string(),
      unit: z.string(),
      value: z.union([z.number(), z.string(), z.boolean()]).optional(),
      bad: z.string().optional(),
      name: z.string().optional().describe('Chinese name; looked at only where it stands'),
    }),
  ),
})

describe.skipIf(missing !== undefined)(`profiles of the snmp driver against snmpsim${missing === undefined ? '' : ` (${missing})`}`, () => {
  let snmpsim: Snmpsim
  beforeAll(async () => {
    snmpsim = await startSnmpsim({ devices: Object.fromEntries(names.map((name) => [name, testcase(`${name}.snmprec`)])) })
  })
  afterAll(async () => snmpsim?.stop(), 10_000)

  it.each(names)('%s: recognised, each point with its kind, unit and value or why there is none', async (community) => {
    const expected = expectedSchema.parse(parse(testcase(`${community}.expected.yaml`)))
    const connection = await snmpDriver.open(snmpDriver.options.parse({ host: '127.0.0.1', port: snmpsim.port, community }), {
      log: pino({ level: 'silent' }),
      clock: { nowMs: () => Date.now() },
      timeoutMs: 2000,
      wake() {},
    })
    const { maker, model, points } = await connection.describe()
    const readings = await connection.read(AbortSignal.timeout(8000))
    await connection.close()

    expect({ maker: maker ?? null, model }).toEqual({ maker: expected.maker, model: expected.model })
    const found = points.map(({ key, kind, unit, name, sentinels, range = (pointKindInfo(kind) as PointKindInfo).range }) => {
      const reading = readings.find((candidate) => candidate.key === key)
      // The agent's pipeline judges the stated sentinels and ranges; here they are judged as it does.
      const value = typeof reading?.value === 'number' ? reading.value : undefined
      const isSentinel = value !== undefined && sentinels?.includes(value)
      const isBeyond = value !== undefined && range !== undefined && (value < range.low || value > range.high)
      const bad = reading === undefined ? 'no reading' : isSentinel ? 'sentinel' : isBeyond ? 'out-of-range' : reading.bad
      const outcome = bad === undefined ? { value: reading?.value } : { bad }
      return [key, { kind, unit, ...outcome, ...(expected.points[key]?.name !== undefined && { name: name?.zh }) }]
    })
    expect(Object.fromEntries(found)).toEqual(expected.points)
  })
})
