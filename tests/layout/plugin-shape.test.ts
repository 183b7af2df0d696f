import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { DRIVERS } from '../../agent/src/drivers/index.ts'
import { ROOT, repositoryFiles, textOf } from './repository.ts'

const FOLDER = 'agent/src/drivers'
const folders = readdirSync(join(ROOT, FOLDER), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort()

describe('drivers', () => {
  it('are exactly the folders that drivers/index.ts lists, under the same names', () => {
    expect(DRIVERS.map(({ name }) => name).sort()).toEqual(folders)
  })

  it.each(folders)('%s has index.ts, README.md, sample.yaml and a test', (name) => {
    const files = repositoryFiles()
      .filter((path) => path.startsWith(`${FOLDER}/${name}/`))
      .map((path) => path.slice(FOLDER.length + name.length + 2))
    expect(files).toEqual(expect.arrayContaining(['README.md', 'index.ts', 'sample.yaml']))
    expect(files.filter((path) => path.endsWith('.test.ts'))).not.toEqual([])
  })

  it.each(folders)('%s says in both languages what it reads, and its sample names it', (name) => {
    const driver = DRIVERS.find((candidate) => candidate.name === name)
    expect(driver?.summary.zh).toMatch(/\p{Script=Han}/u)
    expect(driver?.summary.en).toMatch(/[a-z]/)
    expect(textOf(`${FOLDER}/${name}/README.md`)).toMatch(new RegExp(`^# .*${name}`, 'm'))
    const sample = parse(textOf(`${FOLDER}/${name}/sample.yaml`)) as { devices?: { driver?: string }[] } | { driver?: string }[]
    const devices = Array.isArray(sample) ? sample : (sample.devices ?? [])
    expect(devices.some((device) => device.driver === name)).toBe(true)
  })
})
