import { ZoomInOutlined, ZoomOutOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'

/** Steps of a plan's size: `zoom` counts from 0, as it fits, up to `largest`. */
export function ZoomButtons({ zoom, largest, onZoom }: { zoom: number; largest: number; onZoom(zoom: number): void }) {
  const { t } = useTranslation('plan')
  return (
    <>
      <Button size="small" icon={<ZoomOutOutlined />} aria-label={t('zoomOut')} disabled={zoom === 0} onClick={() => onZoom(zoom - 1)} />
      <Button
        size="small"
        icon={<ZoomInOutlined />}
        aria-label={t('zoomIn')}
        disabled={zoom === largest}
        onClick={() => onZoom(zoom + 1)}
      />
    </>
  )
}
