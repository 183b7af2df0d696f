import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { z } from 'zod'

/** Which driver a profile is for. */
export type ProfileProtocol = 'snmp' | 'modbus'

export interface ProfileSet<Profile> {
  /** The user's own first; one with the name of a profile that comes with the agent stands in its place. */
  profiles: readonly Profile[]
  /** Own files that are wrong, by profile name; the others count all the same. */
  wrong: ReadonlyMap<string, string>
}

const OWN_FOLDER = fileURLToPath(new URL('.', import.meta.url))
/** The protocol is told by a line of its own, so that only the profiles of one driver are parsed. */
const PROTOCOL = /^protocol:\s*(\w+)\s*(#.*)?$/m

/** Reads and checks one profile; the error names the file and the key. */
export function parseProfile<Schema extends z.ZodType<{ name: string }>>(schema: Schema, text: string, fileName: string): z.output<Schema> {
  const parsed = schema.safeParse(parse(text))
  if (!parsed.success) throw new Error(`${fileName}: ${z.prettifyError(parsed.error)}`)
  if (`${parsed.data.name}.yaml` !== fileName) throw new Error(`${fileName}: name must be that of the file, not ${parsed.data.name}`)
  return parsed.data
}

/** The profiles of one protocol that come with the agent. */
export function standardProfiles<Schema extends z.ZodType<{ name: string }>>(
  protocol: ProfileProtocol,
  schema: Schema,
): z.output<Schema>[] {
  return filesOf(OWN_FOLDER, protocol).map(({ fileName, text }) => parseProfile(schema, text, fileName))
}

/** The profiles in a folder of the user's before the standard ones. Read anew each time: a file that was mended counts at the next try. */
export function withOwnProfiles<Schema extends z.ZodType<{ name: string }>>(
  protocol: ProfileProtocol,
  schema: Schema,
  standard: readonly z.output<Schema>[],
  folder: string | undefined,
): ProfileSet<z.output<Schema>> {
  const own: z.output<Schema>[] = []
  const wrong = new Map<string, string>()
  for (const { fileName, text } of folder === undefined ? [] : readableFiles(folder, protocol, wrong)) {
    try {
      own.push(parseProfile(schema, text, fileName))
    } catch (error) {
      wrong.set(fileName.replace(/\.yaml$/, ''), (error as Error).message)
    }
  }
  const replaced = new Set(own.map(({ name }) => name))
  return { profiles: [...own, ...standard.filter(({ name }) => !replaced.has(name))], wrong }
}

function readableFiles(folder: string, protocol: ProfileProtocol, wrong: Map<string, string>): { fileName: string; text: string }[] {
  try {
    return filesOf(folder, protocol)
  } catch (error) {
    wrong.set('profilesDir', `无法读取 · cannot be read: ${(error as Error).message}`)
    return []
  }
}

function filesOf(folder: string, protocol: ProfileProtocol): { fileName: string; text: string }[] {
  return readdirSync(folder)
    .filter((fileName) => fileName.endsWith('.yaml'))
    .sort()
    .map((fileName) => ({ fileName, text: readFileSync(join(folder, fileName), 'utf8') }))
    .filter(({ text }) => (PROTOCOL.exec(text)?.[1] ?? protocol) === protocol)
}
