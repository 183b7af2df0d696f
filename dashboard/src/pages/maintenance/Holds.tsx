import { StopOutlined } from '@ant-design/icons'
import type { Hold } from '@roomkeeper/shared/http'
import { SHELVE_MAX_HOURS } from '@roomkeeper/shared/model'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { queries } from '../../client/api.ts'
import { serverClock } from '../../client/clock.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { useMay } from '../../client/session.ts'
import { EndHoldButton } from '../../features/alarms/EndHoldButton.tsx'
import { HoldDialog } from '../../features/alarms/HoldDialog.tsx'
import { ExtendDialog, type HoldToExtend } from '../../features/alarms/HoldDialogs.tsx'
import { nameIn } from '../../i18n/bilingual.ts'
import { useWords } from '../../i18n/use-words.ts'
import { type Column, DataTable } from '../../ui/DataTable.tsx'
import { Empty, QueryView } from '../../ui/states.tsx'
import { Span, Time } from '../../ui/Time.tsx'
import { showToast } from '../../ui/toasts.tsx'
import { type Target, TargetChoice } from './TargetChoice.tsx'

/** Without an end for so long: somebody has probably forgotten it. */
const FORGOTTEN_MS = 30 * 86_400_000

/** What is silent by a person's decision, open or over. */
export function Holds({ scope }: { scope: 'open' | 'ended' }) {
  const { t } = useTranslation('life')
  const mayMaintain = useMay('maintenance.write')
  const query = useQuery(queries.life.holds.queryOptions({ input: { scope } }))
  const [extending, setExtending] = useState<HoldToExtend | null>(null)
  const [isTakingOut, setIsTakingOut] = useState(false)
  const columns = useColumns(scope, setExtending)
  const takeOut = scope === 'open' && mayMaintain && (
    <Button icon={<StopOutlined />} data-testid="take-out" onClick={() => setIsTakingOut(true)}>
      {t('maintenance.takeOut')}
    </Button>
  )
  return (
    <>
      <div className="panel">
        <QueryView query={query}>
          {(holds) =>
            holds.length === 0 ? (
              <Empty>
                {t(`maintenance.none.${scope}`)}
                {takeOut}
              </Empty>
            ) : (
              <>
                {takeOut && <div className="alarm-tools">{takeOut}</div>}
                <DataTable
                  rows={holds}
                  columns={columns}
                  rowKey={({ id }) => id}
                  rowTestId={({ id }) => `hold-${id}`}
                  caption={t(`maintenance.tab.${scope}`)}
                />
              </>
            )
          }
        </QueryView>
      </div>
      {extending && <ExtendDialog hold={extending} onClose={() => setExtending(null)} />}
      {isTakingOut && <TakeOutDialog onClose={() => setIsTakingOut(false)} />}
    </>
  )
}

