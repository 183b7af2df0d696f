import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { z } from 'zod'
import { withOwnProfiles } from './profile-files.ts'

const schema = z.strictObject({ name: z.string(), protocol: z.literal('modbus'), title: z.string() })
const standard = [{ name: 'meter', protocol: 'modbus' as const, title: 'standard' }]

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'roomkeeper-profiles-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

it('puts own profiles before and in place of the standard ones, and names what is wrong with a file without losing the rest', () => {
  writeFileSync(join(folder, 'meter.yaml'), 'name: meter\nprotocol: modbus\ntitle: own\n')
  writeFileSync(join(folder, 'new.yaml'), 'name: new\nprotocol: modbus # of ours\ntitle: own too\n')
  writeFileSync(join(folder, 'ups.yaml'), 'name: ups\nprotocol: snmp\n')
  writeFileSync(join(folder, 'wrong.yaml'), 'name: wrong\nprotocol: modbus\ntitel: x\n')
  writeFileSync(join(folder, 'torn.yaml'), 'name: [torn\n')
  const { profiles, wrong } = withOwnProfiles('modbus', schema, standard, folder)
  expect(profiles.map(({ name, title }) => `${name} ${title}`)).toEqual(['meter own', 'new own too'])
  expect([...wrong.keys()].sort()).toEqual(['torn', 'wrong'])
  expect(wrong.get('wrong')).toMatch(/wrong\.yaml.*titel/s)
})

it('says that a folder cannot be read, and has the standard ones all the same', () => {
  const { profiles, wrong } = withOwnProfiles('modbus', schema, standard, join(folder, 'nowhere'))
  expect(profiles).toEqual(standard)
  expect(wrong.get('profilesDir')).toMatch(/ENOENT/)
})
