import type { FirstRun } from '@roomkeeper/shared/http'
import { useMutation } from '@tanstack/react-query'
import { Button } from 'antd'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { queries } from '../../client/api.ts'
import { queryClient } from '../../client/query-client.ts'
import { setMe, useMe } from '../../client/session.ts'
import { rolesFor, type Step, type StepName } from '../../features/first-run/steps.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Secret } from '../../ui/Secret.tsx'
import { showToast } from '../../ui/toasts.tsx'

const RoomDialog = lazy(async () => ({ default: (await import('../../features/rooms/RoomDialog.tsx')).RoomDialog }))
const PairDialog = lazy(async () => ({ default: (await import('../agents/PairDialog.tsx')).PairDialog }))

interface Props {
  step: Step
  state: FirstRun
  /** The step to do now has the coloured button. */
  isNext: boolean
}

/** What a step is for, how it stands, and what does it. */
export function StepBody({ step: { name, state: stepState }, state, isNext }: Props) {
  const { t } = useTranslation('start')
  const words = useWords()
  const me = useMe()
  const may = me.roles.some((role) => rolesFor(name).includes(role))
  return (
    <>
      {stepState !== 'done' && <p>{t(`step.${name}.why`)}</p>}
      <StepFacts name={name} state={state} isDone={stepState === 'done'} />
      {/* The dialog stays until it has said that the agent is online. */}
      {stepState === 'done' && !(name === 'agent' && may) ? null : may ? (
        <div className="form-actions">
          <StepAction name={name} state={state} isNext={isNext} />
        </div>
      ) : (
        <p className="muted">{t('notAllowed', { roles: rolesFor(name).map(words.role).join(' · ') })}</p>
      )}
    </>
  )
}

function StepFacts({ name, state, isDone }: { name: StepName; state: FirstRun; isDone: boolean }): ReactNode {
  const { t } = useTranslation('start')
  const { rooms, agents, devices, onDuty, channels, drills } = state
  switch (name) {
    case 'password':
      return isDone && <p className="muted">{t('step.password.done')}</p>
    case 'room': {
      const [room] = rooms
      return room && <p className="muted">{t('step.room.done', { site: room.site, room: room.name, count: rooms.length })}</p>
    }
    case 'agent':
      if (isDone) return <p className="muted">{t('step.agent.done', { count: agents.arrived })}</p>
      if (agents.paired > 0) return <Secret label={t('step.agent.run')} text="roomkeeper agent run" />
      return agents.codes > 0 && <p>{t('step.agent.code')}</p>
    case 'device':
      if (isDone) return <p className="muted">{t('step.device.done', { count: devices.confirmed })}</p>
      if (devices.waiting > 0) return <p>{t('step.device.waiting', { count: devices.waiting })}</p>
      return agents.arrived > 0 && <p>{t('step.device.empty')}</p>
    case 'duty':
      return isDone && <p className="muted">{t('step.duty.done', { names: onDuty.join(' · ') })}</p>
    case 'channel':
      if (isDone) return <p className="muted">{t('step.channel.done', { count: channels.proved })}</p>
      return channels.enabled > 0 && <p>{t('step.channel.untested', { count: channels.enabled })}</p>
    case 'drill':
      if (isDone) return <p className="muted">{t('step.drill.done', { count: drills.passed })}</p>
      return drills.running > 0 && <p>{t('step.drill.running')}</p>
  }
}

function StepAction({ name, state, isNext }: { name: StepName; state: FirstRun; isNext: boolean }): ReactNode {
  const { t } = useTranslation('start')
  const navigate = useNavigate()
  const [isOpen, setIsOpen] = useState(false)
  const type = isNext ? 'primary' : 'default'
  const goTo = (path: string) => (
    <Button type={type} data-testid={`first-run-do-${name}`} onClick={() => void navigate(path)}>
      {t(`step.${name}.action`)}
    </Button>
  )
  const open = (text: string) => (
    <Button type={type} data-testid={`first-run-do-${name}`} onClick={() => setIsOpen(true)}>
      {text}
    </Button>
  )
  const close = () => {
    setIsOpen(false)
    void queryClient.invalidateQueries({ queryKey: queries.firstRun.key() })
  }
  const [room] = state.rooms
  switch (name) {
    case 'password':
      return null
    case 'room':
      return (
        <>
          {open(t('step.room.action'))}
          <Suspense>{isOpen && <RoomDialog onClose={close} />}</Suspense>
        </>
      )
    case 'agent':
      return (
        <>
          {state.agents.arrived === 0 && open(t(state.agents.codes > 0 ? 'step.agent.again' : 'step.agent.action'))}
          <Suspense>{isOpen && <PairDialog {...(room ? { site: room.site, room: room.name } : {})} onClose={close} />}</Suspense>
        </>
      )
    case 'device':
      return goTo('/devices?scope=new')
    case 'duty':
      return (
        <>
          <OnDuty type={type} />
          <Link to="/roster">{t('step.duty.more')}</Link>
        </>
      )
    case 'channel':
      return goTo('/notices?tab=channels')
    case 'drill':
      return goTo('/proof')
  }
}

function OnDuty({ type }: { type: 'primary' | 'default' }) {
  const { t } = useTranslation('start')
  const words = useWords()
  const setDuty = useMutation(
    queries.session.setDuty.mutationOptions({
      onSuccess: (me) => {
        setMe(me)
        void queryClient.invalidateQueries({ queryKey: queries.firstRun.key() })
      },
      onError: (error) => showToast({ kind: 'error', text: words.error(error) }),
    }),
  )
  return (
    <Button type={type} loading={setDuty.isPending} data-testid="first-run-do-duty" onClick={() => setDuty.mutate({ onDuty: true })}>
      {t('step.duty.action')}
    </Button>
  )
}
