import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What reads exported files, as an inspector's computer would. Debian: libreoffice-calc, poppler-utils. */
export const OFFICE_PROGRAMS = ['/usr/bin/soffice', '/usr/bin/pdftotext', '/usr/bin/pdffonts']

/** Runs a program to its end; throws with what it said on stderr. */
async function run(program: string, args: readonly string[]): Promise<string> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, said]: [Buffer[], Buffer[]] = [[], []]
  child.stdout.on('data', (bytes: Buffer) => out.push(bytes))
  child.stderr.on('data', (bytes: Buffer) => said.push(bytes))
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${Buffer.concat(said).toString()}`)
  return Buffer.concat(out).toString('utf8')
}

async function inFolder<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'roomkeeper-office-'))
  try {
    return await work(dir)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** The text of a PDF as a reader gives it, cell by cell and without any white space: where lines break is not what tests ask. */
export async function pdfText(pdf: Uint8Array): Promise<string> {
  return await inFolder(async (dir) => {
    await writeFile(join(dir, 'a.pdf'), pdf)
    return (await run('/usr/bin/pdftotext', ['-raw', join(dir, 'a.pdf'), '-'])).replaceAll(/\s+/g, '')
  })
}

/** Lines of `pdffonts`: name, type, encoding, emb, sub, uni. */
export async function pdfFonts(pdf: Uint8Array): Promise<string[]> {
  return await inFolder(async (dir) => {
    await writeFile(join(dir, 'a.pdf'), pdf)
    return (await run('/usr/bin/pdffonts', [join(dir, 'a.pdf')])).trim().split('\n').slice(2)
  })
}

/** The first sheet of each Excel file as CSV, all converted by one LibreOffice. */
export async function officeCsv(files: ReadonlyMap<string, Uint8Array>): Promise<Map<string, string>> {
  return await inFolder(async (dir) => {
    const names = [...files.keys()]
    for (const [index, name] of names.entries()) await writeFile(join(dir, `${index}.xlsx`), files.get(name) ?? '')
    // A profile of its own: another LibreOffice of this user would take the work and end at once.
    const profile = `-env:UserInstallation=file://${join(dir, 'profile')}`
    const filter = 'csv:Text - txt - csv (StarCalc):44,34,76,1'
    const sources = names.map((_name, index) => join(dir, `${index}.xlsx`))
    await run('/usr/bin/soffice', [profile, '--headless', '--convert-to', filter, '--outdir', dir, ...sources])
    return new Map(await Promise.all(names.map(async (name, index) => [name, await readFile(join(dir, `${index}.csv`), 'utf8')] as const)))
  })
}
