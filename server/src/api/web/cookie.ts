import { SESSION_MAX_MS } from '../../accounts/sessions.ts'

export const SESSION_COOKIE = 'roomkeeper_session'

/** The value of one cookie of a `Cookie` header (RFC 6265 §4.2.1); null when it is not there. */
export function readCookie(header: string | undefined, name: string): string | null {
  for (const pair of header?.split(';') ?? []) {
    const equals = pair.indexOf('=')
    if (equals > 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim()
  }
  return null
}

/** `Set-Cookie` of the session; null clears it. Not readable by scripts, never sent from another site, and only over TLS when there is TLS. */
export function sessionCookie(token: string | null, secure: boolean): string {
  const age = token === null ? 0 : SESSION_MAX_MS / 1000
  return `${SESSION_COOKIE}=${token ?? ''}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${age}${secure ? '; Secure' : ''}`
}

/** The token of `Authorization: Bearer …`; null when there is no such header. Another scheme is an empty token, which opens nothing. */
export function readBearer(header: string | undefined): string | null {
  if (header === undefined) return null
  return /^Bearer +(\S+)$/i.exec(header)?.[1] ?? ''
}
