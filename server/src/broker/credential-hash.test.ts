import { expect, test } from 'vitest'
import { hashPassword, newPassword, passwordFits } from './credential-hash.ts'

test('a new password has 256 bits and fits only its own hash', () => {
  const [password, other] = [newPassword(), newPassword()]
  expect(Buffer.from(password, 'base64url')).toHaveLength(32)
  const hash = hashPassword(password)
  expect(hash).not.toContain(password)
  expect(passwordFits(password, hash)).toBe(true)
  expect(passwordFits(Buffer.from(password), hash)).toBe(true)
  expect(passwordFits(other, hash)).toBe(false)
  expect(hashPassword(password)).not.toBe(hash)
})

test.each(['', 'sha256$', 'sha256$$', 'sha256$a$', 'plain$a$b', 'sha256$AAAA$AAAA'])('%j fits nothing', (hash) => {
  expect(passwordFits('', hash)).toBe(false)
})
