import type { WholeRecord } from '@roomkeeper/shared/http'
import { api, errorCode, errorIssues } from '../api.ts'
import { recordFilesUrl, uploadBytes } from '../photos.ts'
import type { Trouble } from './paper.ts'
import { type FailureKind, firstFields, type RecordServer } from './send-paper.ts'

/** Papers by way of the HTTP interface. */
export const httpRecordServer: RecordServer = {
  create: (paper) =>
    api.registers.create({
      register: paper.register,
      clientKey: paper.key,
      fields: firstFields(paper),
      ...(paper.scheduleId === null ? {} : { scheduleId: paper.scheduleId }),
    }) as Promise<WholeRecord>,
  upload: ({ register, recordId }, { field, name, blob }) =>
    uploadBytes<{ id: number }>(recordFilesUrl(register, recordId, field, name), blob),
  save: ({ register, recordId, revision, fields }) => api.registers.save({ register, recordId, revision, fields }) as Promise<WholeRecord>,
  move: ({ register, recordId, revision, waiting }) =>
    api.registers.move({
      register,
      recordId,
      revision,
      move: waiting.move,
      comment: waiting.comment,
      ...(waiting.drawing === null ? {} : { signature: { drawing: waiting.drawing } }),
      ...(waiting.roomKey === null ? {} : { roomKey: waiting.roomKey }),
      ...(waiting.wasOffline ? { claimedAtMs: waiting.atMs } : {}),
    }) as Promise<WholeRecord>,
  get: ({ register, recordId }) => api.registers.get({ register, recordId }) as Promise<WholeRecord>,
}

/** A server that is being updated, or has too much to do, is one that does not answer: the paper waits. */
export function failureKindOf(error: unknown): FailureKind {
  switch (errorCode(error)) {
    case 'UNAUTHORIZED':
      return 'signed-out'
    case 'CONFLICT':
      return 'conflict'
    case 'FORBIDDEN':
    case 'NOT_FOUND':
    case 'INVALID':
      return 'refused'
    default:
      return 'network'
  }
}

export function refusalOf(error: unknown): Trouble & { kind: 'refused' } {
  return { kind: 'refused', message: error instanceof Error ? error.message : String(error), issues: errorIssues(error) }
}
