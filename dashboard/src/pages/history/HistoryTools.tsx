import { LinkOutlined } from '@ant-design/icons'
import { Button, Checkbox, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { timeMarkColor } from '../../features/charts/draw-time-marks.ts'
import { panned, TIME_MARK_KINDS, type TimeMarkKind, type TimeRange, zoomed } from '../../features/charts/time-marks.ts'
import { showToast } from '../../ui/toasts.tsx'
import { COMPARISONS, type Comparison } from './history-range.ts'

/** The shapes as the chart draws them. */
const SHAPES: Record<TimeMarkKind, string> = { alarm: '▲', incident: '◆', visit: '●', change: '■' }

interface Props {
  range: TimeRange
  onRange(fromMs: number, toMs: number): void
  /** Absent: nothing was zoomed. */
  onZoomBack?(): void
  compare: Comparison
  onCompare(next: Comparison): void
  hidden: ReadonlySet<string>
  onHidden(kinds: string[]): void
  /** The search of this very view, times absolute. */
  link: URLSearchParams
  /** Where the browser does not let us copy: shows the link in its address bar. */
  onLinkShown(): void
}

/** What one does with the charts below: move, zoom, compare, hide marks, share. */
export function HistoryTools({ range, onRange, onZoomBack, compare, onCompare, hidden, onHidden, link, onLinkShown }: Props) {
  const { t } = useTranslation('history')
  const go = (next: TimeRange) => onRange(next.fromMs, next.toMs)
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(`${window.location.origin}${window.location.pathname}?${link}`)
      showToast({ kind: 'success', text: t('linkCopied') })
    } catch {
      onLinkShown()
      showToast({ kind: 'info', text: t('linkInAddress') })
    }
  }
  return (
    <div className="history-tools" role="toolbar" aria-label={t('tools')}>
      <Button onClick={() => go(panned(range, -0.5))} aria-label={t('earlier')} title={t('earlier')}>
        ←
      </Button>
      <Button onClick={() => go(panned(range, 0.5))} aria-label={t('later')} title={t('later')}>
        →
      </Button>
      <Button onClick={() => go(zoomed(range, 0.5))} aria-label={t('zoomIn')} title={t('zoomIn')}>
        +
      </Button>
      <Button onClick={() => go(zoomed(range, 2))} aria-label={t('zoomOut')} title={t('zoomOut')}>
        −
      </Button>
      <Button disabled={!onZoomBack} onClick={() => onZoomBack?.()} data-testid="history-zoom-back">
        {t('zoomBack')}
      </Button>
      <Button icon={<LinkOutlined />} onClick={() => void copy()} data-testid="history-link">
        {t('copyLink')}
      </Button>
      <Select
        value={compare}
        options={COMPARISONS.map((value) => ({ value, label: t(`compareWith.${value}`) }))}
        onChange={onCompare}
        aria-label={t('compare')}
        popupMatchSelectWidth={false}
        data-testid="history-compare"
      />
      <fieldset className="history-marks" aria-label={t('marks')}>
        {TIME_MARK_KINDS.map((kind) => (
          <Checkbox
            key={kind}
            checked={!hidden.has(kind)}
            onChange={({ target }) => onHidden(TIME_MARK_KINDS.filter((one) => (one === kind ? !target.checked : hidden.has(one))))}
          >
            <span style={{ color: timeMarkColor(kind, 'high') }}>{SHAPES[kind]}</span> {t(`mark.${kind}`)}
          </Checkbox>
        ))}
      </fieldset>
    </div>
  )
}
