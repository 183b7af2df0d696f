import type { AllClearPlan } from '@roomkeeper/shared/http'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, Button, Input, Popconfirm, Select, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { useMay } from '../../client/session.ts'
import { useWords } from '../../i18n/use-words.ts'
import { Field } from '../../ui/Field.tsx'
import { showToast } from '../../ui/toasts.tsx'
import { zonedText } from '../maintenance/occurrences.ts'

interface Props {
  allClear: AllClearPlan & { nextAtMs: number | null; lastAtMs: number | null }
  timeZone: string
}

/** The daily message that says that all is well: whoever misses it knows that something is wrong. */
export function AllClear({ allClear, timeZone }: Props) {
  const { t } = useTranslation('life')
  const { t: common } = useTranslation()
  const words = useWords()
  const mayWrite = useMay('proof.write')
  const { enabled, at, contactIds, channelIds } = allClear
  const [draft, setDraft] = useState<AllClearPlan>({ enabled, at, contactIds, channelIds })
  const set = (change: Partial<AllClearPlan>) => setDraft((before) => ({ ...before, ...change }))
  const isDirty = JSON.stringify(draft) !== JSON.stringify({ enabled, at, contactIds, channelIds })
  const isToNobody = draft.enabled && draft.contactIds.length + draft.channelIds.length === 0
  const receivers = useReceivers(mayWrite)
  const save = useMutation(
    queries.proof.putAllClear.mutationOptions({
      onSuccess: () => {
        refetchTopic('proof')
        showToast({ kind: 'success', text: common('common.saved') })
      },
    }),
  )
  const send = useMutation(queries.proof.sendAllClear.mutationOptions({ onSettled: () => refetchTopic('notices') }))
  const error = save.error ?? send.error
  return (
    <section className="panel" data-testid="all-clear">
      <div className="panel-head">
        <h2>{t('allClear.title')}</h2>
        <Switch
          checked={draft.enabled}
          disabled={!mayWrite}
          checkedChildren={t('proof.on')}
          unCheckedChildren={t('proof.offShort')}
          aria-label={t('allClear.title')}
          data-testid="all-clear-enabled"
          onChange={(next) => set({ enabled: next })}
        />
        <span className="muted">{t('allClear.note')}</span>
      </div>
      <div className="panel-body proof-body">
        {error && <Alert type="error" showIcon role="alert" title={words.error(error)} />}
        {isToNobody && <Alert type="warning" showIcon title={t('allClear.toNobody')} />}
        <p>
          {t('allClear.last', {
            time: allClear.lastAtMs === null ? t('allClear.never') : zonedText(allClear.lastAtMs, timeZone),
          })}
          {' · '}
          {allClear.nextAtMs === null
            ? t('allClear.off')
            : t('allClear.next', { time: zonedText(allClear.nextAtMs, timeZone), zone: timeZone })}
        </p>
        <div className="plan-fields">
          <Field label={t('proof.at', { zone: timeZone })}>
            <Input type="time" value={draft.at} disabled={!mayWrite} onChange={(event) => set({ at: event.target.value.slice(0, 5) })} />
          </Field>
          {mayWrite && (
            <Field label={t('allClear.people')} hint={t(receivers.people.length === 0 ? 'allClear.noPeople' : 'allClear.peopleHint')}>
              <Select
                mode="multiple"
                value={draft.contactIds}
                optionFilterProp="label"
                data-testid="all-clear-people"
                options={receivers.people}
                onChange={(next: number[]) => set({ contactIds: next })}
              />
            </Field>
          )}
          {mayWrite && (
            <Field label={t('allClear.places')} hint={t(receivers.places.length === 0 ? 'allClear.noPlaces' : 'allClear.placesHint')}>
              <Select
                mode="multiple"
                value={draft.channelIds}
                optionFilterProp="label"
                options={receivers.places}
                onChange={(next: number[]) => set({ channelIds: next })}
              />
            </Field>
          )}
        </div>
        {mayWrite && (
          <div className="form-actions">
            <Button
              type="primary"
              disabled={!isDirty}
              loading={save.isPending}
              data-testid="all-clear-save"
              onClick={() => save.mutate(draft)}
            >
              {common('common.save')}
            </Button>
            <Popconfirm
              title={t('allClear.sendQuestion')}
              okText={t('allClear.send')}
              cancelText={common('common.cancel')}
              onConfirm={() => send.mutate(undefined)}
            >
              <Button
                disabled={isDirty || contactIds.length + channelIds.length === 0}
                loading={send.isPending}
                data-testid="all-clear-send"
              >
                {t('allClear.send')}
              </Button>
            </Popconfirm>
          </div>
        )}
        {send.data && (
          <div className="all-clear-sent" role="status">
            <b>{words.half(send.data.title)}</b>
            <pre>{send.data.text}</pre>
            <span className="muted">{t('allClear.queued', { count: send.data.queued })}</span>
          </div>
        )}
      </div>
    </section>
  )
}

/** People by their contacts, and places by their channels. */
function useReceivers(isWanted: boolean): { people: { value: number; label: string }[]; places: { value: number; label: string }[] } {
  const contacts = useQuery({ ...queries.notices.contacts.queryOptions({ input: {} }), enabled: isWanted }).data ?? []
  const channels = useQuery({ ...queries.notices.channels.queryOptions(), enabled: isWanted }).data ?? []
  const kinds = useQuery({ ...queries.notices.channelKinds.queryOptions(), enabled: isWanted }).data ?? []
  const people = useQuery({ ...queries.notices.people.queryOptions(), enabled: isWanted }).data ?? []
  const personOf = new Map(people.map(({ accountId, name }) => [accountId, name]))
  const channelOf = new Map(channels.map(({ id, label }) => [id, label]))
  const isPlace = (kind: string) => kinds.some(({ name, address }) => name === kind && address === null)
  return {
    people: contacts
      .filter(({ enabled }) => enabled)
      .map(({ id, accountId, channelId, address }) => ({
        value: id,
        label: [personOf.get(accountId) ?? `#${accountId}`, channelOf.get(channelId), address].filter(Boolean).join(' · '),
      })),
    // An outside watcher takes heartbeats only.
    places: channels.filter(({ kind }) => isPlace(kind) && kind !== 'watcher').map(({ id, label }) => ({ value: id, label })),
  }
}
