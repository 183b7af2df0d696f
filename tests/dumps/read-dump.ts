import { setTimeout as delay } from 'node:timers/promises'
import pino from 'pino'
import { readDevice } from '../../agent/src/discovery/read-device.ts'
import { DriverError } from '../../agent/src/drivers/driver.ts'
import { DRIVERS } from '../../agent/src/drivers/index.ts'
import { type DumpReport, nothingRead, reportOf } from './dump-report.ts'

/** Longest wait for one answer, ms: the peers are on this machine, but share it with each other. */
const TIMEOUT_MS = 5000
/** A device that cannot be read within this is given up, ms. */
const FILE_DEADLINE_MS = 60_000
/** How long a device that does not answer yet is asked again, ms: its server may only be starting. */
const START_MS = 15_000
const RETRY_MS = 200

/** A served dump. */
export interface ServedDump {
  file: string
  droppedLines: number
  driver: 'nut' | 'snmp'
  options: Record<string, unknown>
}

/** Reads one served dump by the agent's own way (driver, pipeline), and says what came of it. Never rejects. */
export async function readDump(dump: ServedDump): Promise<DumpReport> {
  const deadline = new AbortController()
  const tooLong = delay(FILE_DEADLINE_MS, undefined, { signal: deadline.signal, ref: false }).then(
    () => nothingRead(dump.file, { crash: `not read within ${FILE_DEADLINE_MS / 1000} s` }),
    // Read in time.
    () => nothingRead(dump.file, { problem: 'read in time' }),
  )
  try {
    return await Promise.race([attempts(dump), tooLong])
  } finally {
    deadline.abort()
  }
}

async function attempts(dump: ServedDump): Promise<DumpReport> {
  const startedMs = performance.now()
  for (;;) {
    try {
      return await readOnce(dump)
    } catch (error) {
      const isEarly = performance.now() - startedMs < START_MS
      if (!(error instanceof DriverError)) return nothingRead(dump.file, { crash: crashText(error) })
      if (error.kind !== 'unreachable' || !isEarly) return nothingRead(dump.file, ofDriverError(error))
      await delay(RETRY_MS)
    }
  }
}

async function readOnce({ file, droppedLines, driver: name, options }: ServedDump): Promise<DumpReport> {
  const driver = DRIVERS.find((candidate) => candidate.name === name)
  if (driver === undefined) throw new Error(`no driver "${name}" is registered`)
  const context = { log: pino({ level: 'silent' }), clock: { nowMs: () => Date.now() }, timeoutMs: TIMEOUT_MS, wake() {} }
  return reportOf(file, await readDevice({ driver, options: driver.options.parse(options), context }), droppedLines)
}

/** An answer the driver cannot take is a crash: the device answers, and is not read. That no profile fits, or nothing answers, is not. */
function ofDriverError({ kind, message }: DriverError): { crash: string } | { problem: string } {
  return kind === 'garbage' ? { crash: `${kind}: ${message}` } : { problem: `${kind}: ${message}` }
}

function crashText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const place = error.stack?.split('\n').find((line) => line.trimStart().startsWith('at '))
  return `${error.name}: ${error.message}${place === undefined ? '' : ` (${place.trim()})`}`
}
