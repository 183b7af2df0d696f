import { UploadOutlined } from '@ant-design/icons'
import { PLAN_PICTURE_MAX_BYTES, PLAN_PICTURE_TYPES, type PlanPicture } from '@roomkeeper/shared/http'
import { Button, InputNumber, Slider } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { errorIssues } from '../../client/api.ts'
import { uploadBytes } from '../../client/photos.ts'
import { planPicturesUrl } from '../../features/floor-plan/picture-urls.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { showToast } from '../../ui/toasts.tsx'
import { scaleBackground } from './plan-edit.ts'
import type { RoomPropertiesProps } from './RoomProperties.tsx'

const OPACITY = 0.5

/** The drawing under the plan: uploaded, brought to scale by two points, moved, made paler. */
export function Background({ roomId, plan, picture, change, mode, setMode, onPicture }: RoomPropertiesProps) {
  const { t } = useTranslation('plan')
  const words = useWords()
  const file = useRef<HTMLInputElement>(null)
  const [share, setShare] = useState<number | null>(null)
  const { background } = plan

  async function upload(chosen: File) {
    const problem = !(PLAN_PICTURE_TYPES as readonly string[]).includes(chosen.type)
      ? t('editor.pictureType')
      : chosen.size > PLAN_PICTURE_MAX_BYTES
        ? t('editor.pictureLarge')
        : undefined
    if (problem) return showToast({ kind: 'error', text: problem })
    setShare(0)
    try {
      const added = await uploadBytes<PlanPicture>(planPicturesUrl(roomId, chosen.name), chosen, setShare)
      onPicture(added)
      // As large as fits into the room, until its scale is known.
      const width = Math.min(plan.width, (plan.depth * added.widthPx) / added.heightPx)
      change({ ...plan, background: { pictureId: added.id, x: 0, y: 0, width: Math.round(width * 1000) / 1000, opacity: OPACITY } })
    } catch (error) {
      const [issue] = errorIssues(error)
      showToast({ kind: 'error', text: issue ? words.half(issue.message) : words.error(error) })
    } finally {
      setShare(null)
    }
  }

  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{t('editor.picture')}</h2>
      </div>
      <div className="panel-body plan-fields">
        <input
          ref={file}
          type="file"
          className="visually-hidden"
          tabIndex={-1}
          aria-label={t('editor.pictureUpload')}
          accept={PLAN_PICTURE_TYPES.join()}
          data-testid="plan-picture-file"
          onChange={({ target }) => {
            const [chosen] = target.files ?? []
            target.value = ''
            if (chosen) void upload(chosen)
          }}
        />
        <Button icon={<UploadOutlined />} loading={share !== null} onClick={() => file.current?.click()}>
          {t('editor.pictureUpload')} {share !== null && `${Math.round(100 * share)} %`}
        </Button>
        {!background && <p className="muted plan-hint">{t('editor.pictureHint')}</p>}
        {background && picture && (
          <>
            <Field label={t('editor.opacity')}>
              <Slider
                min={0.05}
                max={1}
                step={0.05}
                value={background.opacity}
                onChange={(opacity) => change({ ...plan, background: { ...background, opacity } }, 'opacity')}
              />
            </Field>
            {mode.type === 'calibrate' ? (
              <Calibration
                points={mode.points}
                onApply={(metres) => {
                  const [first, second] = mode.points
                  if (first && second) change(scaleBackground(plan, [first, second], metres))
                  setMode({ type: 'items' })
                }}
                onCancel={() => setMode({ type: 'items' })}
              />
            ) : (
              <Button onClick={() => setMode({ type: 'calibrate', points: [] })}>{t('editor.calibrate')}</Button>
            )}
            <Button
              type={mode.type === 'picture' ? 'primary' : 'default'}
              aria-pressed={mode.type === 'picture'}
              onClick={() => setMode({ type: mode.type === 'picture' ? 'items' : 'picture' })}
            >
              {t('editor.movePicture')}
            </Button>
            {mode.type === 'picture' && <p className="muted plan-hint">{t('editor.movePictureHint')}</p>}
            <Button
              danger
              onClick={() => {
                setMode({ type: 'items' })
                change({ ...plan, background: null })
              }}
            >
              {t('editor.pictureRemove')}
            </Button>
          </>
        )}
      </div>
    </section>
  )
}

interface CalibrationProps {
  points: readonly unknown[]
  onApply: (metres: number) => void
  onCancel: () => void
}

function Calibration({ points, onApply, onCancel }: CalibrationProps) {
  const { t } = useTranslation('plan')
  const [metres, setMetres] = useState<number | null>(null)
  return (
    <div className="plan-calibration" role="status">
      {points.length < 2 ? (
        <p>{t(points.length === 0 ? 'editor.calibrateFirst' : 'editor.calibrateSecond')}</p>
      ) : (
        <Field label={t('editor.calibrateLength')}>
          <InputNumber min={0.1} max={200} step={0.1} value={metres} onChange={setMetres} autoFocus />
        </Field>
      )}
      <div className="plan-heights">
        {points.length >= 2 && (
          <Button type="primary" disabled={!metres} onClick={() => metres && onApply(metres)}>
            {t('editor.calibrateApply')}
          </Button>
        )}
        <Button onClick={onCancel}>{t('editor.calibrateCancel')}</Button>
      </div>
    </div>
  )
}
