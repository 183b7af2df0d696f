import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import type { EffectiveLimit, Point } from '@roomkeeper/shared/http'
import { ALARM_PRIORITIES, LIMIT_CONDITIONS, type Limit, limitSchema, POINT_KINDS, UPS_STATUS_TOKENS } from '@roomkeeper/shared/model'
import { unitSymbol } from '@roomkeeper/shared/units'
import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Input, InputNumber, Modal, Select, Switch } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { inLanguage } from '../../i18n/bilingual.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import './limits.css'

type Row = Limit & { key: number }

/** Changes the limits of one point: a new version with a reason, which goes to the audit trail. */
export function LimitsDialog({ point, limits, onClose }: { point: Point; limits: readonly EffectiveLimit[]; onClose: () => void }) {
  const { t } = useTranslation()
  const words = useWords()
  const [rows, setRows] = useState<Row[]>(() => limits.map(({ limit }, key) => ({ ...limit, key })))
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState('')
  const save = useMutation(
    queries.limits.setForPoint.mutationOptions({
      onSuccess: () => {
        refetchTopic('rooms')
        onClose()
      },
    }),
  )

  function submit(next: readonly Row[]): void {
    for (const row of next) {
      const checked = limitSchema.safeParse(row)
      if (!checked.success) {
        setProblem(
          `${words.condition(row.condition)}: ${row.condition.startsWith('state') ? t('limits.needsStates') : t('limits.needsValue')}`,
        )
        return
      }
    }
    if (!reason.trim()) {
      setProblem(t('limits.needsReason'))
      return
    }
    setProblem('')
    save.mutate({ pointId: point.id, limits: next.map(({ key: _key, ...limit }) => limit), reason: reason.trim() })
  }
  const change = (key: number, patch: Partial<Limit>) => setRows(rows.map((row) => (row.key === key ? { ...row, ...patch } : row)))
  const nextKey = Math.max(-1, ...rows.map(({ key }) => key)) + 1
  const isNumber = POINT_KINDS[point.kind].valueType === 'number'

  return (
    <Modal
      open
      width={900}
      title={t('limits.editTitle', { point: words.point(point) })}
      onCancel={onClose}
      footer={[
        <Button key="defaults" danger disabled={save.isPending} onClick={() => submit([])}>
          {t('limits.toDefaults')}
        </Button>,
        <Button key="cancel" onClick={onClose}>
          {t('common.cancel')}
        </Button>,
        <Button
          key="save"
          type="primary"
          loading={save.isPending}
          data-testid="limits-save"
          onClick={() => (rows.length > 0 ? submit(rows) : setProblem(t('limits.emptyMeansDefaults')))}
        >
          {t('common.save')}
        </Button>,
      ]}
    >
      {save.error && <Alert type="error" showIcon role="alert" title={words.error(save.error)} />}
      <div className="limit-rows">
        {rows.map((row) => (
          <LimitRow
            key={row.key}
            row={row}
            point={point}
            onChange={(patch) => change(row.key, patch)}
            onRemove={() => setRows(rows.filter(({ key }) => key !== row.key))}
          />
        ))}
      </div>
      <Button
        icon={<PlusOutlined />}
        disabled={rows.length >= 12}
        onClick={() =>
          setRows([
            ...rows,
            {
              key: nextKey,
              condition: isNumber ? 'high' : 'state',
              deadband: 0,
              onDelayMs: 0,
              offDelayMs: 0,
              priority: 'medium',
              enabled: true,
            },
          ])
        }
      >
        {t('limits.add')}
      </Button>
      <div style={{ height: 12 }} />
      <Field label={t('limits.reason')} required error={problem || undefined} hint={t('limits.reasonHint')}>
        <Input value={reason} maxLength={4000} data-testid="limits-reason" onChange={(event) => setReason(event.target.value)} />
      </Field>
    </Modal>
  )
}

function LimitRow({
  row,
  point,
  onChange,
  onRemove,
}: {
  row: Row
  point: Point
  onChange: (patch: Partial<Limit>) => void
  onRemove: () => void
}) {
  const { t, i18n } = useTranslation()
  const words = useWords()
  const isContact = POINT_KINDS[point.kind].valueType === 'boolean'
  const isState = row.condition.startsWith('state')
  const hasValue = ['low-low', 'low', 'high', 'high-high', 'rate-of-change'].includes(row.condition)
  const unit = `${unitSymbol(point.unit)}${row.condition === 'rate-of-change' ? '/h' : ''}`
  const tokens = isContact
    ? ['true', 'false'].map((value) => ({ value, label: t(value === 'true' ? 'limits.contactOn' : 'limits.contactOff') }))
    : Object.entries(UPS_STATUS_TOKENS).map(([value, token]) => ({ value, label: `${value} ${inLanguage(token, i18n.language)}` }))
  return (
    <div className="limit-row">
      <Cell label={t('limits.condition')}>
        <Select
          value={row.condition}
          options={LIMIT_CONDITIONS.map((value) => ({ value, label: words.condition(value) }))}
          onChange={(condition) => onChange({ condition })}
        />
      </Cell>
      <Cell label={t('limits.value')}>
        {hasValue ? (
          <InputNumber value={row.value ?? null} suffix={unit} onChange={(value) => onChange({ value: value ?? undefined })} />
        ) : isState ? (
          <Select mode="tags" value={row.tokens ?? []} options={tokens} onChange={(next: string[]) => onChange({ tokens: next })} />
        ) : (
          <InputNumber value={row.value ?? null} placeholder="—" onChange={(value) => onChange({ value: value ?? undefined })} />
        )}
      </Cell>
      <Cell label={t('limits.deadband')}>
        <InputNumber min={0} value={row.deadband} disabled={!hasValue} onChange={(deadband) => onChange({ deadband: deadband ?? 0 })} />
      </Cell>
      <Cell label={t('limits.onDelay')}>
        <InputNumber
          min={0}
          value={row.onDelayMs / 1000}
          suffix="s"
          onChange={(seconds) => onChange({ onDelayMs: Math.round((seconds ?? 0) * 1000) })}
        />
      </Cell>
      <Cell label={t('limits.offDelay')}>
        <InputNumber
          min={0}
          value={row.offDelayMs / 1000}
          suffix="s"
          onChange={(seconds) => onChange({ offDelayMs: Math.round((seconds ?? 0) * 1000) })}
        />
      </Cell>
      <Cell label={t('limits.priority')}>
        <Select
          value={row.priority}
          options={ALARM_PRIORITIES.map((value) => ({ value, label: words.priority(value) }))}
          onChange={(priority) => onChange({ priority })}
        />
      </Cell>
      <Cell label={t('limits.enabled')}>
        <Switch size="small" checked={row.enabled} onChange={(enabled) => onChange({ enabled })} />
      </Cell>
      <Button type="text" danger icon={<DeleteOutlined />} aria-label={t('common.remove')} onClick={onRemove} />
    </div>
  )
}

/** A small captioned cell; antd's controls find their own focus, so the group carries the caption. */
function Cell({ label, children }: { label: string; children: ReactNode }) {
  return (
    <fieldset className="limit-cell">
      <legend>{label}</legend>
      {children}
    </fieldset>
  )
}
