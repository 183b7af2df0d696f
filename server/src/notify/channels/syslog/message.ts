import type { AlarmPriority } from '@roomkeeper/shared/model'
import type { Notice } from '../channel.ts'
import { cutToBytes, plainLine } from '../plain-text.ts'
import { FACILITIES, type SyslogSettings } from './settings.ts'

/** RFC 5424 table 2: Critical, Error, Warning, Notice. Emergency and Alert are for a system that cannot be used, and reach every terminal. */
const SEVERITIES: Record<AlarmPriority, number> = { critical: 2, high: 3, medium: 4, low: 5 }
const INFORMATIONAL = 6
/** What is only information, whatever priority its alarm had. */
const QUIET_KINDS: ReadonlySet<string> = new Set(['clear', 'drill', 'test', 'all-clear'])
const BOM = '\ufeff'
/** 32473: the enterprise number for examples (RFC 5612, and RFC 5424 itself). */
const SD_ID = 'roomkeeper@32473'
const MAX_PARAM_BYTES = 120

/** One message of RFC 5424, UTF-8, at most `maxBytes`: when it is too long, its text is cut, then values are. */
export function syslogMessage(
  notice: Notice,
  settings: Pick<SyslogSettings, 'facility' | 'appName' | 'maxBytes'>,
  hostname: string,
): Buffer {
  const severity = QUIET_KINDS.has(notice.kind) ? INFORMATIONAL : SEVERITIES[notice.priority]
  const pri = FACILITIES[settings.facility] * 8 + severity
  const time = new Date(notice.atMs).toISOString()
  const header = `<${pri}>1 ${time} ${hostname} ${settings.appName} ${process.pid} ${notice.kind}`
  const text = plainLine([notice.title, ...notice.text.split('\n').filter((line) => line !== notice.title)].join(' | '))
  for (let maxParamBytes = MAX_PARAM_BYTES; ; maxParamBytes = Math.floor(maxParamBytes / 2)) {
    const start = `${header} ${structuredData(notice, maxParamBytes)} ${BOM}`
    const freeBytes = settings.maxBytes - Buffer.byteLength(start)
    // A title in full is worth more than long values; without any values (0) the header is far below the 480 bytes.
    const neededBytes = Math.min(Buffer.byteLength(text), MAX_PARAM_BYTES)
    if (freeBytes >= neededBytes || maxParamBytes === 0) return Buffer.from(start + cutToBytes(text, Math.max(0, freeBytes), '…'))
  }
}

/** The facts, for machines. Empty ones are left out. */
function structuredData(notice: Notice, maxParamBytes: number): string {
  const { facts } = notice
  const parameters: [string, string][] = [
    ['id', notice.id],
    ['priority', notice.priority],
    ['alarmId', facts.alarmId === null ? '' : String(facts.alarmId)],
    ['incidentId', facts.incidentId === null ? '' : String(facts.incidentId)],
    ['state', facts.state],
    ['condition', facts.condition],
    ['room', facts.room],
    ['device', facts.device],
    ['point', facts.point],
    ['value', facts.value],
    ['limit', facts.limit],
    ['url', notice.url ?? ''],
  ]
  const given = parameters.map(([name, value]) => [name, cutToBytes(plainLine(value), maxParamBytes, '…')] as const)
  const written = given.filter(([, value]) => value !== '' && maxParamBytes > 0).map(([name, value]) => ` ${name}="${escaped(value)}"`)
  return `[${SD_ID}${written.join('')}]`
}

/** RFC 5424 section 6.3.3: these three, and only these. */
function escaped(value: string): string {
  return value.replace(/["\\\]]/g, '\\$&')
}
