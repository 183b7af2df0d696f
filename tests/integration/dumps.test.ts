import { spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DumpFigures, DumpReport } from '../dumps/dump-report.ts'
import { missingProgram } from '../kit/services/require-program.ts'
import { SNMPSIM_PATH } from '../kit/services/snmpsim.ts'
import { UPSD_PROGRAMS } from '../kit/services/upsd.ts'

const missing = missingProgram(UPSD_PROGRAMS, 'nut-server') ?? missingProgram([SNMPSIM_PATH], 'snmpsim')
const MAIN = fileURLToPath(new URL('../dumps/main.ts', import.meta.url))
const drivers = new URL('../../agent/src/drivers/', import.meta.url)

interface Run {
  code: number | null
  stdout: string
  stderr: string
}

function dumps(...args: string[]): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args])
    const run = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk: Buffer) => {
      run.stdout += chunk.toString()
    })
    child.stderr.on('data', (chunk: Buffer) => {
      run.stderr += chunk.toString()
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, ...run }))
  })
}

describe.skipIf(missing !== undefined)(`npm run dumps${missing === undefined ? '' : ` (${missing})`}`, () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'roomkeeper-dumps-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('reads each file as a device, names what is wrong with a file, and goes on', async () => {
    const mixed = join(folder, 'mixed')
    await mkdir(join(mixed, 'deeper'), { recursive: true })
    await cp(new URL('nut/testcases/garbage.dev', drivers), join(mixed, 'garbage.dev'))
    await cp(new URL('nut/testcases/three-phase.dev', drivers), join(mixed, 'deeper/three-phase.dev'))
    await cp(new URL('snmp/testcases/ups-mib.snmprec', drivers), join(mixed, 'ups.snmprec'))
    await cp(new URL('snmp/testcases/akcp.snmprec', drivers), join(mixed, 'deeper/ups.snmprec'))
    await writeFile(join(mixed, 'says-both.dev'), 'ups.status: OL OB DISCHRG\t#two at once\ninput.voltage: 0.0\nbattery.charge: 71\n')
    await writeFile(
      join(mixed, 'unknown.snmprec'),
      '1.3.6.1.2.1.1.1.0|4|thing\n1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.99999\nrubbish\n1.3.6.1.9|2|x\n',
    )
    await writeFile(join(mixed, 'rubbish.dev'), Buffer.from([0, 1, 2, 254, 255, 10, 13]))
    await symlink('/nonexistent', join(mixed, 'lost.dev'))
    await writeFile(join(mixed, 'notes.txt'), 'no dump')

    const { code, stdout, stderr } = await dumps(mixed, '--json')
    const { per_file: perFile, ...totals } = JSON.parse(stdout) as DumpFigures
    const of = (file: string): DumpReport => perFile.find((report) => report.file === file) ?? expect.fail(`${file} is missing`)
    const value = (file: string, key: string) => of(file).readings.find((reading) => reading.key === key)

    expect(code).toBe(1)
    expect(stderr).toContain('[8/8]')
    expect(totals).toMatchObject({ files: 8, crashes: 0, problems: 3 })
    expect(totals.points).toBe(perFile.reduce((sum, { points }) => sum + points, 0))
    expect(totals.bad).toBe(perFile.reduce((sum, { bad }) => sum + bad.length, 0))

    expect(of('garbage.dev').bad).toContainEqual({ key: 'input.voltage', value: -159357104, reason: 'out-of-range' })
    expect(of('garbage.dev').bad).toContainEqual({ key: 'ups.status', value: '', reason: 'sensor-error' })
    expect(value('deeper/three-phase.dev', 'input.L1-N.voltage')).toEqual({
      key: 'input.L1-N.voltage',
      kind: 'voltage',
      value: 231,
      unit: 'V',
      quality: 'good',
    })
    expect(of('deeper/three-phase.dev')).toMatchObject({ with_unit: of('deeper/three-phase.dev').points - 2, bad: [] })
    expect(value('says-both.dev', 'ups.status')).toMatchObject({ value: 'OB DISCHRG', quality: 'good' })
    expect(value('says-both.dev', 'ups.status.said')).toMatchObject({ value: 'OL OB DISCHRG' })
    // Two files of one name are two devices.
    expect(of('ups.snmprec').readings.map(({ kind }) => kind)).toContain('ups-status')
    expect(of('deeper/ups.snmprec').readings.map(({ kind }) => kind)).toContain('temperature')

    expect(of('unknown.snmprec')).toMatchObject({ points: 0, problem: expect.stringContaining('1.3.6.1.4.1.99999') })
    expect(of('unknown.snmprec').crash).toBeUndefined()
    expect(of('rubbish.dev').problem).toContain('malformed')
    expect(of('lost.dev').problem).toContain('cannot be read')
  })

  it('says for people what it found, and ends well when all was read', async () => {
    const good = join(folder, 'good')
    await mkdir(good)
    await cp(new URL('nut/testcases/garbage.dev', drivers), join(good, 'garbage.dev'))
    const { code, stdout } = await dumps(good)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^garbage\.dev: \d+ points, \d+ with unit, \d+ bad$/m)
    expect(stdout).toContain('    input.voltage = -159357104: out-of-range')
    expect(stdout).toMatch(/^1 files, \d+ points, \d+ bad, 0 crashes, 0 files not read$/m)
  })

  it.each<[string, () => Promise<string>, RegExp]>([
    ['no such folder', async () => join(folder, 'none'), /no such folder/],
    ['a file', async () => MAIN, /not a folder/],
    ['an empty folder', () => mkdtemp(join(folder, 'empty-')), /no \.dev and no \.snmprec/],
  ])('refuses %s', async (_name, path, message) => {
    const { code, stdout, stderr } = await dumps(await path())
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })

  it('refuses to start without a folder', async () => {
    const { code, stderr } = await dumps()
    expect(code).toBe(2)
    expect(stderr).toContain('folder')
  })
})
