import { IMPORT_MAX_BYTES, XLSX_TYPE } from '@roomkeeper/shared/http'
import { invalidInput } from '../photos/photo-answers.ts'
import type { Registers } from '../registers/registers.ts'
import { disposition } from '../reports/send-report.ts'
import type { ExtraRoute } from './http-server.ts'

/** Reading a register in from Excel, and the empty sheet for it. Who may is asked of the register. */
export function registerImportRoutes({ registers }: { registers: Pick<Registers, 'importSheet' | 'importTemplate'> }): ExtraRoute[] {
  return [
    {
      method: 'POST',
      path: '/api/registers/:register/import',
      permission: 'registers.read',
      summary: `Read records in from an Excel file (.xlsx, up to ${IMPORT_MAX_BYTES / 1e6} MB) as the body. ?apply=0 only tells what would change; ?apply=1 changes it, with &only=good leaving out the rows that are wrong`,
      body: { types: [XLSX_TYPE, 'application/octet-stream'], maxBytes: IMPORT_MAX_BYTES },
      handler: async (request, response, actor) => {
        const { apply = '0', only } = request.query
        if (apply !== '0' && apply !== '1') throw invalidInput('apply', '须为 0 或 1 / Must be 0 or 1')
        if (only !== undefined && only !== 'good') throw invalidInput('only', '须为 good / Must be good')
        if (!Buffer.isBuffer(request.body)) throw invalidInput('file', '没有文件 / No file')
        const report = await registers.importSheet(actor, {
          register: String(request.params.register),
          bytes: request.body,
          apply: apply === '0' ? 'look' : only === 'good' ? 'good' : 'all',
        })
        response.json(report)
      },
    },
    {
      method: 'GET',
      path: '/api/registers/:register/import-template.xlsx',
      permission: 'registers.read',
      summary: 'An empty Excel file to fill in for the import of a register',
      handler: async (request, response, actor) => {
        const { title, bytes } = await registers.importTemplate(actor, String(request.params.register))
        response.setHeader('content-type', XLSX_TYPE)
        response.setHeader('content-disposition', disposition(`${title}导入模板.xlsx`, 'template.xlsx'))
        response.setHeader('cache-control', 'no-store')
        response.send(bytes)
      },
    },
  ]
}
