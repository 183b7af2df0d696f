import { readFile } from 'node:fs/promises'
import { missingProgram } from '../kit/services/require-program.ts'
import { SNMPSIM_PATH } from '../kit/services/snmpsim.ts'
import { UPSD_PROGRAMS } from '../kit/services/upsd.ts'
import { type DumpFigures, type DumpReport, figuresOf, lineOf, nothingRead } from './dump-report.ts'
import { type DumpText, devText, snmprecText } from './dump-text.ts'
import { type DumpFile, findDumps, UsageError } from './find-dumps.ts'
import { readDump } from './read-dump.ts'
import { type DumpServer, type LoadedDump, serveNut, serveSnmp } from './serve-dumps.ts'

/** dummy-ups processes at a time. */
const NUT_BATCH = 40
/** upsd answers at once; snmpsim is one process that answers one request after the other. */
const NUT_AT_ONCE = 8
const SNMP_AT_ONCE = 4

/** Serves every dump below a folder and reads it with the agent. Throws a UsageError when there is nothing to serve, or nothing to serve it with. */
export async function runDumps(folder: string, onProgress: (line: string) => void): Promise<DumpFigures> {
  const dumps = await findDumps(folder)
  const reports = new Map<string, DumpReport>()
  const done = (report: DumpReport): void => {
    reports.set(report.file, report)
    onProgress(`[${reports.size}/${dumps.length}] ${lineOf(report)}`)
  }
  const nut = await load(dumps, 'nut', devText, done)
  const snmp = await load(dumps, 'snmp', snmprecText, done)
  if (nut.length > 0) needed(UPSD_PROGRAMS, 'nut-server')
  if (snmp.length > 0) needed([SNMPSIM_PATH], 'snmpsim')

  for (let from = 0; from < nut.length; from += NUT_BATCH) {
    await readAll(() => serveNut(nut.slice(from, from + NUT_BATCH)), NUT_AT_ONCE, done)
  }
  if (snmp.length > 0) await readAll(() => serveSnmp(snmp), SNMP_AT_ONCE, done)
  return figuresOf(dumps.flatMap(({ file }) => reports.get(file) ?? []))
}

/** Reads the files of one protocol; what cannot be served is told, and the others go on. */
async function load(
  dumps: readonly DumpFile[],
  protocol: DumpFile['protocol'],
  textOf: (text: string) => DumpText | undefined,
  done: (report: DumpReport) => void,
): Promise<LoadedDump[]> {
  const loaded: LoadedDump[] = []
  for (const { file, path } of dumps.filter((dump) => dump.protocol === protocol)) {
    const content = await readFile(path).catch((error: Error) => error)
    const dump = content instanceof Error ? undefined : textOf(content.toString('utf8'))
    if (content instanceof Error) done(nothingRead(file, { problem: `无法读取 · cannot be read: ${content.message}` }))
    else if (dump === undefined) done(nothingRead(file, { problem: `格式不对 · malformed: no line that a ${protocol} dump has` }))
    else loaded.push({ file, ...dump })
  }
  return loaded
}

async function readAll(serve: () => Promise<DumpServer>, atOnce: number, done: (report: DumpReport) => void): Promise<void> {
  const server = await serve()
  try {
    const waiting = [...server.dumps]
    const reader = async (): Promise<void> => {
      for (let dump = waiting.shift(); dump !== undefined; dump = waiting.shift()) done(await readDump(dump))
    }
    await Promise.all(Array.from({ length: atOnce }, reader))
  } finally {
    await server.stop()
  }
}

function needed(programs: readonly string[], debianPackage: string): void {
  const missing = missingProgram(programs, debianPackage)
  if (missing !== undefined) throw new UsageError(missing)
}
