import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto'

/** OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, 2 passes, 1 lane; about 30 ms of one core. */
const MEMORY_KIB = 19_456
const PASSES = 2
const LANES = 1
const SALT_BYTES = 16
const TAG_BYTES = 32

/** Two at once leave libuv's other threads to the disk and DNS; a flood of sign-ins must not stall ingest. */
const MAX_RUNNING = 2
/** More waiting than this means an attack: 32 × 30 ms is already half a second of waiting per thread. */
const MAX_WAITING = 32

/** Too many passwords are being checked at this moment; try again in a second. */
export class PasswordQueueFullError extends Error {
  override name = 'PasswordQueueFullError'
}

let running = 0
const waiting: (() => void)[] = []

/**
 * Argon2id of a password as a PHC string (`$argon2id$v=19$m=…,t=…,p=…$salt$tag`), so that other parameters or another
 * library can be used later without losing the accounts.
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const tag = await derive(password, { nonce: salt, memory: MEMORY_KIB, passes: PASSES, parallelism: LANES, tagLength: TAG_BYTES })
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${toBase64(salt)}$${toBase64(tag)}`
}

/** Whether the password fits the PHC string. A string that is no argon2id hash fits nothing. */
export async function verifyPassword(password: string, phc: string): Promise<boolean> {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(phc)
  if (!match) return false
  const [, memory, passes, parallelism, salt = '', tag = ''] = match
  const expected = Buffer.from(tag, 'base64')
  const derived = await derive(password, {
    nonce: Buffer.from(salt, 'base64'),
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: expected.length,
  })
  return timingSafeEqual(derived, expected)
}

async function derive(password: string, parameters: Omit<Argon2Parameters, 'message'>): Promise<Buffer> {
  await enterQueue()
  try {
    // NFKC: the same Chinese or accented password typed on another keyboard may arrive in another composition (NIST SP 800-63B 5.1.1.2).
    const message = Buffer.from(password.normalize('NFKC'), 'utf8')
    return await new Promise<Buffer>((resolve, reject) =>
      argon2('argon2id', { ...parameters, message }, (error, tag) => (error ? reject(error) : resolve(tag))),
    )
  } finally {
    leaveQueue()
  }
}

async function enterQueue(): Promise<void> {
  if (running >= MAX_RUNNING) {
    if (waiting.length >= MAX_WAITING) throw new PasswordQueueFullError('Too many passwords are being checked')
    await new Promise<void>((resolve) => waiting.push(resolve))
    return
  }
  running += 1
}

/** The place goes straight to the next one waiting, so that nobody who comes in between makes it three. */
function leaveQueue(): void {
  const next = waiting.shift()
  if (next) next()
  else running -= 1
}

/** PHC strings use base64 without padding. */
function toBase64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
