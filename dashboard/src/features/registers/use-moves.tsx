import type { WholeRecord } from '@roomkeeper/shared/http'
import { checkFields, type FieldProblem, type Move, type RegisterDefinition } from '@roomkeeper/shared/registers'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, errorCode } from '../../client/api.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { roomKeyOf } from '../../client/room-key.ts'
import { useWords } from '../../i18n/use-words.ts'
import { showFirstError } from '../../ui/show-first-error.ts'
import { showToast } from '../../ui/toasts.tsx'
import { sheetItems } from './checklist.ts'
import { referenceOf } from './ReferenceInputs.tsx'
import type { Signed } from './SignDialog.tsx'
import { useIssues } from './use-issues.ts'
import { type RecordDraft, rememberRecord, savable } from './use-record-draft.ts'

interface Options {
  definition: RegisterDefinition
  record: WholeRecord
  /** Absent: nothing can be changed by this person now, only moved on. */
  form?: RecordDraft
  onMoved: (record: WholeRecord) => void
}

/** Asked about before it is done: signed, explained, dangerous, or past the approval. */
export function needsDialog(definition: RegisterDefinition, move: Move): boolean {
  const isVoid = definition.states.find(({ name }) => name === move.to)?.void === true
  return Boolean(move.signature || move.commentRequired || move.danger || move.emergency || isVoid)
}

/** Moving a record on: what is missing is shown at its field, what must be signed is asked for, what another wrote meanwhile is seen first. */
export function useMoves({ definition, record, form, onMoved }: Options) {
  const { t } = useTranslation('registers')
  const words = useWords()
  const issues = useIssues()
  const box = useRef<HTMLDivElement>(null)
  const [problems, setProblems] = useState<readonly FieldProblem[]>([])
  const [error, setError] = useState<unknown>(null)
  const [asked, setAsked] = useState<Move | null>(null)
  const [running, setRunning] = useState<string | null>(null)

  /** What the room's printed code said, where it was scanned a moment ago: the move is marked as made at the room. */
  function atRoom(move: Move): { roomKey?: string } {
    const roomId = record.roomId ?? referenceOf(form?.draft.get().fields.room)?.id
    const roomKey = move.atRoom && roomId ? roomKeyOf(roomId) : null
    return roomKey === null ? {} : { roomKey }
  }

  function showProblems(found: readonly FieldProblem[]): void {
    setAsked(null)
    setProblems(found)
    if (box.current) showFirstError(box.current)
  }

  async function start(move: Move): Promise<void> {
    setError(null)
    const fields = form?.draft.get().fields ?? record.fields
    const found = checkFields(definition, fields, { move, items: sheetItems(record.sheet) })
    setProblems(found)
    if (found.length > 0) return showProblems(found)
    if (needsDialog(definition, move)) return setAsked(move)
    setRunning(move.name)
    try {
      await make(move, { comment: '' })
    } catch (failure) {
      setError(failure)
    } finally {
      setRunning(null)
    }
  }

  /** Throws what the dialog shows; what is wrong with fields is shown there, and the dialog goes. */
  async function make(move: Move, signed: Signed): Promise<void> {
    const newsBefore = form?.draft.get().news
    await form?.draft.settle()
    try {
      // What another person has just saved is seen before it is moved on.
      if (form && (form.draft.get().status === 'conflict' || form.draft.get().news !== newsBefore)) {
        setAsked(null)
        showToast({ kind: 'info', text: t('move.changedMeanwhile') })
        return
      }
      const recordId = form ? await form.recordId() : record.id
      const state = form?.draft.get()
      const moved = await api.registers.move({
        register: definition.name,
        recordId,
        move: move.name,
        revision: state?.revision ?? record.revision,
        fields: state ? savable(definition, record.state, state.fields) : {},
        ...signed,
        ...atRoom(move),
      })
      form?.draft.finish()
      rememberRecord(moved)
      refetchTopic('registers')
      setAsked(null)
      showToast({ kind: 'success', text: t('move.done', { move: words.of(move.label) }) })
      onMoved(moved)
    } catch (failure) {
      const found = issues(failure)
      if (found.length > 0) return showProblems(found)
      if (errorCode(failure) === 'CONFLICT' && form) {
        const latest = await api.registers.get({ register: definition.name, recordId: await form.recordId() })
        form.draft.adopt({ fields: latest.fields, revision: latest.revision, by: latest.changedBy, atMs: latest.changedAtMs })
        rememberRecord(latest)
      } else if (errorCode(failure) === 'CONFLICT') refetchTopic('registers')
      throw failure
    } finally {
      form?.draft.resume()
    }
  }

  return { box, problems, error, asked, running, start, make, close: () => setAsked(null) }
}
export type Moves = ReturnType<typeof useMoves>
