/**
 * Noise that is a pure function of seed, channel and model time: two rooms with one seed agree whatever the order and number of reads.
 */

/** FNV-1a, 32 bits: a channel's name as a number. */
function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return hash >>> 0
}

/** The finaliser of MurmurHash3: every input bit changes about half of the output bits. */
function mix(value: number): number {
  let bits = value
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}

const channels = new Map<string, number>()

/** About normal (Irwin–Hall of four, scaled): mean 0, standard deviation 1, never beyond ±3.5. */
function lattice(seed: number, channel: string, tick: number): number {
  let channelHash = channels.get(channel)
  if (channelHash === undefined) {
    channelHash = hashText(channel)
    channels.set(channel, channelHash)
  }
  let bits = mix(mix(seed ^ channelHash) + tick)
  let sum = 0
  for (let draw = 0; draw < 4; draw++) {
    bits = mix(bits + 0x9e3779b9)
    sum += bits / 0x1_0000_0000
  }
  // Four uniforms have variance 4/12, so √3 brings the deviation to 1.
  return (sum - 2) * Math.sqrt(3)
}

/** Independent from one second to the next: a sensor's own jitter. */
export function jitter(seed: number, channel: string, modelSeconds: number): number {
  return lattice(seed, channel, Math.floor(modelSeconds))
}

/** Wanders slowly: new draws every `periodSeconds`, joined by a smooth curve. */
export function drift(seed: number, channel: string, modelSeconds: number, periodSeconds: number): number {
  const position = modelSeconds / periodSeconds
  const tick = Math.floor(position)
  const part = position - tick
  const weight = part * part * (3 - 2 * part)
  return lattice(seed, channel, tick) * (1 - weight) + lattice(seed, channel, tick + 1) * weight
}
