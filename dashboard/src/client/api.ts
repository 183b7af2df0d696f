import { contract } from 'virtual:contract-routes'
import { createORPCClient, ORPCError } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import type { JsonifiedClient } from '@orpc/openapi-client'
import { OpenAPILink } from '@orpc/openapi-client/fetch'
import { createTanstackQueryUtils } from '@orpc/tanstack-query'

/** A request without an answer for this long has failed; a frozen server must not leave a form "saving" for ever. */
const REQUEST_TIMEOUT_MS = 20_000

/** fetch with the session cookie and a time limit. Fails with a TypeError, as fetch does when there is no network. */
async function fetchInTime(request: Request, init: RequestInit): Promise<Response> {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(new TypeError('no answer in time')), REQUEST_TIMEOUT_MS)
  const caller = request.signal
  const onAbort = () => controller.abort(caller.reason)
  caller.addEventListener('abort', onAbort)
  try {
    return await fetch(request, { ...init, credentials: 'same-origin', signal: controller.signal })
  } finally {
    clearTimeout(timer)
    caller.removeEventListener('abort', onAbort)
  }
}

const link = new OpenAPILink(contract, { url: new URL('/api', window.location.origin), fetch: fetchInTime })

export type Api = JsonifiedClient<ContractRouterClient<typeof contract>>
/** The typed HTTP client: one function per route of the contract. */
export const api: Api = createORPCClient(link)
/** Query keys and options for the same routes. */
export const queries = createTanstackQueryUtils(api)

export type ErrorCode = 'UNAUTHORIZED' | 'FORBIDDEN' | 'NOT_FOUND' | 'CONFLICT' | 'INVALID' | 'TOO_MANY_REQUESTS' | 'NETWORK' | 'OTHER'

const KNOWN: ReadonlySet<string> = new Set(['UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND', 'CONFLICT', 'INVALID', 'TOO_MANY_REQUESTS'])

/** What kind of failure an error is. `NETWORK`: no answer at all, so trying again is right. */
export function errorCode(error: unknown): ErrorCode {
  if (error instanceof ORPCError) return KNOWN.has(error.code) ? (error.code as ErrorCode) : 'OTHER'
  return error instanceof TypeError ? 'NETWORK' : 'OTHER'
}

/** The status of an answer that is none of ours: the server broke off, or a proxy before it answered instead. */
export function strangeStatus(error: unknown): number | undefined {
  return error instanceof ORPCError && error.status >= 500 && !error.message.includes(' / ') ? error.status : undefined
}

/** A number the error carries in its data, e.g. `retryAfterSeconds`. */
export function errorNumber(error: unknown, key: string): number | undefined {
  if (!(error instanceof ORPCError) || typeof error.data !== 'object' || error.data === null) return undefined
  const value: unknown = Reflect.get(error.data, key)
  return typeof value === 'number' ? value : undefined
}

/** The input an `INVALID` answer complains of; a wrong password names its password field. */
export function errorField(error: unknown): string | undefined {
  if (!(error instanceof ORPCError) || typeof error.data !== 'object' || error.data === null) return undefined
  const value: unknown = Reflect.get(error.data, 'field')
  return typeof value === 'string' ? value : undefined
}

/** Everything an `INVALID` answer complains of, each with its field and a sentence. */
export function errorIssues(error: unknown): { field: string; message: string }[] {
  const field = errorField(error)
  if (!(error instanceof ORPCError) || field === undefined) return []
  const data = error.data as { allowed?: unknown; issues?: unknown }
  if (Array.isArray(data.issues) && data.issues.length > 0) return data.issues as { field: string; message: string }[]
  return [{ field, message: typeof data.allowed === 'string' && data.allowed !== '' ? data.allowed : error.message }]
}

/** Address of the figures and buckets of a range as Excel. */
export function historyXlsxUrl(pointIds: readonly number[], fromMs: number, toMs: number, language: string): string {
  return `/api/history.xlsx?pointIds=${pointIds.join(',')}&fromMs=${fromMs}&toMs=${toMs}&language=${language === 'en' ? 'en' : 'zh'}`
}

/** Address of the CSV export of a range, full resolution. */
export function historyCsvUrl(pointIds: readonly number[], fromMs: number, toMs: number): string {
  return `/api/history.csv?pointIds=${pointIds.join(',')}&fromMs=${fromMs}&toMs=${toMs}`
}
