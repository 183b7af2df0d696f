/**
 * Watches the bytes of one MQTT connection and says when a packet announces more than is allowed, before the parser collects it:
 * the protocol permits 256 MB a packet, and Aedes has no limit of its own. Costs one step per packet, not per byte.
 */
export class FrameLimit {
  /** Bytes of the current packet's body still to come. */
  #bodyLeft = 0
  /** Bytes of the current fixed header read so far; 0 = the next byte is a packet's first. */
  #headerBytes = 0
  #length = 0

  /** False once a packet's body is longer than `maxBytes`, or its length is malformed. */
  accepts(chunk: Uint8Array, maxBytes: number): boolean {
    let at = 0
    while (at < chunk.length) {
      if (this.#bodyLeft > 0) {
        const taken = Math.min(this.#bodyLeft, chunk.length - at)
        this.#bodyLeft -= taken
        at += taken
        continue
      }
      const byte = chunk[at] as number
      at += 1
      if (this.#headerBytes === 0) {
        this.#headerBytes = 1
        this.#length = 0
        continue
      }
      // MQTT 3.1.1, 2.2.3: seven bits a byte, least significant first, at most four bytes.
      if (this.#headerBytes > 4) return false
      this.#length += (byte & 127) * 128 ** (this.#headerBytes - 1)
      this.#headerBytes += 1
      if (this.#length > maxBytes) return false
      if (byte < 128) {
        this.#bodyLeft = this.#length
        this.#headerBytes = 0
      }
    }
    return true
  }
}
