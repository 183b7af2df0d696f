import { startSnmpsim } from '../kit/services/snmpsim.ts'
import { startUpsd } from '../kit/services/upsd.ts'
import type { DumpText } from './dump-text.ts'
import type { ServedDump } from './read-dump.ts'

/** A dump whose text is at hand. */
export interface LoadedDump extends DumpText {
  file: string
}

/** Peers that serve dumps. */
export interface DumpServer {
  dumps: ServedDump[]
  stop(): Promise<void>
}

/** snmpsim reads some 10,000 lines a second at its start, and shares its core. */
const SNMPSIM_LINES_PER_MS = 2
const SNMPSIM_START_MS = 20_000
const HOST = '127.0.0.1'

/** One upsd with a dummy-ups for each dump; a dummy-ups is a process, so callers serve hundreds in batches. */
export async function serveNut(dumps: readonly LoadedDump[]): Promise<DumpServer> {
  const nameOf = (index: number): string => `dump${index}`
  const upses = Object.fromEntries(dumps.map(({ text }, index) => [nameOf(index), { dev: text }]))
  const upsd = await startUpsd({ upses, awaitsUpses: false })
  return {
    dumps: dumps.map(({ file, droppedLines }, index) => ({
      file,
      droppedLines,
      driver: 'nut',
      options: { host: HOST, port: upsd.port, ups: nameOf(index) },
    })),
    stop: upsd.stop,
  }
}

/** One snmpsim for all dumps. The community is the file's name, unless that is long, odd or taken. */
export async function serveSnmp(dumps: readonly LoadedDump[]): Promise<DumpServer> {
  const communities = new Map<string, LoadedDump>()
  for (const [index, dump] of dumps.entries()) {
    const name = /([^/]+)\.snmprec$/.exec(dump.file)?.[1] ?? ''
    communities.set(/^[\w.-]{1,60}$/.test(name) && !communities.has(name) ? name : `dump-${index}`, dump)
  }
  const lines = dumps.reduce((total, { text }) => total + text.split('\n').length, 0)
  const snmpsim = await startSnmpsim({
    devices: Object.fromEntries([...communities].map(([community, { text }]) => [community, text])),
    startDeadlineMs: SNMPSIM_START_MS + lines / SNMPSIM_LINES_PER_MS,
  })
  return {
    dumps: [...communities].map(([community, { file, droppedLines }]) => ({
      file,
      droppedLines,
      driver: 'snmp',
      options: { host: HOST, port: snmpsim.port, community },
    })),
    stop: snmpsim.stop,
  }
}
