import { argon2Sync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { hashPassword, PasswordQueueFullError, verifyPassword } from './password.ts'

describe('passwords', () => {
  it('are kept as argon2id PHC strings that fit only the same password', async () => {
    const hash = await hashPassword('correct horse battery staple')
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    expect(await verifyPassword('correct horse battery staple', hash)).toBe(true)
    expect(await verifyPassword('correct horse battery stapl', hash)).toBe(false)
    expect(await verifyPassword('', hash)).toBe(false)
  })

  it('are salted: the same password twice gives two hashes', async () => {
    expect(await hashPassword('same password')).not.toBe(await hashPassword('same password'))
  })

  it('fit a hash made with other parameters', async () => {
    const salt = Buffer.from('0123456789abcdef')
    const tag = argon2Sync('argon2id', { message: 'old password', nonce: salt, memory: 64, passes: 3, parallelism: 2, tagLength: 24 })
    const base64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')
    expect(await verifyPassword('old password', `$argon2id$v=19$m=64,t=3,p=2$${base64(salt)}$${base64(tag)}`)).toBe(true)
  })

  it('fit whatever way the same characters were composed', async () => {
    expect(await verifyPassword('caf\u0065\u0301 machine room', await hashPassword('caf\u00e9 machine room'))).toBe(true)
  })

  it.each(['', 'plain text', '$argon2i$v=19$m=64,t=3,p=2$YWJj$YWJj', 'sha256$a$b'])(
    'fit nothing that is no argon2id hash: %s',
    async (hash) => {
      expect(await verifyPassword('plain text', hash)).toBe(false)
    },
  )

  it('wait in a short queue: a flood is refused, and the next one is served', async () => {
    const hash = await hashPassword('right')
    const flood = await Promise.allSettled(Array.from({ length: 60 }, () => verifyPassword('wrong', hash)))
    const refused = flood.filter((each) => each.status === 'rejected')
    expect(refused.length).toBe(60 - 34)
    expect(refused.every((each) => each.reason instanceof PasswordQueueFullError)).toBe(true)
    expect(flood.filter((each) => each.status === 'fulfilled' && each.value)).toEqual([])
    expect(await verifyPassword('right', hash)).toBe(true)
  })
})
