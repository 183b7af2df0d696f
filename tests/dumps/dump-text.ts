/** A dump's text made fit for the program that serves it. */
export interface DumpText {
  text: string
  /** Lines the program could not have read. */
  droppedLines: number
}

const DEV_LINE = /^([A-Za-z][\w.-]*)\s*:/
const EMPTY_VALUE = /^([A-Za-z][\w.-]*)\s*:\s*(?:#.*)?$/
const RECORD = /^\.?(\d+(?:\.\d+)+)\|(\d+)([xe]?)(:[\w-]+)?\|(.*)$/
/** Tags of numbers: INTEGER, Counter32, Gauge32, TimeTicks, Counter64. */
const NUMBER_TAGS = new Set(['2', '65', '66', '67', '70'])

/**
 * The variables of a `.dev`; undefined when it has none. Comments are left away; dummy-ups reads the rest, by words: `ups.load:20` is one to
 * it, and for a value that is not there it takes that of the line before; so a space stands there.
 */
export function devText(text: string): DumpText | undefined {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'))
  const variables = lines
    .filter((line) => DEV_LINE.test(line))
    .map((line) => line.replace(EMPTY_VALUE, '$1: " "').replace(DEV_LINE, '$1: '))
  return variables.length === 0 ? undefined : { text: `${variables.join('\n')}\n`, droppedLines: lines.length - variables.length }
}

/** The objects of a `.snmprec`; undefined when it has none. A line snmpsim cannot read would keep it from serving any file. */
export function snmprecText(text: string): DumpText | undefined {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'))
  const records = new Map<string, string>()
  let droppedLines = 0
  for (const line of lines) {
    const [, oid, tag = '', form = '', module = '', value = ''] = RECORD.exec(line) ?? []
    if (oid === undefined || !isValue(tag, form, module, value)) droppedLines += 1
    else if (!records.has(oid)) records.set(oid, `${oid}|${tag}${form}${module}|${value}`)
  }
  return records.size === 0 ? undefined : { text: `${[...records.values()].join('\n')}\n`, droppedLines }
}

function isValue(tag: string, form: string, module: string, value: string): boolean {
  if (module !== '') return true
  if (form === 'x') return /^(?:[0-9a-f]{2})*$/i.test(value)
  if (NUMBER_TAGS.has(tag)) return /^-?\d+$/.test(value)
  if (tag === '6') return /^\.?\d+(?:\.\d+)*$/.test(value)
  if (tag === '64') return /^\d+\.\d+\.\d+\.\d+$/.test(value)
  return true
}
