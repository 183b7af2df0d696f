import { DOOR_KINDS, type FloorPlan, PROBE_KINDS, type ProbeItem } from '@roomkeeper/shared/model'
import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { PointOfRoom } from '../../features/floor-plan/placed.ts'
import type { RoomParts } from '../../features/floor-plan/use-room-parts.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'

interface LinkProps {
  value: number | null
  parts: RoomParts
  onChange: (id: number | null) => void
}

/** The device that a thing is. One that is gone stays in the list by its number until another is chosen. */
export function DeviceLink({ value, parts, onChange }: LinkProps) {
  const { t } = useTranslation('plan')
  const words = useWords()
  const options = [...parts.devices.values()].map((device) => ({ value: device.id, label: words.device(device) }))
  return (
    <Field label={t('editor.device')}>
      <Select
        allowClear
        value={value}
        placeholder={t('editor.noLink')}
        data-testid="plan-field-device"
        options={withGone(options, value === null ? [] : [value], (id) => t('editor.gone', { id }))}
        onChange={(id: number | undefined) => onChange(id ?? null)}
      />
    </Field>
  )
}

export function DoorLink({ value, parts, onChange }: LinkProps) {
  const { t } = useTranslation('plan')
  const label = usePointLabel()
  const options = pointsOf(parts, DOOR_KINDS).map((one) => ({ value: one.point.id, label: label(one) }))
  return (
    <Field label={t('editor.contact')}>
      <Select
        allowClear
        value={value}
        placeholder={t('editor.noLink')}
        options={withGone(options, value === null ? [] : [value], (id) => t('editor.gone', { id }))}
        onChange={(id: number | undefined) => onChange(id ?? null)}
      />
    </Field>
  )
}

interface PointLinksProps {
  item: ProbeItem
  plan: FloorPlan
  parts: RoomParts
  onChange: (pointIds: number[]) => void
}

/** What a probe measures; a point hangs at one place only. */
export function PointLinks({ item, plan, parts, onChange }: PointLinksProps) {
  const { t } = useTranslation('plan')
  const label = usePointLabel()
  const elsewhere = new Set(plan.items.flatMap((other) => (other.type === 'probe' && other.id !== item.id ? other.pointIds : [])))
  const options = pointsOf(parts, PROBE_KINDS)
    .filter(({ point }) => !elsewhere.has(point.id))
    .map((one) => ({ value: one.point.id, label: label(one) }))
  return (
    <Field label={t('editor.points')}>
      <Select
        mode="multiple"
        maxCount={4}
        value={item.pointIds}
        placeholder={t('editor.noLink')}
        optionFilterProp="label"
        options={withGone(options, item.pointIds, (id) => t('editor.gone', { id }))}
        onChange={onChange}
      />
    </Field>
  )
}

function pointsOf(parts: RoomParts, kinds: readonly string[]): PointOfRoom[] {
  return [...parts.points.values()].filter(({ point }) => kinds.includes(point.kind))
}

function usePointLabel(): (one: PointOfRoom) => string {
  const words = useWords()
  return ({ point, device }) => `${words.point(point)} · ${words.device(device)}`
}

function withGone<Option extends { value: number; label: string }>(
  options: Option[],
  chosen: readonly number[],
  gone: (id: number) => string,
) {
  const lost = chosen.filter((id) => !options.some(({ value }) => value === id)).map((value) => ({ value, label: gone(value) }))
  return [...options, ...lost]
}
