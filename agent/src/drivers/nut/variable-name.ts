import { type Quantity, quantityOf } from './quantities.ts'

/** A variable that is a measurement or a status, taken apart. */
export interface MeasuredVariable {
  quantity: Quantity
  name: { zh: string; en: string }
}

/**
 * A name with one of these words is a limit, a set point, a nominal or extreme value, a delay or the driver's own business, whatever it
 * ends with: `battery.charge.low`, `input.voltage.nominal`, `battery.energysave.load`, `driver.state`.
 */
const NOT_MEASURED = new Set(
  (
    'driver server nominal minimum maximum low high warning critical transfer delay timer restart energysave autoswitch target threshold ' +
    'limit default preferred extended approx setting schedule statistics unmapped debug parameter flag'
  ).split(' '),
)
const MAY_HAVE_TRANSFER = 'input.transfer.reason'

/** Words of a name, as people say them. Other words are shown as they are. */
const WORDS: Readonly<Record<string, { zh: string; en: string }>> = {
  ups: { zh: 'UPS', en: 'UPS' },
  battery: { zh: '电池', en: 'battery' },
  cell: { zh: '单体', en: 'cell' },
  max: { zh: '最高', en: 'highest' },
  min: { zh: '最低', en: 'lowest' },
  charger: { zh: '充电器', en: 'charger' },
  input: { zh: '输入', en: 'input' },
  output: { zh: '输出', en: 'output' },
  bypass: { zh: '旁路', en: 'bypass' },
  servicebypass: { zh: '维修旁路', en: 'service bypass' },
  inverter: { zh: '逆变器', en: 'inverter' },
  outlet: { zh: '插座', en: 'outlet' },
  group: { zh: '组', en: 'group' },
  ambient: { zh: '环境', en: 'ambient' },
  contacts: { zh: '干接点', en: 'dry contact' },
  device: { zh: '设备', en: 'device' },
  beeper: { zh: '蜂鸣器', en: 'beeper' },
  voltage: { zh: '电压', en: 'voltage' },
  current: { zh: '电流', en: 'current' },
  frequency: { zh: '频率', en: 'frequency' },
  temperature: { zh: '温度', en: 'temperature' },
  humidity: { zh: '湿度', en: 'humidity' },
  experimental: { zh: '', en: '' },
}
const ALL_OUTLETS = { zh: '插座合计', en: 'all outlets' }
/** A daisy-chained device: its variables have the usual names behind `device.2.`. */
const CHAINED = /^device\.(\d+)\.(?=(?:ups|battery|input|output|outlet|ambient)\.)/
/** `battery.voltage.cell.max`, `battery.voltage.cell.3`, `ups.temperature.2`: which of several stands behind the quantity. */
const WHICH = /^(.*\.(?:voltage|temperature|current|charge|humidity))((?:\.cell)?\.(?:\d+|cell\.max|cell\.min))$/

/**
 * What a NUT variable measures, and its name for people; undefined when it measures nothing. Names are read by their grammar
 * (RFC 9271 appendix, docs/nut-names.txt: DOMAIN[.INDEX][.CONTEXT].SPEC) and not from a list, since drivers make up names of the same form.
 */
export function measuredVariable(variable: string): MeasuredVariable | undefined {
  const chained = CHAINED.exec(variable)
  const whole = chained === null ? variable : variable.slice(chained[0].length)
  const which = WHICH.exec(whole.replace('.cell.max', '.cell.cell.max').replace('.cell.min', '.cell.cell.min'))
  const base = which?.[1] ?? whole
  const parts = base.split('.')
  if (base === MAY_HAVE_TRANSFER) {
    const quantity: Quantity = { kind: 'text', unit: '1', name: { zh: '切换原因', en: 'transfer reason' } }
    return { quantity, name: named([...chainWords(chained), 'input'], quantity) }
  }
  if (parts.some((part) => NOT_MEASURED.has(part))) return undefined
  const found = quantityOf(parts)
  if (found === undefined) return undefined
  const place = [...chainWords(chained), ...parts.slice(0, -found.length)]
  const tag = which?.[2]?.split('.').filter((word, index, all) => word !== '' && word !== all[index - 1]) ?? []
  if (isContact(parts)) {
    const contact: Quantity = { kind: 'contact', unit: '1', name: { zh: '', en: '' } }
    return { quantity: contact, name: named(place, contact) }
  }
  return { quantity: found.quantity, name: named([...place, ...tag], found.quantity) }
}

/** `ambient.contacts.1.status`, `ambient.2.contacts.1.status`. */
function isContact(parts: readonly string[]): boolean {
  return parts.at(-1) === 'status' && parts.at(-3) === 'contacts'
}

function chainWords(chained: RegExpExecArray | null): string[] {
  return chained === null ? [] : ['device', chained[1] ?? '']
}

function named(place: readonly string[], quantity: Quantity): { zh: string; en: string } {
  const words = place.map((word, index) => {
    // `outlet` alone, and `outlet.0`, is the whole of the unit.
    const next = place[index + 1]
    if (word === 'outlet' && (next === undefined || next === '0')) return ALL_OUTLETS
    if (word === '0' && place[index - 1] === 'outlet') return { zh: '', en: '' }
    return (Object.hasOwn(WORDS, word) ? WORDS[word] : undefined) ?? { zh: word, en: word }
  })
  const zh = [...words.map((word) => word.zh), quantity.name.zh].filter(Boolean)
  const en = [...words.map((word) => word.en), quantity.name.en].filter(Boolean).join(' ')
  return { zh: joinChinese(zh), en: en.charAt(0).toUpperCase() + en.slice(1) }
}

/** Latin letters and digits stand apart from Chinese ones: `输出 L1 负载`. */
function joinChinese(words: readonly string[]): string {
  const latin = /[A-Za-z0-9]/
  return words.reduce((text, word) => {
    const isApart = text !== '' && (latin.test(text.at(-1) ?? '') || latin.test(word.charAt(0)))
    return `${text}${isApart ? ' ' : ''}${word}`
  }, '')
}
