/** UCUM codes the product uses, with how people write them. Source: UCUM (ucum.org), case-sensitive codes. */
export const UNITS = {
  Cel: '℃',
  '%': '%',
  V: 'V',
  A: 'A',
  Hz: 'Hz',
  W: 'W',
  VA: 'VA',
  'kW.h': 'kWh',
  s: 's',
  min: 'min',
  ms: 'ms',
  Pa: 'Pa',
  'm/s': 'm/s',
  cm3: 'cm³',
  '1': '',
} as const
export type Unit = keyof typeof UNITS

/** How a unit is shown; an unknown code is shown as it is. Only money, which records have, is called otherwise in Chinese. */
export function unitSymbol(code: string, language?: string): string {
  if (code === 'CNY' && language?.startsWith('zh')) return '元'
  return Object.hasOwn(UNITS, code) ? UNITS[code as Unit] : code
}
