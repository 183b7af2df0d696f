import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router'
import { queries } from '../../client/api.ts'
import { serverClock } from '../../client/clock.ts'
import { useMe } from '../../client/session.ts'
import { blankRecord } from '../../features/registers/blank-record.ts'
import { originOf, prefillOf } from '../../features/registers/new-record.ts'
import { type RegisterEntry, useRegisterChoices, useRegisters } from '../../features/registers/use-registers.ts'
import { Empty, Loading, QueryView } from '../../ui/states.tsx'
import { RecordBody } from './RecordBody.tsx'
import './registers-page.css'

/** One record of a register; `new` is one that begins with its first change, and then has an address of its own. */
export function RecordPage() {
  const { register = '', recordId = '' } = useParams()
  const { t } = useTranslation('registers')
  const registers = useRegisters()
  // A record that has just begun here keeps its form: nobody's typing is interrupted by its new address.
  const [open, setOpen] = useState({ address: `${register}/${recordId}`, begun: '', key: 0 })
  const address = `${register}/${recordId}`
  if (address !== open.address) setOpen({ address, begun: '', key: address === open.begun ? open.key : open.key + 1 })
  return (
    <QueryView query={registers}>
      {(entries) => {
        const entry = entries.find(({ definition }) => definition.name === register)
        if (!entry)
          return (
            <Empty>
              {t('noRegister')} <Link to="/registers">{t('title')}</Link>
            </Empty>
          )
        const onBegun = (id: number) => setOpen((before) => ({ ...before, begun: `${register}/${id}` }))
        return <OpenRecord key={open.key} entry={entry} recordId={recordId} onBegun={onBegun} />
      }}
    </QueryView>
  )
}

function OpenRecord({ entry, recordId, onBegun }: { entry: RegisterEntry; recordId: string; onBegun: (id: number) => void }) {
  const { definition } = entry
  const me = useMe()
  const navigate = useNavigate()
  const [search] = useSearchParams()
  const isNew = recordId === 'new'
  const choices = useRegisterChoices()
  const [blank] = useState(() => blankRecord(definition, { accountId: me.id, roles: me.roles, name: me.name }, serverClock.nowMs()))
  const [origin] = useState(() => originOf(search))
  const [openedAtMs] = useState(() => serverClock.nowMs())
  const input = { register: definition.name, recordId: Number(recordId) || 0 }
  const query = useQuery({ ...queries.registers.get.queryOptions({ input }), enabled: !isNew })
  if (isNew && choices.isPending) return <Loading />
  const record = isNew ? blank : query.data
  if (!record) return <QueryView query={query}>{() => null}</QueryView>
  // One element for both: the form of a new record stays where it is, with what is being typed, when it gets its address.
  return (
    <RecordBody
      entry={entry}
      record={record}
      prefilled={isNew ? prefillOf(definition, search, choices.data?.rooms ?? [], openedAtMs) : undefined}
      origin={origin}
      onBegun={(made) => {
        onBegun(made.id)
        void navigate(`/registers/${definition.name}/${made.id}`, { replace: true })
      }}
    />
  )
}