function useColumns(scope: 'open' | 'ended', onExtend: (hold: HoldToExtend) => void): Column<Hold>[] {
  const { t } = useTranslation('life')
  const words = useWords()
  const mayShelve = useMay('alarms.shelve')
  const mayMaintain = useMay('maintenance.write')
  const labelOf = (hold: Hold) => nameIn({ name: hold.label, nameEn: hold.labelEn }, words.language)
  const end: Column<Hold> =
    scope === 'open'
      ? { key: 'until', title: t('maintenance.until'), render: (hold) => <Until hold={hold} /> }
      : {
          key: 'ended',
          title: t('maintenance.endedAt'),
          render: (hold) => (
            <span>
              <Time ms={hold.endedAtMs} /> <span className="muted">{hold.endedBy ?? t('maintenance.byItself')}</span>
            </span>
          ),
        }
  return [
    {
      key: 'kind',
      title: t('maintenance.kind'),
      className: 'no-label',
      render: ({ kind }) => (
        <span className={`mark ${kind === 'shelve' ? 'mark-plain' : 'mark-medium'}`}>{t(`maintenance.kindOf.${kind}`)}</span>
      ),
    },
    {
      key: 'what',
      title: t('maintenance.what'),
      className: 'no-label wrap-any',
      render: (hold) => (
        <span>
          <span className="muted">{t(`scope.${hold.scope}`)}</span>{' '}
          {hold.roomId === null ? labelOf(hold) : <Link to={`/rooms/${hold.roomId}`}>{labelOf(hold)}</Link>}
        </span>
      ),
    },
    { key: 'from', title: t('maintenance.from'), render: ({ fromMs }) => <Time ms={fromMs} /> },
    end,
    {
      key: 'reason',
      title: t('maintenance.reason'),
      className: 'wrap-any',
      render: ({ by, reason }) => (
        <span>
          {by}: {reason}
        </span>
      ),
    },
    ...(scope === 'open'
      ? [
          {
            key: 'standing',
            title: t('maintenance.standing'),
            render: ({ standing }: Hold) =>
              standing > 0 ? (
                <Link to="/alarms?scope=silent">{t('maintenance.standingCount', { count: standing })}</Link>
              ) : (
                <span className="muted">0</span>
              ),
          },
          {
            key: 'actions',
            title: '',
            className: 'actions',
            render: (hold: Hold) =>
              (hold.kind === 'shelve' ? mayShelve : mayMaintain) && (
                <span className="form-actions alarm-actions">
                  <Button
                    size="small"
                    data-testid={`hold-extend-${hold.id}`}
                    onClick={() =>
                      // The longest of any; the server knows the alarm's own priority and says what is allowed.
                      onExtend({
                        holdId: hold.id,
                        kind: hold.kind,
                        label: labelOf(hold),
                        maxHours: hold.kind === 'shelve' ? SHELVE_MAX_HOURS.low : undefined,
                      })
                    }
                  >
                    {t('action.extendShort')}
                  </Button>
                  <EndHoldButton holdId={hold.id} kind={hold.kind} />
                </span>
              ),
          },
        ]
      : []),
  ]
}

function Until({ hold }: { hold: Hold }) {
  const { t } = useTranslation('life')
  const nowMs = serverClock.nowMs()
  if (hold.untilMs === null)
    return nowMs - hold.fromMs > FORGOTTEN_MS ? (
      <span className="mark mark-high mark-wrap">{t('maintenance.forgotten')}</span>
    ) : (
      <span>{t('hold.openEnded')}</span>
    )
  return (
    <span>
      <Time ms={hold.untilMs} />{' '}
      <span className="muted">
        ({t('maintenance.left')} <Span ms={hold.untilMs - nowMs} />)
      </span>
    </span>
  )
}

function TakeOutDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('life')
  const { t: common } = useTranslation()
  const [roomId, setRoomId] = useState<number | undefined>()
  const [target, setTarget] = useState<Target | undefined>()
  const [isTried, setIsTried] = useState(false)
  const takeOut = useMutation(
    queries.life.takeOut.mutationOptions({
      onSuccess: () => {
        refetchTopic('alarms')
        refetchTopic('rooms')
        showToast({ kind: 'success', text: t('hold.takenOut') })
        onClose()
      },
    }),
  )
  return (
    <HoldDialog
      title={t('hold.outTitle')}
      about={
        <TargetChoice
          roomId={roomId}
          target={target}
          error={isTried && !target ? common('errors.required') : undefined}
          onChange={(nextRoom, nextTarget) => {
            setRoomId(nextRoom)
            setTarget(nextTarget)
          }}
        />
      }
      effect={t(`hold.outEffect.${target?.scope ?? 'device'}`)}
      isGrave={target?.scope === 'room'}
      kind="out-of-service"
      confirm={t('hold.takeOut')}
      maxHours={undefined}
      isPending={takeOut.isPending}
      error={takeOut.error}
      onConfirm={(untilMs, reason) => {
        setIsTried(true)
        if (target) takeOut.mutate({ scope: target.scope, scopeId: target.scopeId, untilMs, reason })
      }}
      onClose={onClose}
    />
  )
}
