import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits; only the hash is stored, so a stolen database opens no session. */
const TOKEN_BYTES = 32
/** API tokens are recognisable, so that a secret scanner finds one that was committed somewhere. */
export const API_TOKEN_PREFIX = 'rk_'

export function newSessionToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url')
}

export function newApiToken(): string {
  return `${API_TOKEN_PREFIX}${randomBytes(TOKEN_BYTES).toString('base64url')}`
}

/** SHA-256 is enough here: the token is random, there is nothing to guess. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** No look-alikes (0 O 1 l I): the first password is read from a terminal and typed. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** A password of 20 characters out of 56: 116 bits. */
export function newPassword(): string {
  let password = ''
  while (password.length < 20) {
    const byte = randomBytes(1)[0] ?? 255
    // 224 = 4 × 56: dropping the rest keeps every character equally likely.
    if (byte < 224) password += ALPHABET[byte % ALPHABET.length]
  }
  return password
}
