import type { BlockResolution } from '../history/block.ts'
import { escapeName, tagValue } from '../line-protocol.ts'
import type { PointHandle } from '../scan.ts'
import { type DeviceTags, tagsOf } from './device-tags.ts'

// What history keeps beside the readings (docs/decisions/015-history.md):
//   history_block,site=…,node=…,device=…,point=…,resolution=15m bytes="<base64>" <start of the block>
//   history_mark,site=…,node=…,device=… marked=17i,done=17i <hour>
//   history_kept raw=…i,minutes=…i <when it was put>

export const BLOCK_MEASUREMENT = 'history_block'
export const BLOCK_FIELD = 'bytes'
export const MARK_MEASUREMENT = 'history_mark'
export const KEPT_MEASUREMENT = 'history_kept'

/** Tag values of a block's series, as queries use them. */
export function blockTags(point: PointHandle, resolution: BlockResolution): DeviceTags & { point: string; resolution: string } {
  return { ...tagsOf(point.device), point: tagValue(point.key), resolution }
}

export function blockLine(point: PointHandle, resolution: BlockResolution, startMs: number, bytes: Uint8Array): string {
  const tags = Object.entries(blockTags(point, resolution)).map(([name, value]) => `,${name}=${escapeName(value)}`)
  return `${BLOCK_MEASUREMENT}${tags.join('')} ${BLOCK_FIELD}="${Buffer.from(bytes).toString('base64')}" ${startMs}\n`
}

function markSeries({ site, node, device }: DeviceTags): string {
  return `${MARK_MEASUREMENT},site=${escapeName(site)},node=${escapeName(node)},device=${escapeName(device)}`
}

export function markLine(tags: DeviceTags, hourMs: number, mark: number): string {
  return `${markSeries(tags)} marked=${mark}i ${hourMs}\n`
}

export function doneLine(tags: DeviceTags, hourMs: number, mark: number): string {
  return `${markSeries(tags)} done=${mark}i ${hourMs}\n`
}

export function keptLine(kept: { rawSinceMs: number; minuteSinceMs: number }, nowMs: number): string {
  return `${KEPT_MEASUREMENT} raw=${Math.trunc(kept.rawSinceMs)}i,minutes=${Math.trunc(kept.minuteSinceMs)}i ${Math.trunc(nowMs)}\n`
}
