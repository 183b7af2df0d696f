import type { Db } from '../database/schema.ts'
import type { ReportFormat, ReportLanguage } from './document.ts'

/** What both commands that write a report are told alike. */
export interface ReportOptions {
  out: string
  room?: string
  language: string
}

interface Checked {
  format: ReportFormat
  language: ReportLanguage
  /** Undefined: the whole hospital. */
  room: { id: number; name: string } | undefined
}

/** An option is wrong; the message names it and what is allowed, in both languages. */
export class WrongOptionError extends Error {
  override readonly name = 'WrongOptionError'
}

/** Throws WrongOptionError. */
export async function checkOptions(db: Db, { out, language, room: name }: ReportOptions): Promise<Checked> {
  if (language !== 'zh' && language !== 'en') throw new WrongOptionError(`--language ${language}：zh | en`)
  const format = (['xlsx', 'pdf'] as const).find((one) => out.endsWith(`.${one}`))
  if (!format) throw new WrongOptionError(`--out ${out}：文件名须以 .pdf 或 .xlsx 结尾 / must end in .pdf or .xlsx`)
  const rooms = await db.selectFrom('room').select(['id', 'name']).execute()
  const room = rooms.find((one) => one.name === name)
  if (name === undefined || room) return { format, language, room }
  const known = rooms.map((one) => one.name).join(', ') || '—'
  throw new WrongOptionError(`--room ${name}：没有这个机房，现有 / no such room, there are: ${known}`)
}

/** Exit code 2 with the message on stderr where an option is wrong. */
export async function orWrongOption(work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof WrongOptionError)) throw error
    console.error(error.message)
    return 2
  }
}
