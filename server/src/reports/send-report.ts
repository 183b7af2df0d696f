import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Response } from 'express'
import type { Logger } from 'pino'
import type { ReportFormat } from './document.ts'

export const REPORT_TYPES: Record<ReportFormat, string> = {
  pdf: 'application/pdf',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

/** Streams a report as a download. `name` may be Chinese (RFC 5987); browsers that know only ASCII get `ascii`. */
export async function sendReport(
  response: Response,
  log: Logger,
  {
    format,
    name,
    ascii,
    chunks,
  }: { format: ReportFormat; name: string; ascii: string; chunks: AsyncGenerator<Uint8Array, void, undefined> },
): Promise<void> {
  try {
    // The first bytes are made before anything is sent: what goes wrong until then becomes an answer instead of a broken file.
    const first = await chunks.next()
    response.status(200)
    response.setHeader('content-type', REPORT_TYPES[format])
    response.setHeader('content-disposition', disposition(`${name}.${format}`, `${ascii}.${format}`))
    response.setHeader('cache-control', 'no-store')
    const rest = (async function* () {
      if (!first.done) yield first.value
      yield* chunks
    })()
    await pipeline(Readable.from(rest), response)
  } catch (error) {
    await chunks.return(undefined)
    if ((error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE' || response.destroyed) return
    if (!response.headersSent) throw error
    log.warn({ module: 'reports', err: error, name }, 'a report broke off')
    // A file that ends early must not look complete.
    response.destroy()
  }
}

export function disposition(name: string, ascii: string): string {
  const safe = name.replace(/[/\\:*?"<>|\r\n]/g, '_')
  const encoded = encodeURIComponent(safe).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
  return `attachment; filename="${ascii.replace(/[^\w.-]/g, '_')}"; filename*=UTF-8''${encoded}`
}
