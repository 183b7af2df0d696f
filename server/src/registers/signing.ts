import { createHash } from 'node:crypto'
import type { Move } from '@roomkeeper/shared/registers'
import type { Actor } from '../api/base.ts'
import { requirePassword } from '../api/password-answers.ts'
import { checkPhoto } from '../photos/photo-check.ts'
import type { Engine, Unit } from './engine.ts'
import { forbidden, invalid } from './refusals.ts'

export type SentSignature = { password: string } | { drawing: string }
export interface SentSecond {
  username: string
  password: string
  drawing?: string
}

/** A signature that was verified, not kept yet. */
export interface Signer {
  accountId: number
  username: string
  name: string
  roles: readonly string[]
  kind: 'password' | 'drawn'
  /** PNG; null: none was drawn. */
  drawing: Buffer | null
}

/** Files of signatures stand under this and not under a field. */
export const SIGNATURE_KEY = 'signature'

/** Verifies what the move asks for, before its transaction: passwords are slow to check. Throws the contract's answer to what is missing or wrong. */
export async function verifySigners(
  { db, accounts }: Pick<Engine, 'db' | 'accounts'>,
  actor: Actor,
  move: Pick<Move, 'signature'>,
  sent: { signature?: SentSignature | undefined; second?: SentSecond | undefined },
): Promise<Signer[]> {
  if (!move.signature) return []
  const { accountId, username, name, roles } = actor
  if (accountId === null) throw forbidden('仅限本人账户签名，令牌不可用 / Only people sign, not tokens')
  if (!sent.signature) throw invalid('signature', '须签名：输入本人密码或手写 / Sign it: your own password, or drawn')
  const first = { accountId, username, name, roles }
  const signers: Signer[] = []
  if ('password' in sent.signature) {
    requirePassword(await accounts.verifySignature(accountId, sent.signature.password), 'signature.password')
    signers.push({ ...first, kind: 'password', drawing: null })
  } else {
    signers.push({ ...first, kind: 'drawn', drawing: drawingOf(sent.signature.drawing, 'signature.drawing') })
  }
  if (move.signature !== 'two') return signers
  const { second } = sent
  if (!second) throw invalid('second', '须由另一人用其用户名和密码签名 / A second person signs by user name and password')
  const other = await db
    .selectFrom('account')
    .select(['id', 'username', 'name', 'rolesJson', 'disabled'])
    .where('username', '=', second.username)
    .executeTakeFirst()
  if (other?.id === accountId) throw invalid('second.username', '第二签名须为另一人 / The second signature must be another person’s')
  // A name that nobody has is answered like a wrong password, and takes as long.
  requirePassword(await accounts.verifySignature(other && other.disabled === 0 ? other.id : NOBODY, second.password), 'second.password')
  if (!other) throw invalid('second.username', '没有这个用户 / No such user')
  const drawing = second.drawing === undefined ? null : drawingOf(second.drawing, 'second.drawing')
  signers.push({
    accountId: other.id,
    username: other.username,
    name: other.name,
    roles: JSON.parse(other.rolesJson) as string[],
    kind: 'password',
    drawing,
  })
  return signers
}

/** No account has it. */
const NOBODY = 0

/** The PNG of a data URL, whole. */
function drawingOf(dataUrl: string, field: string): Buffer {
  const bytes = Buffer.from(dataUrl.slice(dataUrl.indexOf(',') + 1), 'base64')
  const checked = checkPhoto(bytes)
  if (!checked.ok || checked.type !== 'image/png')
    throw invalid(field, '手写签名须为完整的 PNG 图 / A drawn signature must be a whole PNG picture')
  return bytes
}

/** Keeps the signatures with their step, bound to what was signed. */
export async function keepSignatures(
  { transaction, nowMs }: Unit,
  recordId: number,
  stepId: number,
  signers: readonly Signer[],
  contentHash: string,
): Promise<void> {
  for (const { accountId, username, name, roles, kind, drawing } of signers) {
    let fileId: number | null = null
    if (drawing) {
      const file = {
        recordId,
        fieldKey: SIGNATURE_KEY,
        name: `${name}.png`,
        type: 'image/png',
        size: drawing.length,
        sha256: createHash('sha256').update(drawing).digest('hex'),
        data: drawing,
        by: name,
        byId: accountId,
        atMs: nowMs,
        removedAtMs: null,
        removedBy: null,
        removedReason: null,
      }
      fileId = (await transaction.insertInto('registerFile').values(file).returning('id').executeTakeFirstOrThrow()).id
    }
    const row = { stepId, accountId, username, name, rolesJson: JSON.stringify(roles), kind, fileId, contentHash, atMs: nowMs }
    await transaction.insertInto('registerSignature').values(row).execute()
  }
}
