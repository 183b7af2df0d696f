import { FilePdfOutlined, PrinterOutlined } from '@ant-design/icons'
import type { WholeRecord } from '@roomkeeper/shared/http'
import { mayAmend, type RecordFields, type RegisterDefinition, stateOf } from '@roomkeeper/shared/registers'
import { Button } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { api } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { recordPdfUrl } from '../../client/register-files.ts'
import { useMe } from '../../client/session.ts'
import { MoveBar } from '../../features/registers/MoveBar.tsx'
import { RecordForm } from '../../features/registers/RecordForm.tsx'
import { RecordLinks } from '../../features/registers/RecordLinks.tsx'
import { RecordState } from '../../features/registers/RecordState.tsx'
import { RecordTimeline } from '../../features/registers/RecordTimeline.tsx'
import { RecordView } from '../../features/registers/RecordView.tsx'
import { hasSheetItems, settledFields } from '../../features/registers/record-fields.ts'
import { isQuick } from '../../features/registers/register-list.ts'
import { RecordSheet } from '../../features/registers/sheets/RecordSheet.tsx'
import { useMoves } from '../../features/registers/use-moves.tsx'
import { type RecordOrigin, rememberRecord, useRecordDraft } from '../../features/registers/use-record-draft.ts'
import type { RegisterEntry } from '../../features/registers/use-registers.ts'
import { useTurnWords } from '../../features/registers/use-turn-words.ts'
import { useWords } from '../../i18n/use-words.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import { Time } from '../../ui/Time.tsx'

interface Props {
  entry: RegisterEntry
  record: WholeRecord
  prefilled?: RecordFields
  origin?: RecordOrigin
  onBegun?: (record: WholeRecord) => void
}

type StrikeOut = (fileId: number, reason: string) => Promise<unknown>

/** A record: its head, its form or what it says, what can be done with it, and what happened to it. */
export function RecordBody(props: Props) {
  const { entry, record } = props
  const { definition } = entry
  const navigate = useNavigate()
  const me = useMe()
  const [moves, setMoves] = useState(0)
  const strikeOut: StrikeOut = async (fileId, reason) => {
    rememberRecord(await api.registers.strikeFile({ register: record.register, recordId: record.id, fileId, reason }))
    refetchTopic('registers')
  }
  const onMoved = (moved: WholeRecord) => {
    setMoves((count) => count + 1)
    // What was thrown away is of no more interest.
    if (stateOf(definition, moved.state)?.void) void navigate(`/registers/${definition.name}`)
    else if (record.id === 0) void navigate(`/registers/${definition.name}/${moved.id}`, { replace: true })
  }
  const parts = { ...props, definition, onMoved, strikeOut }
  const asking = { accountId: me.id, roles: me.roles }
  const isAmendable = mayAmend(definition, { ...record, movedBy: [] }, asking)
  return (
    <>
      <RecordHead definition={definition} record={record} />
      <div className={`record-page ${record.id === 0 ? 'record-page-new' : ''}`}>
        <div className="record-main">
          {record.maySave ? (
            <EditedRecord key={`${record.state}${moves}`} {...parts} />
          ) : (
            <ReadRecord key={`${record.state}${moves}`} {...parts} isAmendable={isAmendable} />
          )}
          <RecordSheet definition={definition} record={record} />
        </div>
        {record.id !== 0 && (
          <div className="record-side">
            <RecordLinks record={record} />
            <RecordTimeline definition={definition} record={record} />
          </div>
        )}
      </div>
    </>
  )
}

function RecordHead({ definition, record }: { definition: RegisterDefinition; record: WholeRecord }) {
  const { t, i18n } = useTranslation('registers')
  const { t: common } = useTranslation()
  const words = useWords()
  const turn = useTurnWords()(definition, record)
  return (
    <>
      <PageHead
        title={
          <>
            <Link to={`/registers/${definition.name}`} className="no-print">
              {words.of(definition.title)}
            </Link>
            <span className="no-print"> › </span>
            {record.id === 0 ? t('new') : record.number}
          </>
        }
        note={record.id === 0 ? words.of(definition.summary) : record.title}
      >
        {record.id !== 0 && (
          <>
            <Button
              icon={<FilePdfOutlined />}
              href={recordPdfUrl(definition.name, record.id, i18n.language)}
              target="_blank"
              data-testid="record-pdf"
            >
              PDF
            </Button>
            <Button className="hide-phone" icon={<PrinterOutlined />} onClick={() => window.print()}>
              {common('common.print')}
            </Button>
          </>
        )}
      </PageHead>
      {record.id !== 0 && (
        <div className="record-status" data-testid="record-status">
          <RecordState definition={definition} record={record} />
          {turn && <b>{t('turn', { who: turn })}</b>}
          {record.dueAtMs !== null && (
            <span className={record.overdue ? 'record-overdue' : ''}>
              {t(record.overdue ? 'overdueSince' : 'until')} <Time ms={record.dueAtMs} />
            </span>
          )}
          <span className="muted">
            {[record.roomName !== record.title && record.roomName, t('begunBy', { name: record.createdBy })].filter(Boolean).join(' · ')}{' '}
            <Time ms={record.createdAtMs} />
          </span>
        </div>
      )}
    </>
  )
}

type Parts = Props & { definition: RegisterDefinition; onMoved: (record: WholeRecord) => void; strikeOut: StrikeOut }

function EditedRecord({ definition, record, prefilled, origin, onBegun, onMoved, strikeOut }: Parts) {
  const form = useRecordDraft({ definition, record, prefilled, origin, onBegun })
  const moves = useMoves({ definition, record, form, onMoved })
  const settled = settledFields(definition, record.state, form.state.fields)
  // What is to be looked at follows from the room: the server writes it when the record begins.
  const mustBegin = record.id === 0 && hasSheetItems(definition) && form.state.fields.room !== undefined
  const { recordId } = form
  // biome-ignore lint/correctness/useExhaustiveDependencies: once; the draft tries again with its next change
  useEffect(() => {
    if (mustBegin) void recordId().catch(() => undefined)
  }, [mustBegin])
  return (
    <Panel innerRef={moves.box}>
      {settled.length > 0 && <RecordView definition={definition} record={record} fields={settled} strikeOut={strikeOut} />}
      <RecordForm
        definition={definition}
        record={record}
        form={form}
        problems={moves.problems}
        isShort={record.phase === 'draft' && isQuick(definition.name)}
        strikeOut={strikeOut}
      />
      <MoveBar definition={definition} record={record} moves={moves} />
    </Panel>
  )
}

function ReadRecord({ definition, record, onMoved, isAmendable }: Parts & { isAmendable: boolean }) {
  const moves = useMoves({ definition, record, onMoved })
  // A finished record may be given what was never written into it.
  const fields = isAmendable ? definition.fields : settledOrFilled(definition, record)
  return (
    <Panel innerRef={moves.box}>
      <RecordView definition={definition} record={record} fields={fields} mayAmend={isAmendable} />
      <MoveBar definition={definition} record={record} moves={moves} />
    </Panel>
  )
}

function settledOrFilled(definition: RegisterDefinition, record: WholeRecord) {
  return definition.fields.filter(({ key }) => record.fields[key] !== undefined && record.fields[key] !== null)
}

function Panel({ innerRef, children }: { innerRef: React.RefObject<HTMLDivElement | null>; children: ReactNode }) {
  return (
    <div className="panel">
      <div className="panel-body" ref={innerRef}>
        {children}
      </div>
    </div>
  )
}
