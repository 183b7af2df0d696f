import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { DRIVERS } from '../../agent/src/drivers/index.ts'
import { CHANNELS } from '../../server/src/notify/channels/index.ts'
import { ROOT, repositoryFiles, textOf } from './repository.ts'

const FOLDER = 'agent/src/drivers'
const folders = foldersIn(FOLDER)
const CHANNEL_FOLDER = 'server/src/notify/channels'
const channelFolders = foldersIn(CHANNEL_FOLDER)

function foldersIn(path: string): string[] {
  return readdirSync(join(ROOT, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
}

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

describe('channels', () => {
  it('are exactly the folders that channels/index.ts lists, under the same names', () => {
    expect(CHANNELS.map(({ name }) => name).sort()).toEqual(channelFolders)
  })

  it.each(channelFolders)('%s has index.ts, a README that begins with its name, and a test with the contract suite', (name) => {
    const files = repositoryFiles()
    const own = files.filter((path) => path.startsWith(`${CHANNEL_FOLDER}/${name}/`))
    expect(own).toEqual(expect.arrayContaining([`${CHANNEL_FOLDER}/${name}/index.ts`, `${CHANNEL_FOLDER}/${name}/README.md`]))
    const tests = files.filter(
      (path) => /\.test\.ts$/.test(path) && (own.includes(path) || path.startsWith(`tests/integration/channel-${name}`)),
    )
    expect(tests.filter((path) => /\b(channelContract|robotContract)\(/.test(textOf(path)))).not.toEqual([])
    const readme = textOf(`${CHANNEL_FOLDER}/${name}/README.md`)
    expect(readme).toMatch(new RegExp(`^# ${name}\\b`))
    expect(readme).toMatch(/\p{Script=Han}/u)
  })

  it.each(channelFolders)('%s names all its settings in its README', (name) => {
    const channel = CHANNELS.find((candidate) => candidate.name === name)
    if (channel === undefined) throw new Error(`${name} is not in the list`)
    const schema = z.toJSONSchema(channel.settings, { io: 'input', unrepresentable: 'any' })
    const readme = textOf(`${CHANNEL_FOLDER}/${name}/README.md`)
    expect(Object.keys(schema.properties ?? {}).filter((key) => !readme.includes(`\`${key}\``))).toEqual([])
  })
})
