import { FILE_MAX_BYTES, FILE_TYPES, type RecordFile } from '@roomkeeper/shared/http'
import { answerPhoto, idOfPath, requirePhoto } from '../photos/photo-answers.ts'
import type { Registers } from '../registers/registers.ts'
import type { ExtraRoute } from './http-server.ts'

/**
 * `POST /api/registers/:register/records/:recordId/files?key=&name=`: the bytes of one photo as the body. `GET /api/record-files/:fileId`: the bytes again.
 * Files are in the database, so that a backup holds them. Who may is asked of the record's register.
 */
export function recordFileRoutes({ registers }: { registers: Pick<Registers, 'addFile' | 'file'> }): ExtraRoute[] {
  return [
    {
      method: 'POST',
      path: '/api/registers/:register/records/:recordId/files',
      permission: 'registers.read',
      summary: `Add a photo or a drawn signature to a record: the bytes (JPEG, PNG or WebP, up to ${FILE_MAX_BYTES / 1e6} MB) as the body, its field as ?key= and its name as ?name=`,
      body: { types: FILE_TYPES, maxBytes: FILE_MAX_BYTES },
      handler: async (request, response, actor) => {
        const { bytes, type } = requirePhoto(request.body)
        const { key, name } = request.query
        const { file, isNew } = await registers.addFile(actor, {
          register: String(request.params.register),
          recordId: idOfPath(request.params.recordId),
          key: typeof key === 'string' ? key : '',
          name: typeof name === 'string' ? name : '',
          type,
          bytes,
        })
        response.status(isNew ? 201 : 200).json(file satisfies RecordFile)
      },
    },
    {
      method: 'GET',
      path: '/api/record-files/:fileId',
      permission: 'registers.read',
      summary: 'The bytes of a file of a record',
      handler: async (request, response, actor) => answerPhoto(response, await registers.file(actor, idOfPath(request.params.fileId))),
    },
  ]
}
