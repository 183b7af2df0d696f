import { Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import Pad from 'signature_pad'

interface Props {
  /** The drawing as a data URL (PNG); null after it was wiped. */
  onChange: (drawing: string | null) => void
  /** Who is to sign, for screen readers. */
  label: string
}

/** A sharper picture than this is only larger. */
const PIXEL_RATIO_MAX = 2

/** Signed with finger, pen or mouse on white, as on paper; who has only a keyboard signs by password. */
export function SignaturePad({ onChange, label }: Props) {
  const { t } = useTranslation('registers')
  const canvas = useRef<HTMLCanvasElement>(null)
  const pad = useRef<Pad>(null)
  const changed = useRef(onChange)
  changed.current = onChange
  const [isEmpty, setIsEmpty] = useState(true)

  useEffect(() => {
    const element = canvas.current
    if (!element) return
    const made = new Pad(element, { penColor: '#10202e', backgroundColor: '#fff', minWidth: 0.8, maxWidth: 2.6 })
    pad.current = made
    const onEnd = () => {
      setIsEmpty(false)
      changed.current(made.toDataURL('image/png'))
    }
    made.addEventListener('endStroke', onEnd)
    // A phone that is turned, a dialog that grows: what was drawn is drawn again in the new size.
    const observer = new ResizeObserver(() => {
      const ratio = Math.min(PIXEL_RATIO_MAX, Math.max(1, window.devicePixelRatio))
      const strokes = made.toData()
      element.width = element.clientWidth * ratio
      element.height = element.clientHeight * ratio
      element.getContext('2d')?.scale(ratio, ratio)
      made.clear()
      made.fromData(strokes)
    })
    observer.observe(element)
    return () => {
      observer.disconnect()
      made.off()
    }
  }, [])

  function clear(): void {
    pad.current?.clear()
    setIsEmpty(true)
    onChange(null)
  }

  return (
    <div className="signature-box">
      <div className="signature-paper">
        <canvas ref={canvas} className="signature-canvas" role="img" aria-label={label} data-testid="signature-pad" />
        {isEmpty && <span className="signature-hint">{t('sign.here')}</span>}
      </div>
      <Button size="small" disabled={isEmpty} onClick={clear} data-testid="signature-clear">
        {t('sign.clear')}
      </Button>
    </div>
  )
}

/** The bytes of a drawing that `SignaturePad` gave. */
export function drawingBlob(drawing: string): Blob {
  const bytes = Uint8Array.from(atob(drawing.slice(drawing.indexOf(',') + 1)), (char) => char.charCodeAt(0))
  return new Blob([bytes], { type: 'image/png' })
}
