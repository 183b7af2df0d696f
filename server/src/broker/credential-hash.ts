import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 random bits, base64url: 43 characters. */
export function newPassword(): string {
  return randomBytes(32).toString('base64url')
}

/**
 * `sha256$<salt>$<digest>`, both base64url. One salted SHA-256 and no slow hash: slowness protects passwords people choose, and these are
 * 256 random bits nobody can guess; but every agent shows its own at each reconnect, and after a power cut all of them do so at once.
 */
export function hashPassword(password: string | Buffer): string {
  const salt = randomBytes(16)
  return `sha256$${salt.toString('base64url')}$${digest(salt, password).toString('base64url')}`
}

/** False for a wrong password and for a hash of another form. Takes the same time wherever the two differ. */
export function passwordFits(password: string | Buffer, hash: string): boolean {
  const [kind, salt, expected] = hash.split('$')
  if (kind !== 'sha256' || !salt || !expected) return false
  const wanted = Buffer.from(expected, 'base64url')
  const shown = digest(Buffer.from(salt, 'base64url'), password)
  return wanted.length === shown.length && timingSafeEqual(wanted, shown)
}

function digest(salt: Buffer, password: string | Buffer): Buffer {
  return createHash('sha256').update(salt).update(password).digest()
}
