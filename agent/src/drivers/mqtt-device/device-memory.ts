import type { DeviceDescription, PointDescription, RawReading } from '../driver.ts'
import type { DeviceFormat } from './formats/format.ts'

/** What came of a message. */
export interface Impression {
  /** There is a new reading, or the device came or went: worth a scan now. */
  isNews: boolean
  topics: readonly string[]
  problems: readonly string[]
}

/**
 * What is known of a device from its messages: the points they told of, the readings that were not taken yet, and whether it is there.
 * A message that the broker had kept describes points and gives no readings: how old it is, is not known.
 */
export class DeviceMemory {
  readonly #format: DeviceFormat
  readonly #points = new Map<string, PointDescription>()
  /** What the last description had: a reading of another point waits until it is described. */
  #describedKeys: ReadonlySet<string> = new Set()
  readonly #keysOfTopic = new Map<string, Set<string>>()
  readonly #fresh = new Map<string, RawReading>()
  /** Ends of bad states that nobody read yet: a short pulse of a contact is not overtaken by its end. */
  readonly #after = new Map<string, RawReading>()
  /** The last value of each point, fresh or kept; for people who look at the device once. */
  readonly #last = new Map<string, RawReading>()
  #isOnline: boolean | undefined
  #isDescriptionStale = false
  #maker: string | undefined
  #model: string | undefined

  constructor(format: DeviceFormat) {
    this.#format = format
  }

  get isOffline(): boolean {
    return this.#isOnline === false
  }

  get hasPoints(): boolean {
    return this.#points.size > 0
  }

  /** Points appeared, changed or went since the last `describe`. */
  get isDescriptionStale(): boolean {
    return this.#isDescriptionStale
  }

  hear(topic: string, payload: string, isRetained: boolean): Impression {
    const heard = this.#format.hear(topic, payload)
    const wasOnline = this.#isOnline
    if (heard.maker !== undefined) this.#maker = heard.maker
    if (heard.model !== undefined) this.#model = heard.model
    for (const key of heard.removed ?? []) this.#remove(key)
    for (const description of heard.described ?? []) this.#learn(topic, description)
    const points = heard.points ?? []
    for (const { description } of points) this.#learn(topic, description)
    const isGarbage = points.length === 0 && (heard.problems ?? []).length > 0
    const readings = isGarbage ? this.#allBad(topic) : points.map(({ reading }) => reading)
    for (const reading of readings) {
      this.#last.set(reading.key, reading)
      if (!isRetained) this.#keep(reading)
    }
    // Who sends is there, whatever an older last will says.
    if (heard.isOnline !== undefined) this.#isOnline = heard.isOnline
    else if (points.length > 0 && !isRetained) this.#isOnline = true
    const cameOrWent = this.#isOnline !== wasOnline && (this.#isOnline === false || wasOnline === false)
    return {
      isNews: cameOrWent || this.#isDescriptionStale || (!isRetained && readings.length > 0),
      topics: heard.topics ?? [],
      problems: heard.problems ?? [],
    }
  }

  describe(): DeviceDescription {
    this.#isDescriptionStale = false
    this.#describedKeys = new Set(this.#points.keys())
    // In the order of their keys: which message came first is chance.
    const points = [...this.#points.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
    return { ...(this.#maker && { maker: this.#maker }), ...(this.#model && { model: this.#model }), points }
  }

  /** The readings of described points since the last call. */
  takeFresh(): RawReading[] {
    const readings = [...this.#fresh.values()].filter(({ key }) => this.#describedKeys.has(key))
    for (const { key } of readings) {
      this.#fresh.delete(key)
      const after = this.#after.get(key)
      if (after !== undefined) this.#fresh.set(key, after)
      this.#after.delete(key)
    }
    return readings
  }

  /** There is more to take. */
  get hasFresh(): boolean {
    return [...this.#fresh.keys()].some((key) => this.#describedKeys.has(key))
  }

  /** The last value of each point, and whether it came fresh. */
  lastReadings(): { reading: RawReading; isFresh: boolean }[] {
    return [...this.#last.values()].map((reading) => ({ reading, isFresh: this.#fresh.has(reading.key) }))
  }

  /** Messages may have been missed. */
  lost(): void {
    this.#format.forget?.()
  }

  #keep(reading: RawReading): void {
    if (this.#fresh.get(reading.key)?.value === true && reading.value === false) {
      this.#after.set(reading.key, reading)
      return
    }
    this.#fresh.set(reading.key, reading)
    this.#after.delete(reading.key)
  }

  #learn(topic: string, description: PointDescription): void {
    const { key } = description
    const known = this.#points.get(key)
    if (known === undefined || JSON.stringify(known) !== JSON.stringify(description)) {
      this.#points.set(key, description)
      this.#isDescriptionStale = true
    }
    const keys = this.#keysOfTopic.get(topic) ?? new Set()
    this.#keysOfTopic.set(topic, keys.add(key))
  }

  #remove(key: string): void {
    if (!this.#points.delete(key)) return
    this.#fresh.delete(key)
    this.#after.delete(key)
    this.#last.delete(key)
    this.#isDescriptionStale = true
  }

  #allBad(topic: string): RawReading[] {
    const keys = [...(this.#keysOfTopic.get(topic) ?? [])].filter((key) => this.#points.has(key))
    return keys.map((key) => ({ key, value: null, bad: 'sensor-error' }))
  }
}
