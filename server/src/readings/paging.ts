import type { RawQuery, StoredReading } from './reading-store.ts'

/** Readings per page: small enough that parsing one never holds up the event loop noticeably. */
const PAGE_READINGS = 5000

/** Walks a range page by page. A point has one reading per millisecond at most, so the next page starts one after the last. */
export async function* readPages(
  query: Omit<RawQuery, 'limit'>,
  read: (query: RawQuery) => Promise<StoredReading[]>,
): AsyncGenerator<StoredReading[]> {
  let { fromMs } = query
  while (fromMs < query.toMs) {
    const page = await read({ ...query, fromMs, limit: PAGE_READINGS })
    if (page.length > 0) yield page
    const last = page.at(-1)
    if (page.length < PAGE_READINGS || last === undefined) return
    fromMs = last.timeMs + 1
  }
}

/** Drops texts equal to the one before, up to `limit` changes. */
export async function collectTextChanges(
  before: StoredReading | undefined,
  pages: AsyncIterable<StoredReading[]>,
  limit: number,
): Promise<StoredReading[]> {
  const changes: StoredReading[] = before === undefined ? [] : [before]
  for await (const page of pages) {
    for (const reading of page) {
      if (reading.bad !== undefined || typeof reading.value !== 'string') continue
      if (changes.at(-1)?.value === reading.value) continue
      if (changes.length >= limit) return changes
      changes.push(reading)
    }
  }
  return changes.slice(0, limit)
}
