import type { DeviceClass } from '@roomkeeper/shared/registers'

export interface DeviceLook {
  name: string
  maker: string
  model: string
  /** Kinds of its points. */
  kinds: ReadonlySet<string>
}

/** What only senses is watched by its own silence; nobody need look at it. */
const SENSES = new Set(['temperature', 'humidity', 'dew-point', 'leak', 'smoke', 'door', 'contact', 'output', 'number', 'text'])
const LINES = ['power', 'energy', 'current', 'voltage', 'line-to-line-voltage']
const BOARD = ['board-temperature', 'fan-speed', 'uptime']

/** The checklist of a device, by what it measures and, where that does not tell, by its name; null: a sensor, nothing to look at. */
export function deviceClassOf({ name, maker, model, kinds }: DeviceLook): DeviceClass | null {
  const words = `${name} ${maker} ${model}`
  if (kinds.has('ups-status')) return 'ups'
  if (kinds.has('cooling-fault') || /空调|air.?condition|\bcrac\b|\bcooling\b/i.test(words)) return 'air-conditioner'
  if (/交换机|路由器|防火墙|\b(?:switch|router|firewall)\b/i.test(words)) return 'network'
  if (/存储|磁盘阵列|\b(?:storage|nas|san)\b/i.test(words)) return 'storage'
  if (BOARD.some((kind) => kinds.has(kind))) return 'server'
  if (/消防|火灾|fire panel/i.test(words)) return 'fire'
  if (LINES.some((kind) => kinds.has(kind))) return 'power'
  return [...kinds].every((kind) => SENSES.has(kind)) ? null : 'generic'
}

/** The checklist of an asset by its category (server/src/registers/definitions/asset.ts). */
export function assetClassOf(category: string): DeviceClass {
  return ASSET_CLASSES[category] ?? 'generic'
}

const ASSET_CLASSES: Readonly<Record<string, DeviceClass>> = {
  ups: 'ups',
  'air-conditioner': 'air-conditioner',
  server: 'server',
  network: 'network',
  storage: 'storage',
  power: 'power',
  fire: 'fire',
}
