import type { SavedPlan } from '@roomkeeper/shared/http'
import { type FloorPlan, PLAN_MAX_M, PLAN_MIN_M } from '@roomkeeper/shared/model'
import { InputNumber } from 'antd'
import { useTranslation } from 'react-i18next'
import { Field } from '../../ui/Field.tsx'
import { showToast } from '../../ui/toasts.tsx'
import { Background } from './Background.tsx'
import type { BoardMode } from './Board.tsx'
import { resizeRoom } from './plan-edit.ts'
import { Versions } from './Versions.tsx'

export interface RoomPropertiesProps {
  roomId: number
  plan: FloorPlan
  version: number
  picture: SavedPlan['picture']
  change: (plan: FloorPlan, gesture?: string) => void
  mode: BoardMode
  setMode: (mode: BoardMode) => void
  onPicture: (picture: NonNullable<SavedPlan['picture']>) => void
  onVersion: (saved: SavedPlan) => void
}

/** With nothing selected: the room itself, the drawing under it, and how it was before. */
export function RoomProperties(props: RoomPropertiesProps) {
  const { roomId, plan, version, change } = props
  const { t } = useTranslation('plan')
  const resize = (size: Partial<{ width: number; depth: number }>) => {
    const next = resizeRoom(plan, { width: plan.width, depth: plan.depth, ...size })
    if (next) change(next, 'room size')
    else showToast({ kind: 'error', text: t('editor.tooSmall'), key: 'plan-too-small' })
  }
  const side = { min: PLAN_MIN_M, max: PLAN_MAX_M, step: 0.6, precision: 2 }
  return (
    <>
      <section className="panel">
        <div className="panel-head">
          <h2>{t('editor.room')}</h2>
        </div>
        <div className="panel-body plan-fields">
          <div className="plan-pairs">
            <Field label={t('editor.width')}>
              <InputNumber
                {...side}
                value={plan.width}
                onChange={(width) => width !== null && resize({ width })}
                data-testid="plan-width"
              />
            </Field>
            <Field label={t('editor.depth')}>
              <InputNumber {...side} value={plan.depth} onChange={(depth) => depth !== null && resize({ depth })} />
            </Field>
          </div>
          <Field label={t('editor.reach')} hint={t('editor.reachHint')}>
            <InputNumber
              value={plan.reach}
              min={0.5}
              max={20}
              step={0.5}
              precision={1}
              onChange={(reach) => reach !== null && change({ ...plan, reach }, 'reach')}
            />
          </Field>
          <p className="muted plan-hint">{t('editor.nothing')}</p>
        </div>
      </section>
      <Background {...props} />
      {version > 0 && <Versions roomId={roomId} version={version} onVersion={props.onVersion} />}
    </>
  )
}
