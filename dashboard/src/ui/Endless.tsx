import { Button } from 'antd'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Pages } from '../client/pages.ts'
import { Failure, Loading } from './states.tsx'

interface Props<Row> {
  pages: Pages<Row>
  /** Shown when there is no row at all. */
  empty: ReactNode
  children: (rows: readonly Row[]) => ReactNode
}

/** A list that goes on by itself as one comes near its end; the button at its end is for the keyboard and for a fetch that failed. */
export function Endless<Row>({ pages: { rows, query }, empty, children }: Props<Row>) {
  if (query.isPending) return <Loading />
  if (!query.data) return <Failure error={query.error} onRetry={() => void query.refetch()} />
  return (
    <>
      {query.error && !query.isFetchNextPageError && <Failure error={query.error} onRetry={() => void query.refetch()} />}
      {rows.length === 0 ? empty : children(rows)}
      {query.isFetchNextPageError ? (
        <Failure error={query.error} onRetry={() => void query.fetchNextPage()} />
      ) : (
        query.hasNextPage && <More count={rows.length} isFetching={query.isFetchingNextPage} onMore={() => void query.fetchNextPage()} />
      )}
    </>
  )
}

function More({ count, isFetching, onMore }: { count: number; isFetching: boolean; onMore: () => void }) {
  const { t } = useTranslation()
  const near = useRef<HTMLElement>(null)
  const more = useRef(onMore)
  more.current = onMore
  // Looks anew after each page: the end may still be in sight.
  useEffect(() => {
    if (!near.current || isFetching || count === 0) return
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) more.current()
    })
    observer.observe(near.current)
    return () => observer.disconnect()
  }, [count, isFetching])
  return (
    <div className="endless">
      <i ref={near} className="endless-near" aria-hidden="true" />
      <Button loading={isFetching} data-testid="list-more" onClick={onMore}>
        {t('common.more')}
      </Button>
      <span className="muted" role="status">
        {t('common.shownSoFar', { count })}
      </span>
    </div>
  )
}
