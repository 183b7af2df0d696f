import { randomBytes, randomInt, scrypt } from 'node:crypto'
import { PAIRING_ALPHABET, PAIRING_CODE_LENGTH } from '@roomkeeper/shared/model'
import type { Db } from '../database/schema.ts'

export function newPairingCode(): string {
  return Array.from({ length: PAIRING_CODE_LENGTH }, () => PAIRING_ALPHABET[randomInt(PAIRING_ALPHABET.length)]).join('')
}

/**
 * A slow hash (scrypt, 16 MB, about 30 ms), since a code has only 40 bits: who steals the database cannot try them all in the ten minutes.
 * One salt for all codes of a database, so that a code is found by its hash.
 */
export function hashPairingCode(code: string, salt: string): Promise<string> {
  return new Promise((resolve, reject) => {
    scrypt(code, salt, 32, { N: 2 ** 14, r: 8, p: 1 }, (error, key) => (error ? reject(error) : resolve(key.toString('base64url'))))
  })
}

const SALT = 'pairing.salt'

/** The salt of this database, made at the first use. */
export async function pairingSalt(db: Db): Promise<string> {
  const valueJson = JSON.stringify(randomBytes(16).toString('base64url'))
  await db
    .insertInto('setting')
    .values({ name: SALT, valueJson })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
  const row = await db.selectFrom('setting').select('valueJson').where('name', '=', SALT).executeTakeFirstOrThrow()
  return JSON.parse(row.valueJson) as string
}
