import { join } from 'node:path'
import type { DeviceSettings } from '@roomkeeper/shared/model'
import type { PointDescription } from '../drivers/driver.ts'
import { readJson, replaceJson } from '../log/durable-file.ts'
import type { Reading, ScanRecord } from '../log/index.ts'

/** What a birth says of a device. */
export interface DeviceProfile {
  id: string
  name: { zh: string; en: string }
  room?: string
  maker?: string
  model?: string
  intervalMs: number
  points: readonly PointDescription[]
  /** What people set for it on the server. */
  settings?: DeviceSettings
}

/** A device the agent knows: configured now, or only in the log. */
export interface KnownDevice extends DeviceProfile {
  /** Points it had before; the log may still hold readings of them. */
  formerPoints: readonly PointDescription[]
  /** Former points that the running replay needs in the birth. */
  revivedKeys: Set<string>
  /** Changes whenever the birth would say something else about the device or its points. */
  version: number
  isAlive: boolean
  latest: Map<string, { reading: Reading; timeMs: number }>
}

const FILE = 'devices.json'

/** All devices with a birth, and their newest readings. Descriptions are kept in a small file, so that the log can be replayed for a device that is gone. */
export class DeviceBook {
  readonly #path: string
  readonly #devices = new Map<string, KnownDevice>()
  readonly #onWarning: (message: string, error: unknown) => void
  #saving: Promise<void> = Promise.resolve()

  constructor(dataDir: string, onWarning: (message: string, error: unknown) => void) {
    this.#path = join(dataDir, FILE)
    this.#onWarning = onWarning
  }

  /** Reads the descriptions of earlier runs. Without them a replayed device is described by its values alone. */
  async load(): Promise<void> {
    try {
      const stored = await readJson(this.#path, (error) => this.#onWarning('the stored device descriptions are damaged', error))
      if (!Array.isArray(stored)) return
      for (const device of stored as (DeviceProfile & { formerPoints?: PointDescription[] })[]) {
        if (typeof device?.id !== 'string' || !Array.isArray(device.points)) continue
        this.#devices.set(device.id, knownDevice(device, device.formerPoints ?? []))
      }
    } catch (error) {
      this.#onWarning('the stored device descriptions cannot be read', error)
    }
  }

  get(id: string): KnownDevice | undefined {
    return this.#devices.get(id)
  }

  /** Takes what people set for a device, also when the device does not answer now. On the disk as `describe` says. */
  async set(id: string, settings: DeviceSettings, intervalMs: number): Promise<void> {
    const known = this.#devices.get(id)
    if (known) await this.describe({ ...profileOf(known), intervalMs, settings })
  }

  alive(): KnownDevice[] {
    return [...this.#devices.values()].filter((device) => device.isAlive)
  }

  /** Takes a description. It is on the disk when this resolves, or a warning was given: describe a device before its first scan is logged. */
  async describe(profile: DeviceProfile): Promise<void> {
    const known = this.#devices.get(profile.id)
    if (known && JSON.stringify(profileOf(known)) === JSON.stringify(profileOf(profile))) return
    const keys = new Set(profile.points.map((point) => point.key))
    const formerPoints = known ? [...known.points, ...known.formerPoints].filter((point) => !keys.has(point.key)) : []
    const device = knownDevice(profile, formerPoints)
    if (known) {
      device.version = known.version + 1
      device.isAlive = known.isAlive
      device.revivedKeys = known.revivedKeys
      for (const [key, latest] of known.latest) if (keys.has(key)) device.latest.set(key, latest)
    }
    this.#devices.set(profile.id, device)
    await this.#save()
  }

  /** The newest readings of a device that answers. */
  update(scan: ScanRecord): void {
    const device = this.#devices.get(scan.device)
    if (device === undefined) return
    device.isAlive = true
    for (const reading of scan.readings) device.latest.set(reading.key, { reading, timeMs: scan.timeMs })
  }

  /** The device answers, though without a reading. @returns whether that is news */
  markAlive(id: string): boolean {
    const device = this.#devices.get(id)
    if (device === undefined || device.isAlive) return false
    device.isAlive = true
    return true
  }

  markDead(id: string): void {
    const device = this.#devices.get(id)
    if (device) device.isAlive = false
  }

  /** Makes sure that a logged scan can be sent: every key of it has a point. Gives the device; its version changes when points came back. */
  forReplay(scan: ScanRecord): KnownDevice {
    let device = this.#devices.get(scan.device)
    if (device === undefined) {
      device = knownDevice({ id: scan.device, name: { zh: scan.device, en: scan.device }, intervalMs: 0, points: [] }, [])
      this.#devices.set(scan.device, device)
    }
    for (const { key, value } of scan.readings) {
      if (device.revivedKeys.has(key) || device.points.some((point) => point.key === key)) continue
      if (!device.formerPoints.some((point) => point.key === key)) {
        const kind = typeof value === 'boolean' ? 'contact' : typeof value === 'string' ? 'text' : 'number'
        device.formerPoints = [...device.formerPoints, { key, kind, unit: '1' }]
      }
      device.revivedKeys.add(key)
      device.version++
    }
    return device
  }

  #save(): Promise<void> {
    const saving = this.#saving.then(async () => {
      const content = [...this.#devices.values()].map((device) => ({ ...profileOf(device), formerPoints: device.formerPoints }))
      await replaceJson(this.#path, content, true).catch((error: unknown) =>
        this.#onWarning('the device descriptions could not be stored', error),
      )
    })
    this.#saving = saving
    return saving
  }
}

/** The points of a birth: the device's own, then the revived ones. */
export function birthPoints(device: KnownDevice): PointDescription[] {
  return [...device.points, ...device.formerPoints.filter((point) => device.revivedKeys.has(point.key))]
}

function knownDevice(profile: DeviceProfile, formerPoints: readonly PointDescription[]): KnownDevice {
  return { ...profileOf(profile), formerPoints, revivedKeys: new Set(), version: 1, isAlive: false, latest: new Map() }
}

function profileOf({ id, name, room, maker, model, intervalMs, points, settings }: DeviceProfile): DeviceProfile {
  return { id, name, room, maker, model, intervalMs, points, settings }
}
