/** 128 random bits in hexadecimal. `crypto.randomUUID` is there only under TLS, which an inner network may not have. */
export function newClientKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

let lastLocalId = 0

/** A number for a photo that the server does not have yet; below every number of a record (paper.ts). */
export function newLocalId(nowMs: number): number {
  lastLocalId = Math.max(lastLocalId + 1, Math.floor(nowMs) * 1000 + Math.floor(Math.random() * 1000))
  return -lastLocalId
}
