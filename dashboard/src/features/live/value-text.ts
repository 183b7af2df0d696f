import { isPointKind, type PointKindInfo, pointKindInfo, type ReadingValue, UPS_STATUS_TOKENS, upsTokens } from '@roomkeeper/shared/model'
import { unitSymbol } from '@roomkeeper/shared/units'
import type { TFunction } from 'i18next'
import { inLanguage } from '../../i18n/bilingual.ts'

/** A value as people read it: the text and the unit beside it (empty when the text says all). */
export interface ValueText {
  text: string
  unit: string
}

function infoOf(kind: string): PointKindInfo | undefined {
  return isPointKind(kind) ? pointKindInfo(kind) : undefined
}

function isUpsToken(token: string): token is keyof typeof UPS_STATUS_TOKENS {
  return Object.hasOwn(UPS_STATUS_TOKENS, token)
}

/** `OB DISCHRG` → `电池供电 · 放电`; unknown tokens are kept. */
export function upsStatusText(tokens: string, language: string): string {
  const words = upsTokens(tokens)
  return words.map((token) => (isUpsToken(token) ? inLanguage(UPS_STATUS_TOKENS[token], language) : token)).join(' · ')
}

const CONTACT_KINDS = ['leak', 'smoke', 'door', 'contact', 'cooling-fault', 'output'] as const

function contactText(kind: string, isOn: boolean, t: TFunction): string {
  const known = CONTACT_KINDS.find((each) => each === kind) ?? 'contact'
  return t(`contact.${known}.${isOn ? 'on' : 'off'}`)
}

/** Long run times are read in minutes; under two minutes every second counts. */
const SECONDS_SHOWN_BELOW = 120

export function valueText(kind: string, unit: string, value: ReadingValue, t: TFunction, language: string): ValueText {
  if (value === null) return { text: '—', unit: '' }
  if (typeof value === 'boolean') return { text: contactText(kind, value, t), unit: '' }
  if (typeof value === 'string') return { text: kind === 'ups-status' ? upsStatusText(value, language) : value, unit: '' }
  const info = infoOf(kind)
  if (info?.valueType === 'boolean') return { text: contactText(kind, value !== 0, t), unit: '' }
  if (kind === 'battery-runtime' && unit === 's' && value >= SECONDS_SHOWN_BELOW) return { text: (value / 60).toFixed(0), unit: 'min' }
  // A plain number of a known unit is read like the kinds of that unit.
  const decimals = kind === 'number' && (unit === 'Cel' || unit === '%') ? 1 : info?.decimals
  return { text: numberText(value, decimals), unit: unitSymbol(unit) }
}

/** Decimals of the kind; without one, as many as the number needs, at most two. */
export function numberText(value: number, decimals?: number): string {
  if (decimals !== undefined) return value.toFixed(decimals)
  return String(Math.round(value * 100) / 100)
}

export function decimalsOf(kind: string): number {
  return infoOf(kind)?.decimals ?? 2
}

/** Whether a point's readings are numbers that a curve can show. */
export function isNumeric(kind: string): boolean {
  return infoOf(kind)?.valueType === 'number'
}
