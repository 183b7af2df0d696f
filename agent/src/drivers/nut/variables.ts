import type { PointKind } from '@roomkeeper/shared/model'
import type { Unit } from '@roomkeeper/shared/units'
import type { PointDescription, RawReading } from '../driver.ts'

/** One rule of the mapping: variables whose whole name fits `pattern` are points of `kind`. `name` may use the pattern's groups as $1, $2. */
interface VariableRule {
  pattern: RegExp
  kind: PointKind
  unit: Unit
  name: { zh: string; en: string }
}

/** NUT writes numbers in decimal only; `0x32` and an empty text are numbers to JavaScript alone. */
const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i
const PHASE = '(?:\\.(L[123](?:-(?:L[123]|N))?|N))?'
const SIDE_NAMES: Record<string, { zh: string; en: string }> = {
  input: { zh: '输入', en: 'Input' },
  'input.bypass': { zh: '旁路输入', en: 'Bypass input' },
  output: { zh: '输出', en: 'Output' },
  outlet: { zh: '插座合计', en: 'All outlets' },
}

/** Rules for the quantities every side (input, bypass, output) may have, for the whole or for one phase. */
function sideRules(side: string): VariableRule[] {
  const { zh, en } = SIDE_NAMES[side] ?? { zh: side, en: side }
  const rule = (quantity: string, kind: PointKind, unit: Unit, zhName: string, enName: string): VariableRule => ({
    pattern: new RegExp(`^${side.replaceAll('.', '\\.')}${PHASE}\\.${quantity}$`),
    kind,
    unit,
    name: { zh: `${zh}$1${zhName}`, en: `${en} $1 ${enName}` },
  })
  return [
    rule('voltage', 'voltage', 'V', '电压', 'voltage'),
    rule('current', 'current', 'A', '电流', 'current'),
    rule('frequency', 'frequency', 'Hz', '频率', 'frequency'),
    rule('power', 'power', 'VA', '视在功率', 'apparent power'),
    rule('realpower', 'power', 'W', '有功功率', 'power'),
    rule('power\\.percent', 'load', '%', '负载', 'load'),
  ]
}

/**
 * NUT's variable names (RFC 9271 appendix, `docs/nut-names.txt`) as points. Only measurements are here: set points, nominal values,
 * minima, maxima and texts are not, and are ignored. The UPS's inside is no room, so `ups.temperature` is no `temperature`.
 */
const RULES: readonly VariableRule[] = [
  { pattern: /^ups\.status$/, kind: 'ups-status', unit: '1', name: { zh: 'UPS 状态', en: 'UPS status' } },
  { pattern: /^ups\.load$/, kind: 'load', unit: '%', name: { zh: 'UPS 负载', en: 'UPS load' } },
  { pattern: /^ups\.power$/, kind: 'power', unit: 'VA', name: { zh: 'UPS 视在功率', en: 'UPS apparent power' } },
  { pattern: /^ups\.realpower$/, kind: 'power', unit: 'W', name: { zh: 'UPS 有功功率', en: 'UPS power' } },
  { pattern: /^ups\.temperature$/, kind: 'board-temperature', unit: 'Cel', name: { zh: 'UPS 内部温度', en: 'UPS inside temperature' } },
  { pattern: /^battery\.charge$/, kind: 'battery-charge', unit: '%', name: { zh: '电池电量', en: 'Battery charge' } },
  { pattern: /^battery\.runtime$/, kind: 'battery-runtime', unit: 's', name: { zh: '电池剩余时间', en: 'Battery runtime' } },
  { pattern: /^battery\.voltage$/, kind: 'battery-voltage', unit: 'V', name: { zh: '电池电压', en: 'Battery voltage' } },
  { pattern: /^battery\.current$/, kind: 'current', unit: 'A', name: { zh: '电池电流', en: 'Battery current' } },
  { pattern: /^battery\.temperature$/, kind: 'battery-temperature', unit: 'Cel', name: { zh: '电池温度', en: 'Battery temperature' } },
  ...sideRules('input'),
  ...sideRules('input.bypass'),
  ...sideRules('output'),
  ...sideRules('outlet'),
  {
    pattern: /^ambient(?:\.(\d+))?\.temperature$/,
    kind: 'temperature',
    unit: 'Cel',
    name: { zh: '环境温度 $1', en: 'Ambient temperature $1' },
  },
  { pattern: /^ambient(?:\.(\d+))?\.humidity$/, kind: 'humidity', unit: '%', name: { zh: '环境湿度 $1', en: 'Ambient humidity $1' } },
  {
    pattern: /^ambient(?:\.(\d+))?\.contacts\.(\d+)\.status$/,
    kind: 'contact',
    unit: '1',
    name: { zh: '干接点 $1 $2', en: 'Dry contact $1 $2' },
  },
]

/** The points a UPS with these variables has, in the order of the rules; the variable's name is the key. */
export function pointsOf(variables: ReadonlyMap<string, string>): PointDescription[] {
  const names = [...variables.keys()].sort()
  // A PDU is served as a "UPS" too, whose status is empty for ever and says nothing.
  const hasStatus = variables.get('device.type') !== 'pdu' || variables.get('ups.status') !== ''
  return RULES.flatMap((rule) =>
    names.flatMap((name) => {
      const match = rule.pattern.exec(name)
      if (match === null || (rule.kind === 'ups-status' && !hasStatus)) return []
      return [{ key: name, kind: rule.kind, unit: rule.unit, name: { zh: fillIn(rule.name.zh, match), en: fillIn(rule.name.en, match) } }]
    }),
  )
}

/** One point's reading. A variable that is gone, or a status that is empty, is the device saying that it does not know. */
export function readingOf(point: PointDescription, text: string | undefined): RawReading {
  const { key, kind } = point
  if (text === undefined) return { key, value: null, bad: 'sensor-error' }
  if (kind === 'ups-status') {
    const status = statusTokens(text)
    return status === '' ? { key, value: status, bad: 'sensor-error' } : { key, value: status }
  }
  if (kind === 'contact') return contactReading(key, text)
  const value = DECIMAL.test(text.trim()) ? Number(text) : Number.NaN
  return !Number.isFinite(value) ? { key, value: null, bad: 'not-a-number' } : { key, value }
}

/** upsd reports this until a driver has sent its first data; the other variables are not there yet. */
export function isWaiting(variables: ReadonlyMap<string, string>): boolean {
  return statusTokens(variables.get('ups.status') ?? '')
    .split(' ')
    .includes('WAIT')
}

function statusTokens(text: string): string {
  return text.split(/\s+/).filter(Boolean).join(' ')
}

/** Bad is `active` (newer drivers) or `closed` (older ones: a normally-open contact that closed). */
function contactReading(key: string, text: string): RawReading {
  if (['active', 'closed'].includes(text)) return { key, value: true }
  if (['inactive', 'opened', 'open'].includes(text)) return { key, value: false }
  return { key, value: null, bad: 'sensor-error' }
}

function fillIn(template: string, match: RegExpExecArray): string {
  return template
    .replace(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? '')
    .replace(/ +/g, ' ')
    .trim()
}
