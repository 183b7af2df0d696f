import { fstatSync } from 'node:fs'

/** pino's levels as syslog priorities, which `journalctl -p warning` goes by. */
const PRIORITIES: readonly [level: number, priority: number][] = [
  [60, 2],
  [50, 3],
  [40, 4],
  [30, 6],
]
/** pino's own keys, and what the line's head says already. */
const LEFT_OUT = new Set(['level', 'time', 'pid', 'hostname', 'name', 'msg', 'module', 'device', 'err', 'v'])

/** Whether standard output goes to the journal: JOURNAL_STREAM names its device and inode (systemd.exec(5)). */
export function writesToJournal(
  env: NodeJS.ProcessEnv = process.env,
  stat: () => { dev: number; ino: number } = () => fstatSync(1),
): boolean {
  if (!env.JOURNAL_STREAM) return false
  try {
    const { dev, ino } = stat()
    return env.JOURNAL_STREAM === `${dev}:${ino}`
  } catch {
    return false
  }
}

/**
 * A line of pino's as one for people: `<4>snmp ups1: the device does not answer (reason="timeout")`. The journal takes the number as the priority
 * and keeps the time itself. A line that is not pino's stays as it is.
 */
export function journalLine(json: string): string {
  let entry: Record<string, unknown>
  try {
    entry = JSON.parse(json) as Record<string, unknown>
  } catch {
    return json
  }
  const level = Number(entry.level)
  const priority = PRIORITIES.find(([from]) => level >= from)?.[1] ?? 7
  const place = [entry.module, entry.device].filter((part) => part !== undefined).join(' ')
  const details = Object.entries(entry).flatMap(([key, value]) => (LEFT_OUT.has(key) ? [] : [`${key}=${JSON.stringify(value)}`]))
  const head = `<${priority}>${place === '' ? '' : `${place}: `}${String(entry.msg ?? '')}`
  const { message, stack } = (entry.err ?? {}) as { message?: unknown; stack?: unknown }
  const cause = message === undefined ? '' : `: ${String(message)}`
  // Each line of a stack gets the same priority, or the journal would take it for one of its own.
  const trace = priority <= 3 && typeof stack === 'string' ? stack.split('\n').slice(1) : []
  const line = `${head}${cause}${details.length > 0 ? ` (${details.join(', ')})` : ''}`.replace(/\n+/g, ' ')
  return [line, ...trace.map((each) => `<${priority}>${each}`)].join('\n')
}
