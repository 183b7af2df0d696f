/** One item of performance data: `'label'=value[UOM];[warn];[crit];[min];[max]`. */
export interface PerformanceItem {
  label: string
  /** null for `U`: the plugin could not find it out. NaN for what is no number. */
  value: number | null
  /** `s`, `us`, `ms`, `%`, `B` … `c`, or what else the plugin writes. */
  unitOfMeasure: string
  min?: number
  max?: number
}

export interface PluginOutput {
  /** The first line, without its performance data: for people. */
  text: string
  items: PerformanceItem[]
}

/** Exit codes of the Monitoring Plugins Development Guidelines. */
export const PLUGIN_STATES = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'] as const

/**
 * Takes a plugin's output apart: text, performance data of the first line, long text, and the rest of the performance data after the second
 * pipe (Monitoring Plugins Development Guidelines; Nagios Plugin API).
 */
export function parsePluginOutput(stdout: string): PluginOutput {
  const [firstLine = '', ...lines] = stdout.split(/\r?\n/)
  const [text = '', ...performance] = firstLine.split('|')
  const rest = lines.join('\n')
  const pipe = rest.indexOf('|')
  const data = [performance.join('|'), pipe < 0 ? '' : rest.slice(pipe + 1).replaceAll('|', ' ')].join(' ')
  return { text: text.trim(), items: parsePerformanceData(data) }
}

/** A label in quotes may hold anything (a quote is doubled), one without may not hold spaces or `=`. */
const ITEM = /(?:'((?:[^']|'')+)'|([^\s='][^\s=]*))=(\S*)/g
const NUMBER = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)(.*)$/

function parsePerformanceData(data: string): PerformanceItem[] {
  return [...data.matchAll(ITEM)].map(([, quoted, plain, fields = '']) => {
    // Some locales write a comma; the fields are separated by semicolons, so it can be nothing else.
    const [first = '', , , min, max] = fields.replaceAll(',', '.').split(';')
    const number = NUMBER.exec(first)
    const item: PerformanceItem = {
      label: quoted?.replaceAll("''", "'") ?? plain ?? '',
      value: first.startsWith('U') ? null : number ? Number(number[1]) : Number.NaN,
      unitOfMeasure: number?.[2] ?? '',
    }
    const [low, high] = [min, max].map((limit) => (limit === undefined || limit === '' ? Number.NaN : Number(limit)))
    if (Number.isFinite(low)) item.min = low
    if (Number.isFinite(high)) item.max = high
    return item
  })
}
