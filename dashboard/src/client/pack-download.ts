import { ORPCError } from '@orpc/client'

/** Address of the inspection pack; `key` lets its progress be asked for meanwhile. */
export function packUrl(
  format: 'pdf' | 'xlsx',
  { fromMs, toMs, roomId, language, key }: { fromMs: number; toMs: number; roomId: number | undefined; language: 'zh' | 'en'; key: string },
): string {
  const query = new URLSearchParams({ fromMs: String(fromMs), toMs: String(toMs), language, key })
  if (roomId !== undefined) query.set('roomId', String(roomId))
  return `/api/pack.${format}?${query}`
}

/** Fetches a file that takes the server a while and gives it to the browser to save; fails as `api` does. */
export async function downloadFile(url: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(url, { credentials: 'same-origin', signal })
  if (!response.ok) {
    const { code, message, data } = (await response.json().catch(() => ({}))) as { code?: string; message?: string; data?: unknown }
    throw new ORPCError(code ?? 'OTHER', { status: response.status, message, data })
  }
  const name = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1]
  const address = URL.createObjectURL(await response.blob())
  const link = document.createElement('a')
  link.href = address
  link.download = decodeURIComponent(name ?? 'pack')
  link.click()
  // The browser has taken it by the next turn.
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
