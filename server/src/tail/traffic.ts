import {
  decodePayload,
  METRIC,
  type Metric,
  NAMESPACE,
  type Payload,
  PROPERTY,
  parseTopic,
  QUALITY_CODE,
} from '@roomkeeper/shared/sparkplug'
import type { KnownPoint } from './tail-protocol.ts'

/** One thing to show: a value, or a message as a whole. */
export interface TrafficItem {
  timeMs: number
  /** `STATE` for the host's own. */
  type: string
  site?: string
  node?: string
  device?: string
  /** Values only. */
  point?: string
  value?: number | string | boolean | null
  unit?: string
  quality?: 'good' | 'bad' | 'stale'
  reason?: string
  isHistorical?: boolean
  /** What the message says as a whole: births, deaths, commands, STATE, and what cannot be decoded. */
  summary?: string
}

/** Aliases are numbered over a whole node, devices included. */
interface NodeNames {
  byAlias: Map<number, { key: string; unit: string }>
}

/** Turns messages into items for people: resolves aliases by the births it has seen, or was told of. */
export class Traffic {
  private readonly nodes = new Map<string, NodeNames>()
  private readonly showBirths: boolean

  constructor(showBirths: boolean) {
    this.showBirths = showBirths
  }

  /** Names from births that were before. */
  know(points: readonly KnownPoint[]): void {
    for (const { site, node, alias, key, unit } of points) this.namesOf(site, node).byAlias.set(alias, { key, unit })
  }

  items(topicText: string, bytes: Uint8Array, atMs: number): TrafficItem[] {
    const state = stateItem(topicText, bytes, atMs)
    if (state) return [state]
    const topic = parseTopic(topicText)
    if (!topic) return [{ timeMs: atMs, type: '?', summary: `不是 Sparkplug 主题 · no Sparkplug topic: ${topicText}` }]
    const { group: site, node, device, type } = topic
    const place = { site, node, ...(device === undefined ? {} : { device }), type }
    let payload: Payload
    try {
      payload = decodePayload(bytes)
    } catch (error) {
      return [{ timeMs: atMs, ...place, summary: `无法解码 · cannot be decoded: ${(error as Error).message}` }]
    }
    const timeMs = payload.timestampMs || atMs
    if (type === 'NBIRTH') this.nodes.delete(`${site}/${node}`)
    if (type === 'NBIRTH' || type === 'DBIRTH') this.learn(site, node, payload.metrics)
    const summary = summaryOf(type, payload.metrics)
    const head: TrafficItem[] = summary === undefined ? [] : [{ timeMs, ...place, summary }]
    const showsValues = type.endsWith('DATA') || type.endsWith('CMD') || (type.endsWith('BIRTH') && this.showBirths)
    return showsValues ? [...head, ...payload.metrics.map((metric) => ({ ...place, ...this.valueOf(site, node, metric, timeMs) }))] : head
  }

  private namesOf(site: string, node: string): NodeNames {
    const key = `${site}/${node}`
    const known = this.nodes.get(key) ?? { byAlias: new Map() }
    this.nodes.set(key, known)
    return known
  }

  private learn(site: string, node: string, metrics: readonly Metric[]): void {
    const { byAlias } = this.namesOf(site, node)
    for (const { alias, name, properties } of metrics)
      if (alias !== undefined && name !== undefined) byAlias.set(alias, { key: name, unit: String(properties?.[PROPERTY.unit] ?? '') })
  }

  private valueOf(site: string, node: string, metric: Metric, timeMs: number): Omit<TrafficItem, 'type'> {
    const { alias, name, value, properties, isHistorical, timestampMs } = metric
    const known = alias === undefined ? undefined : this.nodes.get(`${site}/${node}`)?.byAlias.get(alias)
    const code = properties?.[PROPERTY.quality]
    const reason = properties?.[PROPERTY.reason]
    const unit = known?.unit || properties?.[PROPERTY.unit]
    return {
      timeMs: timestampMs ?? timeMs,
      point: name ?? known?.key ?? `alias ${alias}`,
      value,
      ...(unit ? { unit: String(unit) } : {}),
      quality: code === QUALITY_CODE.bad ? 'bad' : code === QUALITY_CODE.stale ? 'stale' : 'good',
      ...(reason === undefined ? {} : { reason: String(reason) }),
      ...(isHistorical ? { isHistorical: true } : {}),
    }
  }
}

function stateItem(topic: string, bytes: Uint8Array, atMs: number): TrafficItem | undefined {
  const prefix = `${NAMESPACE}/STATE/`
  if (!topic.startsWith(prefix)) return undefined
  const text = Buffer.from(bytes).toString()
  try {
    const { online, timestamp } = JSON.parse(text) as { online?: unknown; timestamp?: unknown }
    if (typeof online !== 'boolean' || typeof timestamp !== 'number') throw new Error('not a STATE')
    return { timeMs: timestamp, type: 'STATE', summary: `${topic.slice(prefix.length)} ${online ? '在线 · online' : '离线 · offline'}` }
  } catch {
    return { timeMs: atMs, type: 'STATE', summary: `不是 STATE 消息 · no STATE message: ${text.slice(0, 100)}` }
  }
}

function summaryOf(type: string, metrics: readonly Metric[]): string | undefined {
  const value = (name: string): unknown => metrics.find((metric) => metric.name === name)?.value
  switch (type) {
    case 'NBIRTH':
      return `采集器上线 · born, ${value(METRIC.agentVersion) ?? '?'}, bdSeq ${value(METRIC.bdSeq) ?? '?'}, ${value(METRIC.logBacklog) ?? 0} 条待送 · waiting`
    case 'NDEATH':
      return '采集器离线 · died'
    case 'DBIRTH': {
      const points = metrics.filter(({ properties }) => properties?.[PROPERTY.kind] !== undefined).length
      return `设备上线 · born, ${points} 个测点 · points`
    }
    case 'DDEATH':
      return '设备离线 · died'
    default:
      return undefined
  }
}
