export type LogErrorKind =
  /** No space, or the quota is used up. */
  | 'disk-full'
  | 'read-only'
  /** The disk failed in another way. */
  | 'io'
  /** The disk is slower than the scans; taking more would fill the memory. */
  | 'overloaded'
  /** Another agent uses the same folder. */
  | 'locked'
  | 'closed'

/** Why the reading log could not keep something. Everything but `locked` and `closed` may pass by itself. */
export class LogError extends Error {
  readonly kind: LogErrorKind
  constructor(kind: LogErrorKind, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'LogError'
    this.kind = kind
  }
}

const KINDS: Record<string, LogErrorKind> = {
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  EROFS: 'read-only',
  EACCES: 'read-only',
  EPERM: 'read-only',
}

/** Names a file system error. */
export function toLogError(cause: unknown, doing: string): LogError {
  if (cause instanceof LogError) return cause
  const code = (cause as NodeJS.ErrnoException)?.code ?? ''
  const kind = KINDS[code] ?? 'io'
  return new LogError(kind, `${doing}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
}
