import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEFINITIONS } from '../../server/src/registers/definitions/index.ts'
import { missingPostgres, usePostgres } from '../kit/each-database.ts'
import { OFFICE_PROGRAMS } from '../kit/office.ts'
import { registerContract, SHEET_ITEMS } from '../kit/register-contract.ts'
import { checkExcelFiles, checkRegisterExports } from '../kit/register-exports.ts'
import { type RegistersApp, startRegistersApp } from '../kit/registers-app.ts'
import { missingProgram } from '../kit/services/require-program.ts'

/** Checklists whose items come from the server get these. */
const behaviours = Object.fromEntries(
  DEFINITIONS.filter(({ fields }) => fields.some((field) => field.type === 'checklist' && !field.items)).map(({ name }) => [
    name,
    { fill: () => Promise.resolve({ items: SHEET_ITEMS }) },
  ]),
)

describe('every register (SQLite)', () => {
  let app: RegistersApp
  let dir: string
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'roomkeeper-registers-'))
    app = await startRegistersApp(join(dir, 'roomkeeper.db'), { behaviours })
  })
  afterAll(async () => {
    await app?.stop()
    await rm(dir, { recursive: true, force: true })
  })
  const missingOffice = missingProgram(OFFICE_PROGRAMS, 'libreoffice-calc poppler-utils')
  const exports = missingOffice ? {} : { exports: checkRegisterExports }
  for (const definition of DEFINITIONS) registerContract(definition, { app: () => app, ...exports })
  it.skipIf(missingOffice)(
    'open in LibreOffice with the right text',
    async () => {
      expect(await checkExcelFiles()).toBe(DEFINITIONS.length)
    },
    120_000,
  )
})

const missing = missingPostgres()
describe.skipIf(missing)(`registers (PostgreSQL${missing ? `: ${missing}` : ''})`, () => {
  let app: RegistersApp
  const newDatabase = usePostgres()
  beforeAll(async () => {
    app = await startRegistersApp(await newDatabase(), { behaviours })
  })
  afterAll(() => app?.stop())
  for (const definition of DEFINITIONS.filter(({ name }) => ['visit', 'inspection'].includes(name)))
    registerContract(definition, { app: () => app })
})
