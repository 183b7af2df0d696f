import { ValidationError } from '@orpc/contract'
import { ORPCError } from '@orpc/server'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { toAnswer } from './errors.ts'

function validationError(schema: z.ZodType, data: unknown): ORPCError<string, unknown> {
  const issues = schema.safeParse(data).error?.issues ?? []
  const cause = new ValidationError({ message: 'invalid', issues, data })
  return new ORPCError('BAD_REQUEST', { data: { issues }, cause })
}

describe('toAnswer', () => {
  it('names each wrong field and what is allowed, in both languages', () => {
    const schema = z.object({ class: z.enum(['A', 'B']), days: z.number().max(7), limits: z.array(z.object({ name: z.string() })) })
    const answer = toAnswer(validationError(schema, { class: 'C', days: 8, limits: [{ name: 5 }] }), 'id')
    expect(answer).toMatchObject({ code: 'INVALID', status: 422 })
    const { field, allowed, issues } = answer.data as { field: string; allowed: string; issues: { field: string; message: string }[] }
    expect(field).toBe('class')
    expect(allowed).toMatch(/[\u4e00-\u9fff].*"A"\|"B".* \/ Invalid option: expected one of "A"\|"B"/)
    expect(issues.map((issue) => issue.field)).toEqual(['class', 'days', 'limits.0.name'])
    expect(issues[2]?.message).toMatch(/[\u4e00-\u9fff].* \/ Invalid input: expected string, received number/)
    expect(answer.message).toContain('class: ')
  })

  it("keeps a schema's own sentence", () => {
    const answer = toAnswer(
      validationError(z.object({ password: z.string().min(12, '至少 12 / at least 12') }), { password: 'short' }),
      'id',
    )
    expect(answer.data).toMatchObject({ field: 'password', allowed: '至少 12 / at least 12' })
  })

  it.each([new Error('secret path /var/lib'), 'a thrown string', undefined, new ORPCError('INTERNAL_SERVER_ERROR', { message: 'secret' })])(
    'tells only the request id of a bug: %s',
    (error) => {
      const answer = toAnswer(error, 'request-7')
      expect(answer).toMatchObject({ status: 500, data: { requestId: 'request-7' } })
      expect(JSON.stringify(answer.toJSON())).not.toContain('secret')
    },
  )

  it("passes the user's own mistakes on", () => {
    const conflict = new ORPCError('CONFLICT', { status: 409 })
    expect(toAnswer(conflict, 'id')).toBe(conflict)
  })
})
