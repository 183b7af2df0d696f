import { FACINGS, type Facing, type FloorPlan, LAYER_HEIGHTS_M, LAYERS, PLAN_MAX_M, type PlanItem } from '@roomkeeper/shared/model'
import { Button, Input, InputNumber, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import type { RoomParts } from '../../features/floor-plan/use-room-parts.ts'
import { Field } from '../../ui/Field.tsx'
import { DeviceLink, DoorLink, PointLinks } from './Links.tsx'
import { rotateItems, updateItem } from './plan-edit.ts'

interface Props {
  item: PlanItem
  name: string
  plan: FloorPlan
  parts: RoomParts
  change: (plan: FloorPlan, gesture?: string) => void
}

/** Everything about one thing; each field is undone as a whole. */
export function Properties({ item, name, plan, parts, change }: Props) {
  const { t } = useTranslation('plan')
  const set = (patch: Partial<PlanItem>) => change(updateItem(plan, item.id, patch), `${item.id} ${Object.keys(patch).join()}`)
  const metres = (key: 'x' | 'y' | 'z' | 'width' | 'depth', value: number, min: number, max: number) => (
    <Field label={t(`editor.${key}`)} key={key}>
      <InputNumber
        value={value}
        min={min}
        max={max}
        step={0.1}
        precision={2}
        data-testid={`plan-field-${key}`}
        onChange={(next) => next !== null && set({ [key]: next })}
      />
    </Field>
  )
  return (
    <section className="panel" data-testid="plan-properties">
      <div className="panel-head">
        <h2>
          {t(`type.${item.type}`)} {name !== t(`type.${item.type}`) && <span className="muted">{name}</span>}
        </h2>
      </div>
      <div className="panel-body plan-fields">
        {'name' in item && (
          <Field label={t('editor.name')} hint={item.type === 'rack' ? undefined : t('editor.nameHint')}>
            <Input value={item.name} maxLength={60} data-testid="plan-field-name" onChange={({ target }) => set({ name: target.value })} />
          </Field>
        )}
        {item.type === 'text' && (
          <Field label={t('editor.text')}>
            <Input value={item.text} maxLength={100} onChange={({ target }) => target.value.trim() !== '' && set({ text: target.value })} />
          </Field>
        )}
        {'deviceId' in item && <DeviceLink value={item.deviceId} parts={parts} onChange={(deviceId) => set({ deviceId })} />}
        {item.type === 'door' && <DoorLink value={item.pointId} parts={parts} onChange={(pointId) => set({ pointId })} />}
        {item.type === 'probe' && (
          <>
            <PointLinks item={item} plan={plan} parts={parts} onChange={(pointIds) => set({ pointIds })} />
            {metres('z', item.z, 0, 10)}
            <div className="plan-heights">
              {LAYERS.map((layer) => (
                <Button key={layer} size="small" onClick={() => set({ z: LAYER_HEIGHTS_M[layer] })}>
                  {t(`editor.heights.${layer}`)}
                </Button>
              ))}
            </div>
          </>
        )}
        {'facing' in item && (
          <Field label={t(item.type === 'rack' ? 'editor.facingRack' : 'editor.facing')}>
            <Segmented<Facing>
              value={item.facing}
              options={FACINGS.map((value) => ({ value, label: t(`editor.facings.${value}`) }))}
              onChange={(wanted) => change(turnedTo(plan, item, wanted))}
            />
          </Field>
        )}
        <div className="plan-pairs">
          {metres('x', item.x, 0, PLAN_MAX_M)}
          {metres('y', item.y, 0, PLAN_MAX_M)}
          {'width' in item && metres('width', item.width, 0.05, PLAN_MAX_M)}
          {'width' in item && metres('depth', item.depth, 0.05, PLAN_MAX_M)}
        </div>
        {item.type === 'rack' && (
          <Field label={t('editor.units')}>
            <InputNumber
              value={item.units}
              min={1}
              max={60}
              precision={0}
              onChange={(units) => units !== null && set({ units } as Partial<PlanItem>)}
            />
          </Field>
        )}
      </div>
    </section>
  )
}

/** Turned step by step, so that what is long stays long in the other direction. */
function turnedTo(plan: FloorPlan, item: PlanItem & { facing: Facing }, wanted: Facing): FloorPlan {
  const turns = (FACINGS.indexOf(wanted) - FACINGS.indexOf(item.facing) + FACINGS.length) % FACINGS.length
  let turned = plan
  for (let turn = 0; turn < turns; turn++) turned = rotateItems(turned, new Set([item.id]))
  return turned
}
