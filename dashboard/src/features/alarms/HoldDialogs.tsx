import type { Alarm } from '@roomkeeper/shared/http'
import { SHELVE_MAX_HOURS } from '@roomkeeper/shared/model'
import { useMutation } from '@tanstack/react-query'
import { Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { useWords } from '../../i18n/use-words.ts'
import { PriorityMark } from '../../ui/PriorityMark.tsx'
import { showToast } from '../../ui/toasts.tsx'
import { HoldDialog } from './HoldDialog.tsx'
import { useAlarmWords } from './use-alarm-words.ts'

/** After a hold was made, changed or ended: the lists follow, the person hears that it was done. */
function whenDone(text: string, onClose: () => void) {
  return () => {
    refetchTopic('alarms')
    refetchTopic('rooms')
    showToast({ kind: 'success', text })
    onClose()
  }
}

/** Puts one alarm aside for a limited time. */
export function ShelveDialog({ alarm, onClose }: { alarm: Alarm; onClose: () => void }) {
  const { t } = useTranslation('life')
  const words = useWords()
  const alarmWords = useAlarmWords()
  const shelve = useMutation(queries.life.shelve.mutationOptions({ onSuccess: whenDone(t('hold.shelved'), onClose) }))
  return (
    <HoldDialog
      title={t('hold.shelveTitle')}
      about={
        <>
          <PriorityMark priority={alarm.priority} /> <b>{alarmWords.place(alarm)}</b>
          <br />
          {words.condition(alarm.condition)} {alarmWords.value(alarm)}
        </>
      }
      effect={t('hold.shelveEffect')}
      kind="shelve"
      confirm={t('hold.shelve')}
      maxHours={SHELVE_MAX_HOURS[alarm.priority]}
      isPending={shelve.isPending}
      error={shelve.error}
      onConfirm={(untilMs, reason) => untilMs !== null && shelve.mutate({ alarmId: alarm.id, untilMs, reason })}
      onClose={onClose}
    />
  )
}

export interface OutOfServiceTarget {
  scope: 'point' | 'device' | 'room'
  scopeId: number
  label: string
}

/** Takes a point, device or room out of service: for work on it, with or without an end. */
export function OutOfServiceDialog({ targets, onClose }: { targets: readonly OutOfServiceTarget[]; onClose: () => void }) {
  const { t } = useTranslation('life')
  const [index, setIndex] = useState(0)
  const target = targets[index]
  const takeOut = useMutation(queries.life.takeOut.mutationOptions({ onSuccess: whenDone(t('hold.takenOut'), onClose) }))
  if (!target) return null
  return (
    <HoldDialog
      title={t('hold.outTitle')}
      about={
        targets.length === 1 ? (
          <b>{target.label}</b>
        ) : (
          <Radio.Group
            className="hold-targets"
            value={index}
            data-testid="hold-target"
            options={targets.map((each, value) => ({
              value,
              label: (
                <span>
                  {t(`scope.${each.scope}`)}: <b>{each.label}</b>
                </span>
              ),
            }))}
            onChange={(event) => setIndex(event.target.value)}
          />
        )
      }
      effect={t(`hold.outEffect.${target.scope}`)}
      isGrave={target.scope === 'room'}
      kind="out-of-service"
      confirm={t('hold.takeOut')}
      maxHours={undefined}
      isPending={takeOut.isPending}
      error={takeOut.error}
      onConfirm={(untilMs, reason) => takeOut.mutate({ scope: target.scope, scopeId: target.scopeId, untilMs, reason })}
      onClose={onClose}
    />
  )
}

export interface HoldToExtend {
  holdId: number
  kind: 'shelve' | 'out-of-service'
  label: string
  /** Hours from now; undefined: any time, and none. */
  maxHours: number | undefined
}

/** Gives a hold another end. */
export function ExtendDialog({ hold, onClose }: { hold: HoldToExtend; onClose: () => void }) {
  const { t } = useTranslation('life')
  const extend = useMutation(queries.life.extend.mutationOptions({ onSuccess: whenDone(t('hold.extended'), onClose) }))
  return (
    <HoldDialog
      title={t('hold.extendTitle')}
      about={<b>{hold.label}</b>}
      effect={t('hold.extendEffect')}
      kind={hold.kind}
      confirm={t('hold.extend')}
      maxHours={hold.maxHours}
      isPending={extend.isPending}
      error={extend.error}
      onConfirm={(untilMs, reason) => extend.mutate({ holdId: hold.holdId, untilMs, reason })}
      onClose={onClose}
    />
  )
}
