import { type QueryKey, type UseInfiniteQueryResult, useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'

/** The most rows that the interface gives at once. */
const MOST_ROWS = 500
/** What has been fetched as the reader went down; more pages than this are read anew only when something changed, not by the clock. */
const PAGES_BY_CLOCK = 5
const BY_CLOCK_MS = 60_000

interface Part {
  limit: number
  /** Only what is older than the row with this cursor. */
  before: number | undefined
}

interface PagesInput<Row> {
  queryKey: QueryKey
  /** Newest first. */
  read: (part: Part) => Promise<Row[]>
  cursorOf: (row: Row) => number
  pageSize?: number
  refetchIntervalMs?: number
}

export interface Pages<Row> {
  rows: readonly Row[]
  query: UseInfiniteQueryResult<unknown>
}

/** A list that is fetched part by part as the reader goes down. */
export function usePages<Row>({ queryKey, read, cursorOf, pageSize = 100, refetchIntervalMs = BY_CLOCK_MS }: PagesInput<Row>): Pages<Row> {
  const query = useInfiniteQuery({
    queryKey: [...queryKey, 'pages'],
    queryFn: ({ pageParam }) => read({ limit: pageSize, before: pageParam }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page: Row[]) => {
      const last = page.at(-1)
      return page.length < pageSize || last === undefined ? undefined : cursorOf(last)
    },
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > PAGES_BY_CLOCK ? false : refetchIntervalMs),
  })
  const pages = query.data?.pages
  return { rows: useMemo(() => pages?.flat() ?? [], [pages]), query }
}

/** All rows of a list, however many: for what must not be missed because it is the 501st. */
export async function everyRow<Row extends { id: number }>(read: (part: Part) => Promise<Row[]>): Promise<Row[]> {
  const rows: Row[] = []
  for (;;) {
    const page = await read({ limit: MOST_ROWS, before: rows.at(-1)?.id })
    rows.push(...page)
    if (page.length < MOST_ROWS) return rows
  }
}
