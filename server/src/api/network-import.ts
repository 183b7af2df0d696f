import { IMPORT_MAX_BYTES, XLSX_TYPE } from '@roomkeeper/shared/http'
import { importNetwork, type NetworkImportDeps, type NetworkSheet, networkTemplate } from '../network/import/import-network.ts'
import { invalidInput } from '../photos/photo-answers.ts'
import { disposition } from '../reports/send-report.ts'
import type { ExtraRoute } from './http-server.ts'

/** Reading the IP table and the switch ports in from Excel, and the empty sheets for it. */
export function networkImportRoutes(deps: NetworkImportDeps): ExtraRoute[] {
  return (['addresses', 'switch-ports'] as const).flatMap((sheet) => routesOf(deps, sheet))
}

function routesOf(deps: NetworkImportDeps, sheet: NetworkSheet): ExtraRoute[] {
  const what = sheet === 'addresses' ? 'the IP table' : 'switch ports'
  return [
    {
      method: 'POST',
      path: `/api/${sheet}/import`,
      permission: 'network.write',
      summary: `Read ${what} in from an Excel file (.xlsx, up to ${IMPORT_MAX_BYTES / 1e6} MB) as the body. ?apply=0 only tells what would change; ?apply=1 changes it, with &only=good leaving out the rows that are wrong`,
      body: { types: [XLSX_TYPE, 'application/octet-stream'], maxBytes: IMPORT_MAX_BYTES },
      handler: async (request, response, actor) => {
        const { apply = '0', only } = request.query
        if (apply !== '0' && apply !== '1') throw invalidInput('apply', '须为 0 或 1 / Must be 0 or 1')
        if (only !== undefined && only !== 'good') throw invalidInput('only', '须为 good / Must be good')
        if (!Buffer.isBuffer(request.body)) throw invalidInput('file', '没有文件 / No file')
        const how = apply === '0' ? 'look' : only === 'good' ? 'good' : 'all'
        response.json(await importNetwork(deps, actor, { sheet, bytes: request.body, apply: how }))
      },
    },
    {
      method: 'GET',
      path: `/api/${sheet}/import-template.xlsx`,
      permission: 'network.write',
      summary: `An empty Excel file to fill in for the import of ${what}`,
      handler: async (_request, response) => {
        const { title, bytes } = await networkTemplate(deps.db, sheet)
        response.setHeader('content-type', XLSX_TYPE)
        response.setHeader('content-disposition', disposition(`${title}导入模板.xlsx`, 'template.xlsx'))
        response.setHeader('cache-control', 'no-store')
        response.send(bytes)
      },
    },
  ]
}
