import type { Combination } from '@roomkeeper/shared/http'
import { COMBINATIONS, type CombinationKind, isPointKind, pointKindInfo } from '@roomkeeper/shared/model'
import { unitSymbol } from '@roomkeeper/shared/units'
import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Checkbox, Input, Select, TreeSelect } from 'antd'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { errorCode, queries } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { LimitEditor } from '../../features/limits/LimitEditor.tsx'
import { draftOf, type LimitDraft, limitOf } from '../../features/limits/limit-draft.ts'
import { onlyRoomId, type Places } from '../../features/limits/places.ts'
import { useProblemTexts } from '../../features/limits/use-problem-texts.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { showFirstError } from '../../ui/show-first-error.ts'
import { showToast } from '../../ui/toasts.tsx'
import { combinationExample, combinationsFor, sameSort } from './combination-choice.ts'

interface Props {
  combination: Combination | undefined
  places: Places
  onDirty: (isDirty: boolean) => void
  onRemove: () => void
  /** Without saving; asks where something would be lost. */
  onCancel: () => void
  onSaved: () => void
}

const MOST_POINTS = 50
const NOT_FOR_COMBINATIONS = ['rate-of-change', 'time-to-limit', 'sensor-suspect'] as const

/** Room, points of one unit, how they become one value, and the limits on it. */
export function CombinationForm({ combination, places, onDirty, onRemove, onCancel, onSaved }: Props) {
  const { t } = useTranslation('limits')
  const { t: common } = useTranslation()
  const words = useWords()
  const form = useRef<HTMLDivElement>(null)
  const [chosenRoomId, setRoomId] = useState(combination?.roomId)
  const roomId = chosenRoomId ?? onlyRoomId(places)
  const [name, setName] = useState(combination?.name ?? '')
  const [how, setHow] = useState<CombinationKind>(combination?.combination ?? 'average')
  const [pointIds, setPointIds] = useState<readonly number[]>(combination?.pointIds ?? [])
  const [drafts, setDrafts] = useState<readonly LimitDraft[]>(() => (combination?.limits ?? []).map(draftOf))
  const [enabled, setEnabled] = useState(combination?.enabled ?? true)
  const [reason, setReason] = useState('')
  const [isTried, setIsTried] = useState(false)
  /** The version that the form began from; a newer one is refused by the server. */
  const [version] = useState(combination?.version ?? 0)

  const entered = JSON.stringify([chosenRoomId, name, how, pointIds, drafts, enabled, reason])
  const [begunFrom] = useState(entered)
  const isDirty = entered !== begunFrom
  useEffect(() => onDirty(isDirty), [onDirty, isDirty])

  const settled = {
    onSuccess: () => {
      showToast({ kind: 'success', text: common('common.saved') })
      onSaved()
    },
    onSettled: () => refetchTopic('limits'),
  }
  const create = useMutation(queries.limits.createCombination.mutationOptions(settled))
  const update = useMutation(queries.limits.updateCombination.mutationOptions(settled))
  const save = combination ? update : create
  const { problems, texts, general } = useProblemTexts(drafts, isTried, save.error)

  const inRoom = useMemo(() => places.entries.filter(({ room }) => room.id === roomId), [places.entries, roomId])
  const chosen = inRoom.filter(({ point }) => pointIds.includes(point.id))
  const first = chosen[0]?.point
  const kind = first?.kind ?? 'number'
  const unit = first?.unit ?? '1'
  const valueType = isPointKind(kind) ? pointKindInfo(kind).valueType : 'number'
  const kinds = combinationsFor(first ? valueType : undefined)
  const values = chosen.map(({ point }) => (point.quality === 'good' && typeof point.value === 'number' ? point.value : null))
  const present = combinationExample(how, values)
  const missing = {
    room: roomId === undefined,
    name: !name.trim(),
    points: pointIds.length < 2,
    how: !kinds.includes(how),
    limits: drafts.length === 0,
    reason: !reason.trim(),
  }
  const required = (is: boolean) => (isTried && is ? common('errors.required') : undefined)

  function submit(): void {
    setIsTried(true)
    if (problems.size > 0 || roomId === undefined || Object.values(missing).some(Boolean)) {
      if (form.current) showFirstError(form.current)
      return
    }
    const body = {
      roomId,
      name: name.trim(),
      combination: how,
      pointIds: [...pointIds],
      limits: drafts.map(limitOf),
      enabled,
      reason: reason.trim(),
    }
    if (combination) update.mutate({ ...body, combinationId: combination.id, version })
    else create.mutate(body)
  }

  const devices = [...new Map(inRoom.map(({ device }) => [device.id, device])).values()]
  const tree = devices.map((device) => ({
    value: `device-${device.id}`,
    title: words.device(device),
    selectable: false,
    checkable: false,
    children: device.points
      .filter((point) => point.kind !== 'text' && point.kind !== 'ups-status')
      .map((point) => ({
        value: point.id,
        title: `${words.point(point)} (${point.key})${point.unit === '1' ? '' : ` · ${unitSymbol(point.unit)}`}`,
        // Degrees and percent have no average: the first point chosen says which others can join.
        disabled: first !== undefined && !sameSort(first, point),
      })),
  }))

  return (
    <div ref={form} data-testid="combination-form">
      {save.error && (
        <Alert
          className="form-alert"
          type="error"
          showIcon
          role="alert"
          title={errorCode(save.error) === 'CONFLICT' ? t('combination.conflict') : (general ?? words.error(save.error))}
        />
      )}
      <Field label={t('combination.name')} required error={required(missing.name)} hint={t('combination.nameHint')}>
        <Input value={name} maxLength={100} data-testid="combination-name" onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field label={t('scope.room')} required error={required(missing.room)}>
        <Select
          value={roomId}
          style={{ width: '100%' }}
          options={places.rooms.map(({ id, name: roomName, site }) => ({ value: id, label: `${roomName} · ${site}` }))}
          onChange={(next) => {
            setRoomId(next)
            setPointIds([])
          }}
        />
      </Field>
      <Field
        label={t('combination.points')}
        required
        error={isTried && missing.points ? t('combination.needsPoints') : undefined}
        hint={t('combination.pointsHint')}
      >
        <TreeSelect
          key={devices.length > 0 ? 'ready' : 'loading'}
          style={{ width: '100%' }}
          treeDefaultExpandAll
          listHeight={360}
          treeData={tree}
          value={[...pointIds]}
          multiple
          treeCheckable
          showSearch={{ treeNodeFilterProp: 'title' }}
          maxCount={MOST_POINTS}
          data-testid="combination-points"
          onChange={(ids: number[]) => setPointIds(ids.filter((each) => typeof each === 'number'))}
        />
      </Field>
      <Field label={t('combination.how')} error={missing.how && first ? t('combination.howWrong') : undefined}>
        <Select
          value={how}
          style={{ width: '100%' }}
          data-testid="combination-how"
          options={COMBINATIONS.map((value) => ({ value, label: t(`combination.kind.${value}`), disabled: !kinds.includes(value) }))}
          onChange={setHow}
        />
      </Field>
      <p className="combination-explained">
        {t(`combination.explained.${how}`)}{' '}
        {present !== undefined && chosen.length > 1 && (
          <b>
            {t('combination.present', {
              values: values.map((value) => value ?? '—').join(', '),
              value: `${Math.round(present * 100) / 100} ${unitSymbol(unit)}`.trim(),
            })}
          </b>
        )}
      </p>
      <LimitEditor
        drafts={drafts}
        kind={kind}
        unit={unit}
        problems={texts}
        present={present === undefined || valueType !== 'number' ? [] : [{ pointId: 0, name, value: present }]}
        excluded={NOT_FOR_COMBINATIONS}
        onChange={(next) => {
          save.reset()
          setDrafts(next)
        }}
      />
      {isTried && missing.limits && (
        <div className="field">
          <div className="field-error" role="alert">
            {t('combination.needsLimits')}
          </div>
        </div>
      )}
      <p className="combination-enabled">
        <Checkbox checked={enabled} onChange={(event) => setEnabled(event.target.checked)}>
          {t('combination.enabled')}
        </Checkbox>
      </p>
      <Field label={t('reason')} required error={required(missing.reason)}>
        <Input value={reason} maxLength={4000} data-testid="combination-reason" onChange={(event) => setReason(event.target.value)} />
      </Field>
      <div className="set-actions form-actions">
        <Button type="primary" loading={save.isPending} data-testid="combination-save" onClick={submit}>
          {common('common.save')}
        </Button>
        <Button onClick={onCancel}>{common('common.cancel')}</Button>
        {combination && (
          <Button danger className="set-remove" onClick={onRemove}>
            {t('combination.remove')}
          </Button>
        )}
      </div>
    </div>
  )
}
