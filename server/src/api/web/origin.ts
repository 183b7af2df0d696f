/** The parts of a request that say which page sent it. */
export interface OriginFacts {
  origin: string | undefined
  /** `Host`, or what a trusted proxy says it was. */
  host: string | undefined
  /** `Sec-Fetch-Site`: browsers set it, pages cannot. */
  fetchSite: string | undefined
}

/**
 * Why a request that writes, or opens a socket, may not come from this page; null when it may. Browsers send `Origin` with every
 * write and every WebSocket; a request without it comes from a program, which has no stolen cookie to misuse.
 */
export function originRefusal({ origin, host, fetchSite }: OriginFacts, allowedOrigins: readonly string[]): string | null {
  if (origin === undefined)
    return fetchSite === undefined || fetchSite === 'same-origin' || fetchSite === 'none' ? null : `Sec-Fetch-Site: ${fetchSite}`
  if (allowedOrigins.includes(origin)) return null
  if (!URL.canParse(origin)) return `Origin: ${origin}`
  const page = new URL(origin)
  // The same host with the page's own scheme, so that `example:443` and `https://example` are the same; TLS may end at a proxy.
  const own = `${page.protocol}//${host}`
  return host !== undefined && URL.canParse(own) && new URL(own).host === page.host ? null : `Origin: ${origin}`
}
