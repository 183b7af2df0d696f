import { nameOfTag, tagValue } from '../line-protocol.ts'
import type { DeviceHandle } from '../scan.ts'

/** A device's tags as queries return them. */
export type DeviceTags = { site: string; node: string; device: string }

const keys = new WeakMap<DeviceHandle, string>()

export function tagsOf(device: Pick<DeviceHandle, 'site' | 'node' | 'device'>): DeviceTags {
  return { site: tagValue(device.site), node: tagValue(device.node), device: tagValue(device.device) }
}

export function namesOf({ site, node, device }: DeviceTags): DeviceTags {
  return { site: nameOfTag(site), node: nameOfTag(node), device: nameOfTag(device) }
}

export function keyOfTags({ site, node, device }: DeviceTags): string {
  return JSON.stringify([site, node, device])
}

/** keyOfTags of its tags, made once per handle. */
export function keyOfDevice(device: DeviceHandle): string {
  let key = keys.get(device)
  if (key === undefined) {
    key = keyOfTags(tagsOf(device))
    keys.set(device, key)
  }
  return key
}
