import type { Unit } from '../units.ts'

/** What a point measures. `text` kinds carry a string (a set of tokens), `contact` kinds a boolean (true = the bad state). */
export interface PointKindInfo {
  zh: string
  en: string
  unit: Unit
  valueType: 'number' | 'boolean' | 'text'
  /** Outside of this a value cannot be true in a machine room; devices may state a narrower range. */
  range?: { low: number; high: number }
  /** Decimals shown. */
  decimals?: number
}

export const POINT_KINDS = {
  temperature: { zh: '温度', en: 'Temperature', unit: 'Cel', valueType: 'number', range: { low: -40, high: 84.9 }, decimals: 1 },
  humidity: { zh: '湿度', en: 'Humidity', unit: '%', valueType: 'number', range: { low: 0, high: 100 }, decimals: 1 },
  'dew-point': { zh: '露点', en: 'Dew point', unit: 'Cel', valueType: 'number', range: { low: -60, high: 60 }, decimals: 1 },
  voltage: { zh: '电压', en: 'Voltage', unit: 'V', valueType: 'number', range: { low: 0, high: 500 }, decimals: 1 },
  'line-to-line-voltage': {
    zh: '线电压',
    en: 'Line-to-line voltage',
    unit: 'V',
    valueType: 'number',
    range: { low: 0, high: 1000 },
    decimals: 1,
  },
  'battery-voltage': { zh: '电池电压', en: 'Battery voltage', unit: 'V', valueType: 'number', range: { low: 0, high: 1000 }, decimals: 1 },
  current: { zh: '电流', en: 'Current', unit: 'A', valueType: 'number', range: { low: -1000, high: 5000 }, decimals: 1 },
  frequency: { zh: '频率', en: 'Frequency', unit: 'Hz', valueType: 'number', range: { low: 0, high: 100 }, decimals: 1 },
  power: { zh: '功率', en: 'Power', unit: 'W', valueType: 'number', range: { low: -1e6, high: 1e7 }, decimals: 0 },
  energy: { zh: '电能', en: 'Energy', unit: 'kW.h', valueType: 'number', range: { low: 0, high: 1e9 }, decimals: 1 },
  load: { zh: '负载', en: 'Load', unit: '%', valueType: 'number', range: { low: 0, high: 200 }, decimals: 0 },
  'battery-charge': { zh: '电池电量', en: 'Battery charge', unit: '%', valueType: 'number', range: { low: 0, high: 100 }, decimals: 0 },
  'battery-runtime': {
    zh: '电池剩余时间',
    en: 'Battery runtime',
    unit: 's',
    valueType: 'number',
    range: { low: 0, high: 1e6 },
    decimals: 0,
  },
  'battery-temperature': {
    zh: '电池温度',
    en: 'Battery temperature',
    unit: 'Cel',
    valueType: 'number',
    range: { low: -40, high: 84.9 },
    decimals: 1,
  },
  'board-temperature': {
    zh: '主板温度',
    en: 'Board temperature',
    unit: 'Cel',
    valueType: 'number',
    range: { low: -40, high: 150 },
    decimals: 0,
  },
  'fan-speed': { zh: '风扇转速', en: 'Fan speed', unit: '1', valueType: 'number', range: { low: 0, high: 100000 }, decimals: 0 },
  'ups-status': { zh: 'UPS 状态', en: 'UPS status', unit: '1', valueType: 'text' },
  leak: { zh: '漏水', en: 'Water leak', unit: '1', valueType: 'boolean' },
  smoke: { zh: '烟雾', en: 'Smoke', unit: '1', valueType: 'boolean' },
  door: { zh: '门', en: 'Door', unit: '1', valueType: 'boolean' },
  contact: { zh: '干接点', en: 'Dry contact', unit: '1', valueType: 'boolean' },
  /** A relay or beacon that the server may switch: true = on, neither state is the bad one. */
  output: { zh: '输出', en: 'Output', unit: '1', valueType: 'boolean' },
  'cooling-fault': { zh: '空调故障', en: 'Cooling fault', unit: '1', valueType: 'boolean' },
  /** Since the machine was started. */
  uptime: { zh: '运行时长', en: 'Uptime', unit: 's', valueType: 'number', range: { low: 0, high: 1e10 }, decimals: 0 },
  number: { zh: '数值', en: 'Number', unit: '1', valueType: 'number', decimals: 2 },
  text: { zh: '文字', en: 'Text', unit: '1', valueType: 'text' },
} as const satisfies Record<string, PointKindInfo>

export type PointKind = keyof typeof POINT_KINDS
export const POINT_KIND_NAMES = Object.keys(POINT_KINDS) as [PointKind, ...PointKind[]]

/** A kind's description; a kind this version does not know is treated as a plain number or text by the caller. */
export function pointKindInfo(kind: PointKind): PointKindInfo {
  return POINT_KINDS[kind]
}

export function isPointKind(text: string): text is PointKind {
  return Object.hasOwn(POINT_KINDS, text)
}

/**
 * Tokens of `ups.status` (RFC 9271 §5.4 and NUT's ups.status): a set, separated by spaces; unknown tokens are kept.
 * SNMP profiles translate their enumerations to the same tokens.
 */
export const UPS_STATUS_TOKENS = {
  OL: { zh: '市电', en: 'On line' },
  OB: { zh: '电池供电', en: 'On battery' },
  LB: { zh: '电池电量低', en: 'Low battery' },
  HB: { zh: '电池电压高', en: 'High battery' },
  RB: { zh: '需更换电池', en: 'Replace battery' },
  CHRG: { zh: '充电', en: 'Charging' },
  DISCHRG: { zh: '放电', en: 'Discharging' },
  BYPASS: { zh: '旁路', en: 'Bypass' },
  CAL: { zh: '校准', en: 'Calibrating' },
  OFF: { zh: '关机', en: 'Off' },
  OVER: { zh: '过载', en: 'Overload' },
  TRIM: { zh: '降压', en: 'Trimming' },
  BOOST: { zh: '升压', en: 'Boosting' },
  FSD: { zh: '强制关机', en: 'Forced shutdown' },
  ALARM: { zh: '告警', en: 'Alarm' },
  WAIT: { zh: '等待', en: 'Waiting' },
} as const

/** The tokens of a reading of kind ups-status; none of what is no text. */
export function upsTokens(status: unknown): string[] {
  return typeof status === 'string' ? status.split(/\s+/).filter(Boolean) : []
}
