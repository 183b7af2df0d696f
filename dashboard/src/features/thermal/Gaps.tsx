import type { CoolingGap } from '@roomkeeper/shared/http'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, Button, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { useMay } from '../../client/session.ts'
import { useWords } from '../../i18n/use-words.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Field } from '../../ui/Field.tsx'
import { QueryView } from '../../ui/states.tsx'
import { Span, Time } from '../../ui/Time.tsx'
import { showToast } from '../../ui/toasts.tsx'
import { isShortOnly } from './countdown.ts'

const WHY = [
  'no-temperature',
  'history-hole',
  'heat-changed',
  'temperature-fell',
  'too-few-samples',
  'no-temperature-before',
  'does-not-fit',
  'not-recovered',
] as const

/** Times without cooling, which of them count, and how the room learns better: `limitCelsius` is what is foretold while nothing is lost, else null. */
export function Gaps({ roomId, limitCelsius: limit }: { roomId: number; limitCelsius: number | null }) {
  const { t } = useTranslation('thermal')
  const words = useWords()
  const mayWrite = useMay('rooms.write')
  const [leaving, setLeaving] = useState<CoolingGap>()
  const query = useQuery(queries.thermal.gaps.queryOptions({ input: { roomId } }))
  const onError = (error: unknown): void => showToast({ kind: 'error', text: words.error(error) })
  const putBack = useMutation(queries.thermal.putBack.mutationOptions({ onSuccess: () => refetchTopic('thermal'), onError }))
  const number = (value: number | null, write: (value: number) => string) => (value === null ? '—' : write(value))
  return (
    <>
      <h3>{t('gaps.title')}</h3>
      <QueryView query={query}>
        {(data) => {
          const gaps = data as CoolingGap[]
          const teach = limit === null ? '' : t('gaps.teach', { limit })
          if (gaps.length === 0) return <p className="muted">{t('gaps.none', { teach })}</p>
          return (
            <>
              {limit !== null && isShortOnly(gaps, limit) && (
                <p className="gaps-teach" data-testid="gaps-teach">
                  {t('gaps.short', { teach })}
                </p>
              )}
              <DataTable
                rows={gaps}
                rowKey={({ id }) => id}
                caption={t('gaps.title')}
                rowTestId={({ id }) => `gap-${id}`}
                columns={[
                  { key: 'when', title: t('gaps.when'), render: ({ startMs }) => <Time ms={startMs} /> },
                  { key: 'cause', title: t('gaps.cause'), render: ({ cause }) => t(`gaps.causeShort.${cause}`) },
                  { key: 'length', title: t('gaps.length'), render: ({ startMs, endMs }) => <Span ms={endMs - startMs} /> },
                  { key: 'rise', title: t('gaps.rise'), render: ({ riseKelvin }) => number(riseKelvin, (rise) => `${rise.toFixed(1)} ℃`) },
                  {
                    key: 'constant',
                    title: t('gaps.constant'),
                    render: ({ timeConstantSeconds }) =>
                      number(timeConstantSeconds, (count) => t('gaps.seconds', { count: Math.round(count) })),
                  },
                  {
                    key: 'use',
                    title: t('gaps.use'),
                    className: 'wrap-any',
                    render: (gap) => (
                      <Use
                        gap={gap}
                        mayWrite={mayWrite}
                        onLeaveOut={() => setLeaving(gap)}
                        onPutBack={() => putBack.mutate({ gapId: gap.id })}
                      />
                    ),
                  },
                ]}
              />
            </>
          )
        }}
      </QueryView>
      {leaving && <LeaveOutDialog gap={leaving} onClose={() => setLeaving(undefined)} />}
    </>
  )
}

function Use({ gap, mayWrite, onLeaveOut, onPutBack }: { gap: CoolingGap; mayWrite: boolean; onLeaveOut(): void; onPutBack(): void }) {
  const { t } = useTranslation('thermal')
  if (gap.leftOut)
    return (
      <>
        {t('gaps.leftOut', { name: gap.leftOut.by, reason: gap.leftOut.reason })}{' '}
        {mayWrite && (
          <Button size="small" type="link" onClick={onPutBack} data-testid={`gap-put-back-${gap.id}`}>
            {t('gaps.putBack')}
          </Button>
        )}
      </>
    )
  if (gap.notLearned !== null) {
    const why = WHY.find((one) => one === gap.notLearned) ?? 'other'
    return `${t('gaps.notLearned')} · ${t(`gaps.why.${why}`)}`
  }
  return (
    <>
      {t('gaps.used')}{' '}
      {mayWrite && (
        <Button size="small" type="link" onClick={onLeaveOut} data-testid={`gap-leave-out-${gap.id}`}>
          {t('gaps.leaveOut')}
        </Button>
      )}
    </>
  )
}

function LeaveOutDialog({ gap, onClose }: { gap: CoolingGap; onClose: () => void }) {
  const { t } = useTranslation('thermal')
  const { t: common } = useTranslation()
  const words = useWords()
  const [reason, setReason] = useState('')
  const leaveOut = useMutation(
    queries.thermal.leaveOut.mutationOptions({
      onSuccess: () => {
        refetchTopic('thermal')
        onClose()
      },
    }),
  )
  return (
    <Modal
      open
      title={t('gaps.leaveOutTitle')}
      okText={t('gaps.leaveOut')}
      okButtonProps={{ disabled: reason.trim() === '' }}
      cancelText={common('common.cancel')}
      confirmLoading={leaveOut.isPending}
      onOk={() => leaveOut.mutate({ gapId: gap.id, reason: reason.trim() })}
      onCancel={onClose}
    >
      <p>{t('gaps.leaveOutNote')}</p>
      {leaveOut.error && <Alert type="error" showIcon title={words.error(leaveOut.error)} />}
      <Field label={t('gaps.reason')} required>
        <Input value={reason} maxLength={4000} data-testid="gap-reason" onChange={(event) => setReason(event.target.value)} />
      </Field>
    </Modal>
  )
}
